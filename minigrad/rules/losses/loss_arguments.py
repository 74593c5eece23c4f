"""Arguments that losses share: outputs and targets, weights, settings, and the reduction."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.array_checks import shown
from minigrad.core.tensor import Tensor
from minigrad.device import refuse_mixed
from minigrad.kernels.complex import require_real
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.reductions.statistics.moments import mean
from minigrad.rules.reductions.sum import sum
from minigrad.typing import Array

__all__ = [
    "as_number",
    "as_signs",
    "as_weights",
    "check_reduction",
    "in_precision_of",
    "named",
    "reduce",
    "same_shapes",
]

_REDUCTIONS = ("mean", "sum", "none")


def same_shapes(
    name: str, y: Array, target: Array, words: tuple[str, str] = ("output", "target")
) -> tuple[Array, Array]:
    """Outputs and targets of the same shape, in the precision of the outputs, where these are floating.

    Arguments:
        words: what errors call the two.

    Raises:
        TypeError: for complex numbers.
        ValueError: if the shapes differ; broadcasting would compare every output with every target.
    """
    y = as_array(y, name, target)
    t = as_array(target, name, y)
    if y.shape != t.shape:
        fits = [n for n in y.shape if n > 1] == [n for n in t.shape if n > 1]
        raise ValueError(
            f"{name}: {words[0]} has shape {y.shape}, but {words[1]} {t.shape}; they must be the same"
            + (f": {words[1]}.reshape({y.shape})" if fits else "")
        )
    dtype = y.dtype
    if t.dtype is dtype and dtype.kind != "c" and t is target:  # the usual case
        return y, t
    require_real(y, name)
    require_real(t, name)
    t = in_precision_of(y, t)
    return y, t if t is target else named(t, words[1][0], y)


def named(x: Array, name: str, y: Array) -> Array:
    """A constant array with a name for derivations, where the output is a Tensor; a number needs none."""
    if not isinstance(y, Tensor) or x.size < 2 or (isinstance(x, Tensor) and (x.requires_grad or x.name)):
        return x
    return Tensor(x, name=name)


def in_precision_of(y: Array, x: Array) -> Array:
    """x in the precision of the outputs: a target of float64, or of whole numbers, would widen those of float32."""
    if x.dtype == y.dtype or y.dtype.kind != "f":
        return x
    if isinstance(x, Tensor) and not x.requires_grad:
        return Tensor(x, dtype=y.dtype, name=x.name)
    return astype(x, y.dtype)


def as_signs(name: str, target: Array, y: Array) -> Array:
    """Targets that are −1 or 1, in the precision of the outputs.

    Raises:
        TypeError: if their gradient is asked for.
        ValueError: if one has another value.
    """
    target = as_array(target, name, y)
    signs = unwrap(target)
    if getattr(target, "requires_grad", False):
        raise TypeError(f"{name}: a target is -1 or 1, and so has no gradient; pass target.detach()")
    if not np.all((signs == 1) | (signs == -1)):
        zero_or_one = bool(np.all((signs == 0) | (signs == 1)))
        swapped = bool(np.all(abs(unwrap(y)) == 1))
        raise ValueError(
            f"{name}: targets are -1 or 1, got {signs.min():g} … {signs.max():g}"
            + ("; for 0 and 1, write 2 * target - 1" if zero_or_one else "")
            + ("; the outputs come first, and then the targets" if swapped else "")
        )
    return in_precision_of(y, target)


def as_weights(name: str, weight: Array, y: Array, what: str = "weight") -> Array:
    """Weights in the precision of the outputs.

    Raises:
        TypeError: for complex numbers.
        ValueError: if they do not broadcast to the shape of the outputs.
    """
    given, weight = weight, as_array(weight, name, y)
    require_real(weight, name)
    refuse_mixed(name, unwrap(y), unwrap(weight))
    n = len(weight.shape)
    if n > len(y.shape) or any(w not in (1, m) for w, m in zip(weight.shape, y.shape[len(y.shape) - n :], strict=True)):
        raise ValueError(
            f"{name}: {what} has shape {weight.shape}, but the outputs have {y.shape}; it must broadcast to theirs"
        )
    weight = in_precision_of(y, weight)
    return weight if weight is given else named(weight, what[0], y)


def as_number(
    name: str, value: Any, expected: str = "a finite number", fits: Callable[[Any], bool] = math.isfinite
) -> float:
    """A setting as one of Python's numbers, which do not widen float32.

    Arguments:
        name: the function and the setting: ``"huber_loss: delta"``.
        expected, fits: which numbers fit, in words and as a test.

    Raises:
        TypeError: if it is not a number; a Tensor is not, for its gradient would be lost.
        ValueError: if it does not fit.
    """
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool):
        raise TypeError(f"{name} is {shown(value)}, expected {expected}")
    if not fits(value):
        raise ValueError(f"{name} is {value}, expected {expected}")
    return float(value)


def check_reduction(name: str, reduction: Any, *others: str) -> None:
    """Raise a ValueError if it is not the name of a reduction, a TypeError if it is not text."""
    if isinstance(reduction, str) and (reduction in _REDUCTIONS or reduction in others):
        return
    quoted = [f'"{one}"' for one in (*_REDUCTIONS, *others)]
    expected = f"{', '.join(quoted[:-1])} or {quoted[-1]}"
    if isinstance(reduction, str):
        raise ValueError(f"{name}: reduction is {expected}, got {reduction!r}")
    raise TypeError(
        f"{name}: reduction is {expected}, got {shown(reduction)}; other arguments are passed by keyword, weight=…"
    )


def reduce(losses: Array, reduction: str) -> Array:
    """The mean of the losses, their sum, or one by one."""
    return losses if reduction == "none" else mean(losses) if reduction == "mean" else sum(losses)
