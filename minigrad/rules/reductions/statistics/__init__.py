"""Statistics: of one variable, and of several together."""
