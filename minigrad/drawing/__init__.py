"""The computation graph as a picture: ``mg.draw(loss).save("graph.svg")``.

`picture` decides what is drawn (boxes, arrows, frames), `labels` what it says, `dot` how it looks, and
`render` turns it into SVG, PNG or PDF. The first two know the engine and nothing of Graphviz, the last
two know Graphviz and nothing of the engine.
"""

from minigrad.drawing.drawing import Drawing, draw

__all__ = ["Drawing", "draw"]
