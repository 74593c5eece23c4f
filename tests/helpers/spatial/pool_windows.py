"""Images along one, two or three axes, and windows that fit them, drawn by Hypothesis for the tests of pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

__all__ = ["pooled_images", "windows", "with_ceil_mode"]


@st.composite
def windows(
    draw: Any, *, axes: int | None = None, dilated: bool = True, padded: bool = True, as_pytorch: bool = False
) -> dict[str, Any]:
    """The size of an image, and a window with at least one position on it, none of them in the padding alone.

    Arguments:
        as_pytorch: whether both sides have the same padding, at most half of the window without its dilation.
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
    """Images of this size: with few different numbers if `ties` are wanted, or else with distinct ones."""
    shape = (draw(st.integers(1, 2)), draw(st.integers(1, 2)), *size)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    if ties:
        return rng.integers(-2, 2, shape).astype(float)
    return rng.permutation(int(np.prod(shape))).reshape(shape) / 4 + 0.1


def with_ceil_mode(window: dict[str, Any]) -> Any:
    """The padding of a drawn window, with room after the image for a last one that starts inside."""
    wider = []
    for n, f, s, (before, after) in zip(*(window[key] for key in ("size", "kernel", "stride", "padding")), strict=True):
        starts = [a for a in range(-before, n, s) if a == -before or a - s + f < n + after]
        wider.append((before, max(after, starts[-1] + f - n)))
    return tuple(wider)
