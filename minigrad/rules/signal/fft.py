"""Signals: Fourier transforms, convolution of sequences, interpolation between samples.

The matrix of the Fourier transform is symmetric. So its transpose, which carries the error signal back, is
the Fourier transform itself: x̄ = fft(ȳ). The convolution of sequences and their correlation are each
other's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.axes import index_along
from minigrad.rules.arguments import as_array, shape_of
from minigrad.rules.manipulation.indexing import scatter
from minigrad.typing import Array

__all__ = ["fft", "fft2", "fftn", "fftshift", "ifft", "ifft2", "ifftn", "ifftshift", "irfft", "rfft"]


# ---------------------------------------------------------------- Fourier transforms
def _resized(x: Array, n: int, axis: int) -> Array:
    """The first n values along an axis, or all and zeros behind them."""
    length = x.shape[axis]
    first = index_along(axis, slice(0, min(n, length)))
    if n <= length:
        return x if n == length else x[first]
    return scatter(x, index=first, shape=(*x.shape[:axis], n, *x.shape[axis + 1 :]))


def _half(z: Array, n: int, axis: int) -> Array:
    """The frequencies of a real signal of length n; those with a mirror image in the other half count twice."""
    z = _resized(z, n // 2 + 1, axis)
    mirrored = index_along(axis, slice(1, (n + 1) // 2))
    return z + scatter(z[mirrored], index=mirrored, shape=z.shape) if n > 2 else z


_fft = Primitive(
    "fft",
    np.fft.fft,
    lambda y_bar, y, x, n, axis, norm: _resized(np.fft.fft(y_bar, n, axis, norm), x.shape[axis], axis),
)
_ifft = Primitive(
    "ifft",
    np.fft.ifft,
    lambda y_bar, y, x, n, axis, norm: _resized(np.fft.ifft(y_bar, n, axis, norm), x.shape[axis], axis),
)
_rfft = Primitive(  # half of fft(x): the other half of the error signal is 0. x is real, and so its error signal
    "rfft",
    np.fft.rfft,
    lambda y_bar, y, x, n, axis, norm: _resized(np.fft.fft(y_bar, n, axis, norm), x.shape[axis], axis),
)
_irfft = Primitive(
    "irfft",
    np.fft.irfft,
    lambda y_bar, y, z, n, axis, norm: _resized(_half(np.fft.ifft(y_bar, n, axis, norm), n, axis), z.shape[axis], axis),
)
_fftshift: Primitive = Primitive("fftshift", np.fft.fftshift, lambda y_bar, y, x, axes: np.fft.ifftshift(y_bar, axes))
_ifftshift: Primitive = Primitive("ifftshift", np.fft.ifftshift, lambda y_bar, y, x, axes: np.fft.fftshift(y_bar, axes))


def _transform(primitive: Primitive, x: Array, n: int | None, axis: int, norm: str | None) -> Array:
    shape = shape_of(x)
    axis = normalize_axis_index(axis, len(shape))
    if n is None:
        n = shape[axis] if primitive is not _irfft else 2 * (shape[axis] - 1)
    if n < 1:
        raise ValueError(
            f"{primitive.name}: a transform of {n} values along axis {axis} of shape {shape}, expected at least 1"
            + ("; say how long the signal was: irfft(z, n)" if primitive is _irfft and shape[axis] else "")
        )
    if primitive is _rfft and hasattr(x, "dtype") and x.dtype.kind == "c":
        raise TypeError(f"rfft: takes a real signal, got {x.dtype}; mg.fft takes complex ones, too")
    return primitive(x, n=int(n), axis=axis, norm=norm)


@implements(np.fft.fft)
def fft(x: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """The discrete Fourier transform: how much of each frequency there is, yₖ = Σⱼ xⱼ e^(−2πi jk/n).

    Arguments:
        x: real or complex.
        n: the length to which `x` is cut, or filled up with zeros, along the axis.
        norm: where the factor 1/n goes: ``"backward"``, into the inverse; ``"forward"``, here; ``"ortho"``, 1/√n
            into both.

    Returns:
        Complex numbers: frequency 0, the positive ones, then the negative ones.

    Raises:
        ValueError: if n < 1, or `norm` is none of these.

    >>> import minigrad as mg
    >>> mg.real(mg.fft(mg.Tensor([1.0, 0.0, -1.0, 0.0])))
    Tensor([0., 2., 0., 2.])
    """
    return _transform(_fft, x, n, axis, norm)


@implements(np.fft.ifft)
def ifft(x: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """The inverse of `fft`: the signal that has these frequencies.

    Arguments and errors as in `fft`.

    >>> import minigrad as mg
    >>> mg.real(mg.ifft(mg.fft(mg.Tensor([1.0, 2.0, 4.0, 8.0]))))
    Tensor([1., 2., 4., 8.])
    """
    return _transform(_ifft, x, n, axis, norm)


@implements(np.fft.rfft)
def rfft(x: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """`fft` of a real signal: the frequencies 0 … n/2, of which the negative ones are the mirror image.

    Arguments and errors as in `fft`.

    Returns:
        Complex numbers, n // 2 + 1 along the axis.

    Raises:
        TypeError: if `x` is complex.

    A sine that swings three times in 64 samples has all its power at frequency 3. Where must the samples move for
    more of it? Along the sine itself:

    >>> import numpy as np
    >>> import minigrad as mg
    >>> time = np.arange(64) / 64
    >>> x = mg.Tensor(0.5 * np.sin(2 * np.pi * 3 * time), requires_grad=True)
    >>> spectrum = mg.rfft(x, norm="forward")
    >>> power = np.abs(spectrum) ** 2
    >>> np.round(power.numpy()[:6], 4)
    array([0.    , 0.    , 0.    , 0.0625, 0.    , 0.    ])
    >>> power[3].backward()
    >>> bool(np.allclose(x.grad, np.sin(2 * np.pi * 3 * time) / 128))
    True
    """
    return _transform(_rfft, x, n, axis, norm)


@implements(np.fft.irfft)
def irfft(z: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """The inverse of `rfft`: the real signal that has these frequencies.

    Arguments and errors as in `fft`.

    Arguments:
        n: the length of the signal; 2 (m − 1) for m frequencies if not given, which is even.

    >>> import minigrad as mg
    >>> mg.irfft(mg.rfft(mg.Tensor([1.0, 2.0, 4.0])), 3)
    Tensor([1., 2., 4.])
    """
    return _transform(_irfft, z, n, axis, norm)


def _along_each(
    function: Callable[..., Any], x: Array, s: Sequence[int] | None, axes: Sequence[int] | None, norm: str | None
) -> Array:
    """A transform along several axes, one after the other, the last one first, as NumPy does it."""
    x = as_array(x, function.__name__)
    if axes is None:
        axes = range(-len(x.shape if s is None else s), 0)
    lengths = [None] * len(axes) if s is None else [None if n == -1 else n for n in s]
    if len(lengths) != len(axes):
        raise ValueError(
            f"{function.__name__}: s={s} has {len(lengths)} lengths, expected one for each of the axes {tuple(axes)}"
        )
    for n, axis in list(zip(lengths, axes, strict=True))[::-1]:
        x = function(x, n, axis, norm)
    return x


@implements(np.fft.fftn)
def fftn(x: Array, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str | None = None) -> Array:
    """`fft` along several axes, or all: how much of each wave there is in an image.

    Arguments:
        s: the length for each axis, to which `x` is cut or filled up with zeros; −1 leaves it.

    >>> import minigrad as mg
    >>> mg.real(mg.fftn(mg.Tensor([[1.0, 2.0], [3.0, 4.0]])))
    Tensor([[10., -2.],
            [-4.,  0.]])
    """
    return _along_each(fft, x, s, axes, norm)


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
    return _along_each(ifft, x, s, axes, norm)


@implements(np.fft.fft2)
def fft2(x: Array, s: Sequence[int] | None = None, axes: Sequence[int] = (-2, -1), norm: str | None = None) -> Array:
    """`fftn` along the last two axes: of each image in a batch.

    >>> import minigrad as mg
    >>> import numpy as np
    >>> mg.fft2(np.ones((3, 4, 4))).shape
    (3, 4, 4)
    """
    return _along_each(fft, x, s, axes, norm)


@implements(np.fft.ifft2)
def ifft2(x: Array, s: Sequence[int] | None = None, axes: Sequence[int] = (-2, -1), norm: str | None = None) -> Array:
    """The inverse of `fft2`, with the same arguments.

    >>> import minigrad as mg
    >>> mg.real(mg.ifft2(mg.fft2(mg.Tensor([[1.0, 2.0], [3.0, 4.0]]))))
    Tensor([[1., 2.],
            [3., 4.]])
    """
    return _along_each(ifft, x, s, axes, norm)


@implements(np.fft.fftshift)
def fftshift(x: Array, axes: int | tuple[int, ...] | None = None) -> Array:
    """Frequency 0 into the middle, the negative ones before it: along one axis, several, or all.

    >>> import minigrad as mg
    >>> mg.fftshift(mg.Tensor([0.0, 1.0, 2.0, -2.0, -1.0]))
    Tensor([-2., -1.,  0.,  1.,  2.])
    """
    return _fftshift(x, axes=axes)


@implements(np.fft.ifftshift)
def ifftshift(x: Array, axes: int | tuple[int, ...] | None = None) -> Array:
    """The inverse of `fftshift`: frequency 0 in front again. For an odd length the two differ.

    >>> import minigrad as mg
    >>> mg.ifftshift(mg.Tensor([-2.0, -1.0, 0.0, 1.0, 2.0]))
    Tensor([ 0.,  1.,  2., -2., -1.])
    """
    return _ifftshift(x, axes=axes)
