"""What was computed, in full detail: every leaf, every operation, every use of a value."""
