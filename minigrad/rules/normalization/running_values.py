"""Running means and variances: constants in evaluation, which take a step towards those of each batch in training."""

from __future__ import annotations

import numpy as np

from minigrad.core.primitive import Primitive
from minigrad.kernels.normalization import standardize as kernels
from minigrad.rules.builtin_axes import elementwise
from minigrad.rules.convert_arguments import refuse_gradient
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.nondifferentiable import unwrap
from minigrad.rules.normalization.arguments import per_channel
from minigrad.typing import Array

__all__ = ["moved", "running_values", "standardize_by"]


#: y = (x − m) a + b, in one pass over x.
_affine: Primitive = Primitive(
    "affine",
    kernels.affine,
    lambda y_bar, y, x, m, a, b=None: y_bar * a,
    lambda y_bar, y, x, m, a, b=None: -y_bar * a,
    lambda y_bar, y, x, m, a, b=None: y_bar * (x - m),
    lambda y_bar, y, x, m, a, b=None: y_bar,
    axes=elementwise,
)


def running_values(name: str, mean: Array, variance: Array, x: Array) -> tuple[Array, Array] | None:
    """Both running values, with axes to broadcast against `x`; ``None`` if there are none.

    Raises:
        ValueError: if there is one of them alone, or one has another shape.
        TypeError: if one requires gradients.
    """
    if mean is None and variance is None:
        return None
    if mean is None or variance is None:
        missing = "running_mean" if mean is None else "running_var"
        raise ValueError(f"{name}: {missing} is missing; pass running_mean and running_var, or neither")
    for what, array in (("running_mean", mean), ("running_var", variance)):
        refuse_gradient(name, what, array, f"pass {what}.data")
    return per_channel(name, "running_mean", mean, x), per_channel(name, "running_var", variance, x)


def moved(old: Array, new: Array, momentum: float) -> Array:
    """The running value, a step towards the new one: shape (C,), in the precision of the old one."""
    old = unwrap(old).ravel()
    value = (1 - momentum) * old + momentum * new.ravel()
    return value.astype(old.dtype) if old.dtype.kind == "f" else value


def standardize_by(x: Array, mean: Array, variance: Array, weight: Array, bias: Array, eps: float) -> Array:
    """(x − μ) γ/σ + β with given μ and σ = √(Var + ε), which are brought to the precision of x."""
    sigma = np.sqrt(variance + eps)
    if x.dtype != sigma.dtype:
        mean, sigma = astype(mean, x.dtype), astype(sigma, x.dtype)
    scale = 1 / sigma if weight is None else weight / sigma
    return _affine(x, mean, scale, *(() if bias is None else (bias,)))
