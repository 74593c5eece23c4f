"""Promises about graphs: leaving them, and threads."""
