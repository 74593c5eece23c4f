"""A box and its text: how large it is, and the items that it is drawn with."""
