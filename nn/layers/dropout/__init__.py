"""Dropout: of elements, of whole channels, and for networks that normalize themselves."""
