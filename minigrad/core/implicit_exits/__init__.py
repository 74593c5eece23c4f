"""Leaving the graph unasked: where a Tensor becomes numbers, and nobody has written that it should."""
