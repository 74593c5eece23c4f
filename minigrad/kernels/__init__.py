"""Array code that computes values and has no gradients; the folders mirror those of the rules."""
