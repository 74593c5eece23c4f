"""``mg.compile``: the forward and the backward pass of a function written out as a program."""
