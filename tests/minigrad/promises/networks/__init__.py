"""Promises about networks, and how they are trained."""
