"""Numbers from one end to another: evenly spaced, on a logarithmic scale, and in a geometric sequence.

With t from 0 to 1, each number is (1 − t) start + t stop, or startᵗ and stop¹⁻ᵗ multiplied: so both ends are exact.
"""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from minigrad.array_checks import NUMBERS
from minigrad.core.dispatch import implements
from minigrad.device import device_of, to_device
from minigrad.rules.convert_arguments import as_array, shape_of
from minigrad.rules.elementwise.complex import is_real
from minigrad.rules.elementwise.powers import power
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.manipulation.shape import reshape
from minigrad.rules.manipulation.transpose import moveaxis
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["geomspace", "linspace", "logspace"]


def _ends(name: str, *ends: Array) -> list[Array]:
    """Both ends, with Python's numbers as they are: they have no dtype that would widen the other's."""
    return [end if type(end) in NUMBERS else as_array(end, name, *ends) for end in ends]


def _intervals(name: str, num: Any, endpoint: bool) -> int:
    """The number of intervals between the two ends."""
    if index(num) < 0:
        raise ValueError(f"{name}: got num={num}, expected a number of samples, 0 or more")
    return index(num) - bool(endpoint)


def _fractions(num: int, intervals: int, *ends: Array) -> Array:
    """t = 0, 1/n, 2/n … along a first axis, followed by the axes of the ends, in their precision."""
    dtype = np.result_type(0.0, *(end if type(end) in NUMBERS else end.dtype for end in ends))
    t = (np.arange(index(num)) / max(intervals, 1)).astype(np.empty(0, dtype).real.dtype)
    device = next((where for end in ends if (where := device_of(end)) != "cpu"), "cpu")
    return to_device(t.reshape(t.size, *[1] * max(len(shape_of(end)) for end in ends)), device)


def _finished(y: Array, dtype: DTypeLike | None, axis: int) -> Array:
    """With its axis where it should be, and in this dtype; whole numbers are rounded down, and have no derivative."""
    y = moveaxis(y, 0, axis)
    if dtype is None:
        return y
    return astype(np.floor(y) if np.issubdtype(dtype, np.integer) else y, dtype, copy=False)


@implements(np.linspace)
def linspace(
    start: Array,
    stop: Array,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Any:
    """Evenly spaced numbers from `start` to `stop`: ``(1 − t) start + t stop``, for t from 0 to 1.

    Arguments:
        start, stop: numbers or arrays, which broadcast.
        num: how many.
        endpoint: whether `stop` is the last of them; if not, it would be the next.
        retstep: whether to return the distance between two neighbours, too.
        dtype: that of the result; of whole numbers it is a plain array, for they have no derivative.
        axis: the axis of the result along which they lie.

    Returns:
        An array of shape ``(num, …)``, followed by the axes of the ends; with `retstep` a pair.

    Raises:
        ValueError: if `num` is negative.

    >>> import minigrad as mg
    >>> stop = mg.Tensor(8.0, requires_grad=True)
    >>> y = mg.linspace(0.0, stop, 5)
    >>> y.data
    array([0., 2., 4., 6., 8.])
    >>> y.sum().backward()
    >>> float(stop.grad)
    2.5
    """
    start, stop = _ends("linspace", start, stop)
    intervals = _intervals("linspace", num, endpoint)
    t = _fractions(num, intervals, start, stop)
    y = _finished((1 - t) * start + t * stop, dtype, axis)
    if not retstep:
        return y
    return y, (stop - start) / (intervals if intervals > 0 else np.nan)


@implements(np.logspace)
def logspace(
    start: Array,
    stop: Array,
    num: int = 50,
    endpoint: bool = True,
    base: Array = 10.0,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Array:
    """Evenly spaced on a logarithmic scale: ``base ** linspace(start, stop, num)``.

    Arguments are those of `linspace`.

    Arguments:
        base: the base of the powers; an array broadcasts with the ends.

    >>> import minigrad as mg
    >>> mg.logspace(mg.Tensor(0.0), 3.0, 4)
    Tensor([   1.,   10.,  100., 1000.])
    """
    (base,) = _ends("logspace", base)
    exponents = linspace(start, stop, num, endpoint)
    missing = len(shape_of(base)) + 1 - exponents.ndim
    if missing > 0:
        exponents = reshape(exponents, (exponents.shape[0], *[1] * missing, *exponents.shape[1:]))
    return _finished(power(base, exponents), dtype, axis)


@implements(np.geomspace)
def geomspace(
    start: Array, stop: Array, num: int = 50, endpoint: bool = True, dtype: DTypeLike | None = None, axis: int = 0
) -> Array:
    """A geometric sequence from `start` to `stop`: each number is the same multiple of the one before it.

    Two negative ends give negative numbers, and complex ends a spiral.

    Arguments are those of `linspace`.

    Raises:
        ValueError: if an end is 0, which no multiple reaches, or `num` is negative.

    >>> import minigrad as mg
    >>> mg.geomspace(mg.Tensor(1.0), 8.0, 4)
    Tensor([1., 2., 4., 8.])
    """
    start, stop = (as_array(end, "geomspace", start, stop) for end in (start, stop))
    if np.any(start == 0) or np.any(stop == 0):
        raise ValueError("geomspace: an end is 0, which no multiple of another number reaches; linspace takes it")
    t = _fractions(num, _intervals("geomspace", num, endpoint), start, stop)
    if is_real(start) and is_real(stop) and np.all(start > 0):
        return _finished(start ** (1 - t) * stop**t, dtype, axis)
    # −1, or of a complex number that of length 1; a constant, for the product does not depend on it
    direction = np.sign(unwrap(start))
    return _finished(direction * ((start / direction) ** (1 - t) * (stop / direction) ** t), dtype, axis)
