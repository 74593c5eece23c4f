"""The computation graph as a picture: ``mg.draw(loss).save("graph.svg")``.

`picture` decides what is drawn (boxes, arrows, frames), `labels` what the boxes say, `dot` how they look, and
`render` turns the result into SVG, PNG or PDF. The first two depend on the engine but not on Graphviz, the last two
on Graphviz but not on the engine.
"""

from minigrad.drawing.draw import Drawing, draw
from minigrad.drawing.record import record

__all__ = ["Drawing", "draw", "record"]
