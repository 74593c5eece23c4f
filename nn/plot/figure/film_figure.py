"""A figure that is a film if it is saved as a GIF; as `matplotlib_figure`, imported only for drawing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from nn.plot.figure.matplotlib_figure import PlotFigure

__all__ = ["FilmFigure"]

_LAST = 3  # times as long as the others
_DPI = 100


class FilmFigure(PlotFigure):
    """All pictures side by side; ``savefig("film.gif")`` shows one after the other.

    Attributes:
        frame: a figure of one of them: of its first axes, the first text is its name, and its images change.
        frame_names: of the pictures.
        frame_images: for each of them the arrays of its images.
    """

    frame: Any = None
    frame_names: list[str]
    frame_images: list[Any]

    def savefig(self, fname: Any, *, seconds_per_frame: float = 0.5, **options: Any) -> None:
        """Save the figure; as a GIF, if the name ends in ``.gif``, the film: its last frame stays three times as long.

        Arguments:
            fname: the name of a file.
            seconds_per_frame: how long each picture of a GIF stays.
            options: Matplotlib's.

        Raises:
            ValueError: if the time is not between 0.02 and 600 seconds.
            OSError: if the file cannot be written; one that was there before is unchanged.
            ModuleNotFoundError: if Pillow is not installed, for a GIF.
        """
        named = isinstance(fname, str | os.PathLike)
        if not (options.get("format") == "gif" or (named and Path(fname).suffix.lower() == ".gif")):
            super().savefig(fname, **options)
            return
        data = self.gif(seconds_per_frame=seconds_per_frame, dpi=options.get("dpi"))
        if named:
            mg.files.write_file(fname, data)
        else:
            fname.write(data)

    def gif(self, *, seconds_per_frame: float = 0.5, dpi: float | str | None = None) -> bytes:
        """The bytes of the film; a notebook shows them by ``IPython.display.Image(figure.gif())``."""
        if not 0.02 <= seconds_per_frame <= 600:
            raise ValueError(f"seconds_per_frame={seconds_per_frame!r} should be between 0.02 and 600.")
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.frame.set_dpi(_DPI if dpi is None or dpi == "figure" else dpi)
        canvas: Any = FigureCanvasAgg(self.frame)
        axes, frames = self.frame.axes[0], []
        for name, images in zip(self.frame_names, self.frame_images, strict=True):
            axes.texts[0].set_text(name)
            for shown, image in zip(axes.images, images, strict=True):
                shown.set_data(image)
            canvas.draw()
            frames.append(np.asarray(canvas.buffer_rgba())[..., :3].copy())
        time = round(1000 * seconds_per_frame)
        return mg.files.animated_gif(frames, [time] * (len(frames) - 1) + [_LAST * time])
