"""The names in a printed line of Python: every operation of minigrad by its name."""

from minigrad.core.primitive import primitives
from minigrad.notation.python import LITERALS


def namespace():
    return {primitive.name: primitive for primitive in reversed(list(primitives()))} | LITERALS  # minigrad's own win
