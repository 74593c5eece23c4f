"""Targets that are class numbers, and weights of classes."""

from __future__ import annotations

import numpy as np

from minigrad.device import refuse_mixed
from minigrad.kernels.complex import require_real
from minigrad.kernels.losses.one_hot import class_axis
from minigrad.rules.convert_arguments import as_array
from minigrad.rules.losses.loss_arguments import in_precision_of, named
from minigrad.rules.nondifferentiable import unwrap
from minigrad.typing import Array

__all__ = ["class_numbers", "class_weights", "targets_as_array"]


def targets_as_array(name: str, target: Array, z: Array) -> Array:
    """The targets as an array; text is refused, with how to number it."""
    try:
        return as_array(target, name, z)
    except TypeError:
        if np.asarray(target).dtype.kind not in "US":
            raise
        raise TypeError(
            f"{name}: the targets are text, expected class numbers{' or probabilities' * (name == 'cross_entropy')}; "
            "number them: names, target = np.unique(target, return_inverse=True)"
        ) from None


def class_numbers(name: str, target: Array, y: Array) -> Array:
    """Targets that are class numbers, as an array of integers.

    Raises:
        TypeError: if they are not integers.
    """
    labels = targets_as_array(name, unwrap(target), y)
    refuse_mixed(name, unwrap(y), labels)
    if labels.dtype.kind not in "iub":
        swapped = y.dtype.kind in "iub"
        raise TypeError(
            f"{name}: targets are class numbers, integers, got {labels.dtype}"
            + (f"; the outputs come first: {name}(y, target)" if swapped else "; write target.astype(int)")
        )
    return labels


def class_weights(name: str, weight: Array, z: Array) -> Array:
    """Weights of the classes, in the precision of the outputs and so that they broadcast with them.

    Raises:
        TypeError: for complex numbers.
        ValueError: if there is not one for each class.
    """
    axis = class_axis(z.ndim)
    given, weight = weight, as_array(weight, name, z)
    require_real(weight, name)
    if weight.shape != (z.shape[axis],):
        raise ValueError(
            f"{name}: weight has shape {weight.shape}, expected ({z.shape[axis]},): one for each class of outputs of "
            f"shape {z.shape}"
        )
    refuse_mixed(name, unwrap(z), unwrap(weight))
    weight = in_precision_of(z, weight)
    weight = weight if weight is given else named(weight, "w", z)
    return weight if axis == -1 else weight.reshape((-1,) + (1,) * (z.ndim - 2))
