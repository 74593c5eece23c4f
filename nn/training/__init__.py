"""Training: the loop, what it measures, and its progress bar."""
