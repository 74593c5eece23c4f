"""A scene as SVG: one text for light and dark, without scripts and without anything from elsewhere."""

from minigrad.drawing.formats.svg.document import svg

__all__ = ["svg"]
