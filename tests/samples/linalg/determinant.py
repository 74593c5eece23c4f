"""Samples of determinants."""
