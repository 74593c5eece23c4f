"""Less or more detail in places: what is folded and unfolded by name, repeated, or too large for a screen."""
