"""Fourier transforms along several axes, one axis after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.signal.fft import fft, ifft, irfft, rfft
from minigrad.typing import Array

__all__ = ["fft2", "fftn", "ifft2", "ifftn", "irfft2", "irfftn", "rfft2", "rfftn"]

_LAST_TWO = (-2, -1)


def _axes_and_lengths(
    name: str, x: Array, s: Sequence[int] | None, axes: Sequence[int] | None
) -> list[tuple[int, int | None]]:
    """Each axis, and the length of the signal along it; ``None`` where `s` is not given."""
    if axes is None:
        axes = range(-len(x.shape if s is None else s), 0)
    if s is not None and len(s) != len(axes):
        raise ValueError(f"{name}: got s={s}, expected one length for each of the axes {tuple(axes)}")
    if s is None:
        return [(axis, None) for axis in axes]
    pairs = zip(axes, s, strict=True)
    return [(axis, x.shape[normalize_axis_index(axis, x.ndim)] if n == -1 else n) for axis, n in pairs]


# ---------------------------------------------------------------- of complex arrays
@implements(np.fft.fftn)
def fftn(x: Array, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str | None = None) -> Array:
    """`fft` along several axes, by default all: the spatial frequencies of an image.

    Arguments:
        s: the length of each axis, to which `x` is cropped or zero-padded; −1 keeps it.

    >>> import minigrad as mg
    >>> mg.real(mg.fftn(mg.Tensor([[1.0, 2.0], [3.0, 4.0]])))
    Tensor([[10., -2.],
            [-4.,  0.]])
    """
    x = as_array(x, "fftn")
    for axis, n in reversed(_axes_and_lengths("fftn", x, s, axes)):  # the last axis first, like NumPy
        x = fft(x, n, axis, norm)
    return x


@implements(np.fft.ifftn)
def ifftn(
    x: Array, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str | None = None
) -> Array:
    """The inverse of `fftn`, with the same arguments.

    >>> import minigrad as mg
    >>> mg.real(mg.ifftn(mg.fftn(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))))
    Tensor([[1., 2.],
            [3., 4.]])
    """
    x = as_array(x, "ifftn")
    for axis, n in reversed(_axes_and_lengths("ifftn", x, s, axes)):
        x = ifft(x, n, axis, norm)
    return x


@implements(np.fft.fft2)
def fft2(x: Array, s: Sequence[int] | None = None, axes: Sequence[int] = _LAST_TWO, norm: str | None = None) -> Array:
    """`fftn` along the last two axes: for each image in a batch.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.fft2(np.ones((3, 4, 4))).shape
    (3, 4, 4)
    """
    return fftn(x, s, axes, norm)


@implements(np.fft.ifft2)
def ifft2(x: Array, s: Sequence[int] | None = None, axes: Sequence[int] = _LAST_TWO, norm: str | None = None) -> Array:
    """The inverse of `fft2`, with the same arguments.

    >>> import minigrad as mg
    >>> mg.real(mg.ifft2(mg.fft2(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))))
    Tensor([[1., 2.],
            [3., 4.]])
    """
    return ifftn(x, s, axes, norm)


# ---------------------------------------------------------------- of real arrays
@implements(np.fft.rfftn)
def rfftn(
    x: Array, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str | None = None
) -> Array:
    """`fftn` of a real array, without the negative frequencies of the last axis, which mirror the others.

    Arguments are those of `fftn`.

    Returns:
        Complex numbers, n // 2 + 1 along the last of the axes.

    Raises:
        TypeError: if `x` is complex.
        ValueError: if there are no axes.

    >>> import minigrad as mg
    >>> mg.real(mg.rfftn(mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])))
    Tensor([[21., -3.],
            [-9.,  0.]])
    """
    x = as_array(x, "rfftn")
    *others, (axis, n) = _at_least_one("rfftn", _axes_and_lengths("rfftn", x, s, axes))
    x = rfft(x, n, axis, norm)
    for axis, n in reversed(others):
        x = fft(x, n, axis, norm)
    return x


@implements(np.fft.irfftn)
def irfftn(
    x: Array, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str | None = None
) -> Array:
    """The inverse of `rfftn`: the real array with these frequencies.

    Arguments:
        s: the lengths of the result; along the last of the axes by default 2 (m − 1) for m frequencies, which is even.

    >>> import minigrad as mg
    >>> mg.irfftn(mg.rfftn(mg.Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])), (2, 3))
    Tensor([[1., 2., 3.],
            [4., 5., 6.]])
    """
    x = as_array(x, "irfftn")
    *others, (axis, n) = _at_least_one("irfftn", _axes_and_lengths("irfftn", x, s, axes))
    for other, length in others:
        x = ifft(x, length, other, norm)
    return irfft(x, n, axis, norm)


def _at_least_one(name: str, axes: list[tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    if not axes:
        raise ValueError(f"{name}: got no axes, expected at least one, of which half the frequencies are left out")
    return axes


@implements(np.fft.rfft2)
def rfft2(x: Array, s: Sequence[int] | None = None, axes: Sequence[int] = _LAST_TWO, norm: str | None = None) -> Array:
    """`rfftn` along the last two axes: for each image in a batch.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.rfft2(np.ones((3, 4, 4))).shape
    (3, 4, 3)
    """
    return rfftn(x, s, axes, norm)


@implements(np.fft.irfft2)
def irfft2(x: Array, s: Sequence[int] | None = None, axes: Sequence[int] = _LAST_TWO, norm: str | None = None) -> Array:
    """The inverse of `rfft2`, with the arguments of `irfftn`.

    >>> import minigrad as mg
    >>> mg.irfft2(mg.rfft2(mg.Tensor([[1.0, 2.0], [3.0, 4.0]])))
    Tensor([[1., 2.],
            [3., 4.]])
    """
    return irfftn(x, s, axes, norm)
