"""The keywords that reductions share."""
