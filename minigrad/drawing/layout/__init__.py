"""Where everything goes: the widths of text, Graphviz for the places, rows that fit the screen."""

from minigrad.drawing.layout.arrange import arrange
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.graphviz.program import NO_GRAPHVIZ, NoGraphvizError
from minigrad.drawing.layout.quality import READABLE, fits

__all__ = ["NO_GRAPHVIZ", "READABLE", "NoGraphvizError", "TooLargeError", "arrange", "fits"]
