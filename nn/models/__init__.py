"""Well-known models."""
