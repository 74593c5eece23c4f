"""Where everything goes: the widths of text, Graphviz for the places, rows that fit the screen."""

from minigrad.drawing.layout.arrange import arrange, fits
from minigrad.drawing.layout.errors import TooLargeError
from minigrad.drawing.layout.graphviz.program import NO_GRAPHVIZ, NoGraphvizError

__all__ = ["NO_GRAPHVIZ", "NoGraphvizError", "TooLargeError", "arrange", "fits"]
