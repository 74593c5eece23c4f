"""Fourier transforms along an axis.

The matrix of the Fourier transform is symmetric. So its transpose, which carries the error signal back, is
the Fourier transform itself: x̄ = fft(ȳ).
"""

from __future__ import annotations

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from minigrad.core.dispatch import implements
from minigrad.core.primitive import Primitive
from minigrad.kernels.axes import index_along
from minigrad.rules.builtin_axes import along_axis
from minigrad.rules.convert_arguments import as_array, as_integer, shape_of
from minigrad.rules.elementwise.complex import conj
from minigrad.rules.manipulation.indexing import scatter
from minigrad.typing import Array

__all__ = ["fft", "fftshift", "hfft", "ifft", "ifftshift", "ihfft", "irfft", "rfft"]


# ---------------------------------------------------------------- the rules
def _crop_or_pad(x: Array, n: int, axis: int) -> Array:
    """The first n values along an axis, or all of them followed by zeros."""
    length = x.shape[axis]
    first = index_along(axis, slice(0, min(n, length)))
    if n <= length:
        return x if n == length else x[first]
    return scatter(x, index=first, shape=(*x.shape[:axis], n, *x.shape[axis + 1 :]))


def _half_spectrum(z: Array, n: int, axis: int) -> Array:
    """The n // 2 + 1 frequencies of a real signal; those that a mirror image repeats count twice."""
    z = _crop_or_pad(z, n // 2 + 1, axis)
    mirrored = index_along(axis, slice(1, (n + 1) // 2))
    return z + scatter(z[mirrored], index=mirrored, shape=z.shape)


_fft = Primitive(
    "fft",
    np.fft.fft,
    lambda y_bar, y, x, n, axis, norm: _crop_or_pad(np.fft.fft(y_bar, n, axis, norm), x.shape[axis], axis),
    axes=along_axis,
)
_ifft = Primitive(
    "ifft",
    np.fft.ifft,
    lambda y_bar, y, x, n, axis, norm: _crop_or_pad(np.fft.ifft(y_bar, n, axis, norm), x.shape[axis], axis),
    axes=along_axis,
)
_rfft = Primitive(  # half of fft(x): the error signal of the other half is 0. x̄ is real, like x
    "rfft",
    np.fft.rfft,
    lambda y_bar, y, x, n, axis, norm: _crop_or_pad(np.fft.fft(y_bar, n, axis, norm), x.shape[axis], axis),
    axes=along_axis,
)
_irfft = Primitive(
    "irfft",
    np.fft.irfft,
    lambda y_bar, y, z, n, axis, norm: _crop_or_pad(
        _half_spectrum(np.fft.ifft(y_bar, n, axis, norm), n, axis), z.shape[axis], axis
    ),
    axes=along_axis,
)
_fftshift: Primitive = Primitive("fftshift", np.fft.fftshift, lambda y_bar, y, x, axes: np.fft.ifftshift(y_bar, axes))
_ifftshift: Primitive = Primitive("ifftshift", np.fft.ifftshift, lambda y_bar, y, x, axes: np.fft.fftshift(y_bar, axes))


# ---------------------------------------------------------------- along one axis
def _transform(primitive: Primitive, x: Array, n: int | None, axis: int, norm: str | None) -> Array:
    shape = shape_of(x)
    axis = normalize_axis_index(axis, len(shape))
    if n is not None:
        n = as_integer(f"{primitive.name}: n", n)
    else:
        n = shape[axis] if primitive is not _irfft else 2 * (shape[axis] - 1)
    if n < 1:
        raise ValueError(
            f"{primitive.name}: got n = {n} along axis {axis} of shape {shape}, expected at least 1"
            + ("; pass the length of the signal: irfft(z, n)" if primitive is _irfft and shape[axis] else "")
        )
    if primitive is _rfft and hasattr(x, "dtype") and x.dtype.kind == "c":
        raise TypeError(f"rfft: expected a real signal, got {x.dtype}; mg.fft takes complex ones")
    return primitive(x, n=n, axis=axis, norm=norm)


@implements(np.fft.fft)
def fft(x: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """The discrete Fourier transform yₖ = Σⱼ xⱼ e^(−2πi jk/n), the frequencies of a signal.

    Arguments:
        x: real or complex.
        n: the length to which `x` is cropped or zero-padded along the axis.
        norm: which transform has the factor 1/n: ``"backward"``, the inverse; ``"forward"``, this one; ``"ortho"``,
            1/√n in both.

    Returns:
        Complex numbers: frequency 0, the positive ones, then the negative ones.

    Raises:
        ValueError: if n < 1, or `norm` is unknown.
        TypeError: if n is not a whole number.

    >>> import minigrad as mg
    >>> mg.real(mg.fft(mg.Tensor([1.0, 0.0, -1.0, 0.0])))
    Tensor([0., 2., 0., 2.])
    """
    return _transform(_fft, x, n, axis, norm)


@implements(np.fft.ifft)
def ifft(x: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """The inverse of `fft`: the signal with these frequencies.

    Arguments and errors are those of `fft`.

    >>> import minigrad as mg
    >>> mg.real(mg.ifft(mg.fft(mg.Tensor([1.0, 2.0, 4.0, 8.0]))))
    Tensor([1., 2., 4., 8.])
    """
    return _transform(_ifft, x, n, axis, norm)


@implements(np.fft.rfft)
def rfft(x: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """`fft` of a real signal: the frequencies 0 … n/2, without the negative ones, which mirror them.

    Arguments and errors are those of `fft`.

    Returns:
        Complex numbers, n // 2 + 1 along the axis.

    Raises:
        TypeError: if `x` is complex.

    A sine with three periods in 64 samples has all its power at frequency 3. The gradient of that power is
    proportional to the sine itself:

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
    """The inverse of `rfft`: the real signal with these frequencies.

    Arguments and errors are those of `fft`.

    Arguments:
        n: the length of the signal; by default 2 (m − 1) for m frequencies, which is even.

    >>> import minigrad as mg
    >>> mg.irfft(mg.rfft(mg.Tensor([1.0, 2.0, 4.0])), 3)
    Tensor([1., 2., 4.])
    """
    return _transform(_irfft, z, n, axis, norm)


# ---------------------------------------------------------------- Hermitian signals
def _opposite(name: str, norm: str | None) -> str:
    """The norm of the inverse transform that has the factor of this one."""
    opposite = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}
    if norm not in opposite:
        raise ValueError(f'{name}: got norm={norm!r}, expected "backward", "ortho" or "forward"')
    return opposite[norm]


@implements(np.fft.hfft)
def hfft(x: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """`fft` of a signal whose values at −t are the conjugates of those at t, given for t ≥ 0: its spectrum is real.

    Arguments and errors are those of `fft`.

    Arguments:
        n: the number of frequencies; by default 2 (m − 1) for m values, which is even.

    Returns:
        Real numbers, n along the axis.

    >>> import minigrad as mg
    >>> mg.hfft(mg.Tensor([1.0, 2.0, 3.0]))
    Tensor([ 8., -2.,  0., -2.])
    """
    return irfft(conj(as_array(x, "hfft")), n, axis, _opposite("hfft", norm))


@implements(np.fft.ihfft)
def ihfft(x: Array, n: int | None = None, axis: int = -1, norm: str | None = None) -> Array:
    """The inverse of `hfft`: the values at t ≥ 0 of the signal with this real spectrum.

    Arguments and errors are those of `rfft`.

    >>> import minigrad as mg
    >>> mg.real(mg.ihfft(mg.Tensor([8.0, -2.0, 0.0, -2.0])))
    Tensor([1., 2., 3.])
    """
    return conj(rfft(x, n, axis, _opposite("ihfft", norm)))


# ---------------------------------------------------------------- the order of frequencies
@implements(np.fft.fftshift)
def fftshift(x: Array, axes: int | tuple[int, ...] | None = None) -> Array:
    """Move frequency 0 to the middle, after the negative ones: along one axis, several, or all.

    >>> import minigrad as mg
    >>> mg.fftshift(mg.Tensor([0.0, 1.0, 2.0, -2.0, -1.0]))
    Tensor([-2., -1.,  0.,  1.,  2.])
    """
    return _fftshift(x, axes=axes)


@implements(np.fft.ifftshift)
def ifftshift(x: Array, axes: int | tuple[int, ...] | None = None) -> Array:
    """The inverse of `fftshift`, which moves frequency 0 to the front. The two differ for odd lengths.

    >>> import minigrad as mg
    >>> mg.ifftshift(mg.Tensor([-2.0, -1.0, 0.0, 1.0, 2.0]))
    Tensor([ 0.,  1.,  2., -2., -1.])
    """
    return _ifftshift(x, axes=axes)
