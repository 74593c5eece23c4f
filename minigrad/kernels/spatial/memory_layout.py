"""Where the pixels of an image lie in memory while it is scanned.

With stride 1, what lies under one element of a filter at all positions is one run of memory: the image, shifted.
A run takes in what lies between the end of one row of positions and the beginning of the next, which nobody wants;
but copying long runs is several times as fast as copying rows, and the surplus is a few per cent. So that a run
never leaves the image, padding is written between its rows; one border serves both the row before and the one
behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

from numpy.lib.stride_tricks import as_strided

from minigrad.kernels.spatial.windows import Borders, Sizes, output_size


@dataclass(frozen=True)
class Layout:
    """Numbers of elements, not of bytes."""

    size: Sizes
    positions: Sizes
    origin: int  # from the beginning of a channel to its first pixel, over the padding
    steps: Sizes  # from one pixel to the next along each axis
    length: int  # of a channel
    taps: Sizes  # from one element of the filter to the next along each axis
    run: Sizes  # what is copied for one element of the filter: (length,) with stride 1, else the positions
    run_steps: Sizes
    place_steps: Sizes  # from one position to the next along each axis, within a run

    def pixels(self, channels: Any) -> Any:
        """The images within channels (N, C, length), as a view."""
        return strided(channels[..., self.origin :], (*channels.shape[:2], *self.size), self.steps)

    def windows(self, channels: Any, kernel: Sizes) -> Any:
        """What lies under each element of the filter: a view (C, *kernel, N, *run) of channels (N, C, length)."""
        samples, between = channels.shape[:2], _elements(channels)[:2]
        shape = (samples[1], *kernel, samples[0], *self.run)
        steps = (between[1], *self.taps, between[0], *self.run_steps)
        return as_strided(channels, shape, [n * channels.itemsize for n in steps])

    def places(self, runs: Any, samples: int) -> Any:
        """The positions within runs (C, N · run): a view (N, C, *positions)."""
        channels, length = len(runs), prod(self.run)
        steps = (length, samples * length, *self.place_steps)
        return as_strided(runs, (samples, channels, *self.positions), [n * runs.itemsize for n in steps])


@lru_cache(maxsize=256)  # a layer asks for the same one in every step
def layout(size: Sizes, kernel: Sizes, stride: Sizes, padding: Borders, dilation: Sizes) -> Layout:
    """The layout of images of this size for this scan."""
    positions = output_size(size, kernel, stride, padding, dilation)
    steps = [1]
    for n, border, m in list(zip(size, padding, positions, strict=True))[:0:-1]:
        steps.insert(0, steps[0] * max(n + max(border), m))
    origin = sum(before * step for (before, _), step in zip(padding, steps, strict=True))
    length = 1 + sum((n + sum(border) - 1) * step for n, border, step in zip(size, padding, steps, strict=True))
    taps = tuple(d * step for d, step in zip(dilation, steps, strict=True))
    if max(stride) == 1:
        run: Sizes = (1 + sum((m - 1) * step for m, step in zip(positions, steps, strict=True)),)
        run_steps: Sizes = (1,)
        place_steps = tuple(steps)
    else:
        run, run_steps = positions, tuple(s * step for s, step in zip(stride, steps, strict=True))
        place_steps = tuple(prod(positions[i + 1 :]) for i in range(len(positions)))
    return Layout(size, positions, origin, tuple(steps), length, taps, run, run_steps, place_steps)


def strided(x: Any, shape: Sizes, steps: Sizes) -> Any:
    """A view with other last axes, `steps` elements apart; the first two as they are."""
    between = _elements(x)[:2]
    return as_strided(x, shape, [n * x.itemsize for n in (*between, *steps)])


def _elements(x: Any) -> Sizes:
    return tuple(n // x.itemsize for n in x.strides)
