"""Arrows: pairs that run side by side, their curves, heads and labels, their ways between rows."""
