"""Losses of arrays, where a formula of several NumPy functions would overflow, lose digits or take longer."""
