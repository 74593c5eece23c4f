"""Promises about kinds of numbers."""
