"""Parameters drawn from a distribution that is given: uniform, normal, truncated normal."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import finite_number, real_number
from nn.init.fill import check_tensor, drawn, fill
from nn.unsupported import explains_calls

__all__ = ["normal_", "trunc_normal_", "uniform_"]


@explains_calls
def uniform_(tensor: mg.Tensor, a: float = 0.0, b: float = 1.0, *, rng: Any = None) -> mg.Tensor:
    """Draw a parameter uniformly from [a, b); return it.

    Arguments:
        tensor: a Parameter, or another leaf of floating-point numbers. It keeps its shape, dtype and device.
        a, b: the lower and the upper bound.
        rng: seed or generator, as for `numpy.random.default_rng`.

    Raises:
        TypeError: if `tensor` is not a floating-point Tensor, or a bound not a number.
        ValueError: if `tensor` was computed, or a > b.

    >>> import nn, numpy as np
    >>> w = nn.init.uniform_(nn.Parameter(np.zeros((100, 50))), -0.1, 0.1, rng=0)
    >>> bool(abs(w.data).max() <= 0.1)
    True
    """
    check_tensor("uniform_", tensor)
    a, b = _bounds("uniform_", a, b)
    rng = np.random.default_rng(rng)
    return fill(tensor, drawn(lambda n: rng.uniform(a, b, n), tensor.shape, tensor.dtype))


@explains_calls
def normal_(tensor: mg.Tensor, mean: float = 0.0, std: float = 1.0, *, rng: Any = None) -> mg.Tensor:
    """Draw a parameter from the normal distribution N(mean, std²); return it.

    Arguments:
        tensor, rng: as for `uniform_`.
        mean, std: the mean, and the standard deviation of at least 0.

    Raises:
        TypeError, ValueError: as `uniform_`, and if `std` is negative.

    >>> import nn, numpy as np
    >>> w = nn.init.normal_(nn.Parameter(np.zeros((100, 50))), std=0.01, rng=0)
    >>> bool(0.0097 < w.data.std() < 0.0103)
    True
    """
    check_tensor("normal_", tensor)
    mean, std = real_number("normal_: mean", mean), finite_number("normal_: std", std)
    rng = np.random.default_rng(rng)
    return fill(tensor, drawn(lambda n: rng.normal(mean, std, n), tensor.shape, tensor.dtype))


@explains_calls
def trunc_normal_(
    tensor: mg.Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0, *, rng: Any = None
) -> mg.Tensor:
    """Draw a parameter from N(mean, std²), without the values outside [a, b]; return it.

    The bounds are values, not multiples of `std`: for two standard deviations of 0.02 write ``a=-0.04, b=0.04``.

    Arguments:
        tensor, rng: as for `uniform_`.
        mean, std: those of the distribution before it is truncated; `std` is greater than 0.
        a, b: the least and the greatest value.

    Raises:
        TypeError, ValueError: as `uniform_`, and if `std` is not positive, or a = b.

    >>> import nn, numpy as np
    >>> w = nn.init.trunc_normal_(nn.Parameter(np.zeros((100, 50))), std=0.02, a=-0.04, b=0.04, rng=0)
    >>> bool(abs(w.data).max() <= 0.04)
    True
    """
    check_tensor("trunc_normal_", tensor)
    mean, std = real_number("trunc_normal_: mean", mean), finite_number("trunc_normal_: std", std)
    a, b = _bounds("trunc_normal_", a, b)
    if std == 0 or a == b:
        raise ValueError(
            f"trunc_normal_: std={std:g} and a={a:g}, b={b:g} leave one value; write nn.init.constant_(w, {mean:g})"
        )
    rng, low, high = np.random.default_rng(rng), (a - mean) / std, (b - mean) / std

    def draw(n: int) -> Any:
        return np.clip(mean + std * _truncated_normal(n, low, high, rng), a, b)

    return fill(tensor, drawn(draw, tensor.shape, tensor.dtype))


def _truncated_normal(n: int, low: float, high: float, rng: np.random.Generator) -> Any:
    """Numbers of the standard normal distribution between two bounds, which may both lie far from its mean.

    By rejection: of z, drawn uniformly, the share that its density has of the greatest density in the interval is kept.
    """
    center = min(max(low, 0.0), high)  # where the density is greatest
    reach = math.sqrt(center**2 + 80)  # beyond it, the density is smaller by more than exp(−40)
    low, high = max(low, -reach), min(high, reach)
    z = np.empty(n)
    missing = np.arange(n)
    while missing.size:
        z[missing] = drawn = rng.uniform(low, high, missing.size)
        missing = missing[rng.random(missing.size) > np.exp((center**2 - drawn**2) / 2)]
    return z


def _bounds(name: str, a: Any, b: Any) -> tuple[float, float]:
    a, b = real_number(f"{name}: a", a), real_number(f"{name}: b", b)
    if a > b:
        raise ValueError(f"{name}: the lower bound a={a:g} is greater than the upper bound b={b:g}")
    return a, b
