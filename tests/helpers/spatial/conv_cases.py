"""Convolutions drawn by Hypothesis: every argument, along one, two and three axes, in small sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

import minigrad as mg

__all__ = [
    "CONV_CASES", "CONV_TRANSPOSE_CASES", "MODES", "ConvCase", "conv", "conv_cases", "conv_transpose",
    "conv_transpose_cases",
]  # fmt: skip

#: The padding modes, and their names in `np.pad`.
MODES: dict[str, Any] = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}

_LARGEST = {1: 8, 2: 6, 3: 4}  # size of an image; fewer pixels along more axes


@dataclass(frozen=True)
class ConvCase:
    """The shapes and settings of a convolution, or of a transposed one, and the seed of its arrays."""

    x_shape: tuple[int, ...]
    w_shape: tuple[int, ...]
    params: dict[str, Any]  # keywords of the public functions
    out_channels: int
    seed: int

    @property
    def axes(self) -> int:
        return len(self.x_shape) - 2

    def arrays(self, dtype: Any = np.float64) -> tuple[Any, Any, Any]:
        """Images, filters and a bias."""
        rng = np.random.default_rng(self.seed)
        x, w, b = (rng.normal(size=shape).astype(dtype) for shape in (self.x_shape, self.w_shape, (self.out_channels,)))
        return x, w, b

    def signal(self, like: Any) -> Any:
        """An error signal of the output."""
        return np.random.default_rng(self.seed + 1).normal(size=like.shape).astype(like.dtype)


@st.composite
def conv_cases(draw: Any, axes: int, most: int = 3) -> ConvCase:
    """A filter that fits, with groups, padding and dilation of up to `most`."""
    number = st.integers(1, most)
    groups, channels, filters = draw(number), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    size = [draw(st.integers(1, _LARGEST[axes])) for _ in range(axes)]
    padding = [(draw(st.integers(0, most)), draw(st.integers(0, most))) for _ in range(axes)]
    kernel, dilation = [], []
    for n, pair in zip(size, padding, strict=True):
        spans = n + sum(pair)
        kernel.append(draw(st.integers(1, min(4, spans))))
        dilation.append(draw(st.integers(1, min(most, (spans - 1) // max(kernel[-1] - 1, 1)) or 1)))
    params = {
        "stride": tuple(draw(number) for _ in range(axes)),
        "padding": tuple(padding),
        "dilation": tuple(dilation),
        "groups": groups,
    }
    shape = (draw(st.integers(1, 2)), groups * channels, *size)
    return ConvCase(shape, (groups * filters, channels, *kernel), params, groups * filters, draw(st.integers(0, 99)))


@st.composite
def conv_transpose_cases(draw: Any, axes: int, most: int = 3) -> ConvCase:
    """A transposed convolution whose padding does not cut off all of the output."""
    number = st.integers(1, most)
    groups, channels, filters = draw(number), draw(st.integers(1, 2)), draw(st.integers(1, 2))
    size = [draw(st.integers(1, _LARGEST[axes] - 2)) for _ in range(axes)]
    kernel, stride, dilation = ([draw(number) for _ in range(axes)] for _ in range(3))
    padding = []
    for n, f, s, d in zip(size, kernel, stride, dilation, strict=True):
        spare = (n - 1) * s + d * (f - 1)
        before = draw(st.integers(0, min(most, spare)))
        padding.append((before, draw(st.integers(0, min(most, spare - before)))))
    params = {
        "stride": tuple(stride),
        "padding": tuple(padding),
        "output_padding": tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True)),
        "dilation": tuple(dilation),
        "groups": groups,
    }
    shape = (draw(st.integers(1, 2)), groups * channels, *size)
    return ConvCase(shape, (groups * channels, filters, *kernel), params, groups * filters, draw(st.integers(0, 99)))


CONV_CASES = st.integers(1, 3).flatmap(conv_cases)
CONV_TRANSPOSE_CASES = st.integers(1, 3).flatmap(conv_transpose_cases)


def conv(x: Any, w: Any, b: Any = None, **params: Any) -> Any:
    """The public function for the number of axes that the filters have."""
    return getattr(mg, f"conv{len(w.shape) - 2}d")(x, w, b, **params)


def conv_transpose(x: Any, w: Any, b: Any = None, **params: Any) -> Any:
    """The public function for the number of axes that the filters have."""
    return getattr(mg, f"conv_transpose{len(w.shape) - 2}d")(x, w, b, **params)
