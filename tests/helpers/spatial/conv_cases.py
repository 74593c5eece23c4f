"""Convolutions as Hypothesis draws them: every argument, along one, two and three axes, in small sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

import minigrad as mg

__all__ = ["LAYS", "MODES", "SCANS", "Scan", "conv", "conv_transpose", "lays", "scans"]

#: What the padding holds, and how `np.pad` calls it.
MODES: dict[str, Any] = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}

_LARGEST = {1: 8, 2: 6, 3: 4}  # of an image; fewer pixels along more axes


@dataclass(frozen=True)
class Scan:
    """The shapes and settings of a convolution, or of a transposed one, and the numbers in its arrays."""

    x_shape: tuple[int, ...]
    w_shape: tuple[int, ...]
    how: dict[str, Any]  # as the public functions take it
    out: int  # channels that come out
    seed: int

    @property
    def axes(self) -> int:
        return len(self.x_shape) - 2

    def arrays(self, dtype: Any = np.float64) -> tuple[Any, Any, Any]:
        """Images, filters and a bias."""
        rng = np.random.default_rng(self.seed)
        x, w, b = (rng.normal(size=shape).astype(dtype) for shape in (self.x_shape, self.w_shape, (self.out,)))
        return x, w, b

    def signal(self, like: Any) -> Any:
        """An error signal for what comes out."""
        return np.random.default_rng(self.seed + 1).normal(size=like.shape).astype(like.dtype)


@st.composite
def scans(draw: Any, axes: int, most: int = 3) -> Scan:
    """A filter that fits; groups, padding and dilation of up to `most`."""
    some = st.integers(1, most)
    groups, channels, filters = draw(some), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    size = [draw(st.integers(1, _LARGEST[axes])) for _ in range(axes)]
    border = [(draw(st.integers(0, most)), draw(st.integers(0, most))) for _ in range(axes)]
    kernel, dilation = [], []
    for n, pair in zip(size, border, strict=True):
        spans = n + sum(pair)
        kernel.append(draw(st.integers(1, min(4, spans))))
        dilation.append(draw(st.integers(1, min(most, (spans - 1) // max(kernel[-1] - 1, 1)) or 1)))
    how = {
        "stride": tuple(draw(some) for _ in range(axes)),
        "padding": tuple(border),
        "dilation": tuple(dilation),
        "groups": groups,
    }
    shape = (draw(st.integers(1, 2)), groups * channels, *size)
    return Scan(shape, (groups * filters, channels, *kernel), how, groups * filters, draw(st.integers(0, 99)))


@st.composite
def lays(draw: Any, axes: int, most: int = 3) -> Scan:
    """A transposed convolution of which something is left when its border has been cut off."""
    some = st.integers(1, most)
    groups, channels, filters = draw(some), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    size = [draw(st.integers(1, _LARGEST[axes] - 2)) for _ in range(axes)]
    kernel, stride, dilation = ([draw(some) for _ in range(axes)] for _ in range(3))
    border = []
    for n, f, s, d in zip(size, kernel, stride, dilation, strict=True):
        spare = (n - 1) * s + d * (f - 1)
        before = draw(st.integers(0, min(most, spare)))
        border.append((before, draw(st.integers(0, min(most, spare - before)))))
    how = {
        "stride": tuple(stride),
        "padding": tuple(border),
        "output_padding": tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True)),
        "dilation": tuple(dilation),
        "groups": groups,
    }
    shape = (draw(st.integers(1, 2)), groups * channels, *size)
    return Scan(shape, (groups * channels, filters, *kernel), how, groups * filters, draw(st.integers(0, 99)))


SCANS = st.integers(1, 3).flatmap(scans)
LAYS = st.integers(1, 3).flatmap(lays)


def conv(x: Any, w: Any, b: Any = None, **how: Any) -> Any:
    """The public function for as many axes as the filters have."""
    return getattr(mg, f"conv{len(w.shape) - 2}d")(x, w, b, **how)


def conv_transpose(x: Any, w: Any, b: Any = None, **how: Any) -> Any:
    """Likewise."""
    return getattr(mg, f"conv_transpose{len(w.shape) - 2}d")(x, w, b, **how)
