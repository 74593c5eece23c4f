"""Data sets, read from files or downloaded once."""
