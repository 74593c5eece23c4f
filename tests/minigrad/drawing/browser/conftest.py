"""The fonts that viewers of pictures have."""

FONTS = ("Liberation Sans", "DejaVu Sans", "DejaVu Serif")
