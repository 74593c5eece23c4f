"""The figure that all pictures are drawn on; the one module that imports Matplotlib when it is imported."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

__all__ = ["PlotFigure"]


class PlotFigure(Figure):
    """A figure on white that a notebook shows even where nobody has imported pyplot."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, facecolor="white", **options)
        self.suppressComposite = True  # an SVG keeps each image as it is, instead of one blurred sheet

    def _repr_png_(self) -> bytes:
        png = BytesIO()
        self.savefig(png, format="png")
        return png.getvalue()
