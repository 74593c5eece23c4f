"""The mock-ups as pictures, written down by hand: what a drawing of a graph should come to."""

from tests.helpers.pictures.lines import lines
from tests.helpers.pictures.stages import stages

__all__ = ["lines", "stages"]
