"""Graphviz, asked for places alone."""
