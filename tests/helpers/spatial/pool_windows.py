"""What Hypothesis draws for the tests of pooling: images along one, two or three axes, and windows that fit them."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

__all__ = ["pooled_images", "windows"]


@st.composite
def windows(
    draw: Any, *, axes: int | None = None, dilated: bool = True, padded: bool = True, as_pytorch: bool = False
) -> dict[str, Any]:
    """The size of an image, and a window with at least one position on it, none of them in the padding alone.

    Arguments:
        as_pytorch: whether both sides are padded alike, by at most half of a window without dilation.
    """
    axes = axes or draw(st.integers(1, 3))
    size, kernel, stride, padding, dilation = [], [], [], [], []
    for _ in range(axes):
        f, d = draw(st.integers(1, 3)), draw(st.integers(1, 3)) if dilated else 1
        span = d * (f - 1) + 1
        most = 0 if not padded else f // 2 if as_pytorch else span // 2
        before = draw(st.integers(0, most))
        after = before if as_pytorch else draw(st.integers(0, most))
        least = max(span - before - after, d if before or after else 1)
        size.append(draw(st.integers(least, least + (4 if axes < 3 else 2))))
        kernel.append(f)
        stride.append(draw(st.integers(1, 3)))
        padding.append((before, after))
        dilation.append(d)
    return {
        "size": tuple(size), "kernel": tuple(kernel), "stride": tuple(stride), "padding": tuple(padding),
        "dilation": tuple(dilation),
    }  # fmt: skip


@st.composite
def pooled_images(draw: Any, size: tuple[int, ...], *, ties: bool = True) -> Any:
    """Some images of this size; of few different numbers if they may tie, and of distinct ones otherwise."""
    shape = (draw(st.integers(1, 2)), draw(st.integers(1, 2)), *size)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    if ties:
        return rng.integers(-2, 2, shape).astype(float)
    return rng.permutation(int(np.prod(shape))).reshape(shape) / 4 + 0.1
