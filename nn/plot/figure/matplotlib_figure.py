"""The class of all figures; the one module that imports Matplotlib at once, so it is imported only for drawing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

__all__ = ["PlotFigure"]


class PlotFigure(Figure):
    """A figure that has its background in files, too, and that a notebook shows even if pyplot is not imported."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.suppressComposite = True  # an SVG keeps each image, instead of one blurred image of all

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure on its own background, whatever ``savefig.facecolor`` is now."""
        super().savefig(fname, **{"facecolor": "auto", **options})

    def _repr_png_(self) -> bytes:
        png = BytesIO()
        self.savefig(png, format="png")
        return png.getvalue()
