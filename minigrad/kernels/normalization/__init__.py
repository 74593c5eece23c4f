"""Normalization of arrays: the statistics, the normalized values, and their error signals."""
