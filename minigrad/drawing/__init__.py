"""The computation graph as a picture: ``mg.draw(loss).save("graph.svg")``.

Stages, each in a folder of its own, hand on plain data: `graph` finds out what was computed, in full detail; `levels`
says which of it shares a box; `contents` writes what stands in boxes and beside arrows, which makes a `picture`;
`layout` gives everything its place, which makes a `scene`; `formats` writes either down. `draw` puts them together,
`fitting` folds until all can be read, and a `drawing` is what users hold.
"""

from minigrad.drawing.draw import draw
from minigrad.drawing.drawing import Drawing
from minigrad.drawing.graph.recorded_operations import recorded_operations
from minigrad.drawing.record import record

__all__ = ["Drawing", "draw", "record", "recorded_operations"]
