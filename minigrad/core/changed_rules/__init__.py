"""Backward rules that are changed for one sweep."""
