"""Parameters that are not drawn: constants, and layers that return their input."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import real_number, whole_number
from nn.init.fill import check_tensor, fill
from nn.unsupported import explains_calls

__all__ = ["constant_", "dirac_", "eye_", "ones_", "zeros_"]


@explains_calls
def constant_(tensor: mg.Tensor, val: float, *, rng: Any = None) -> mg.Tensor:  # noqa: ARG001
    """Set all numbers of a parameter to `val`; return it.

    Arguments:
        tensor: a Parameter, or another leaf of floating-point numbers. It keeps its shape, dtype and device.
        val: a finite number.
        rng: nothing is drawn; a layer calls all functions of this module in the same way.

    Raises:
        TypeError: if `tensor` is not a Tensor of floating-point numbers.
        ValueError: if it was computed, or `val` is not finite.

    >>> import nn
    >>> nn.init.constant_(nn.Linear(2, 3).bias, 0.1).data.tolist() == [float(np.float32(0.1))] * 3
    True
    """
    check_tensor("constant_", tensor)
    return fill(tensor, np.full(tensor.shape, real_number("constant_: val", val), tensor.dtype))


@explains_calls
def zeros_(tensor: mg.Tensor, *, rng: Any = None) -> mg.Tensor:  # noqa: ARG001
    """Set all numbers of a parameter to 0, as of a bias; return it: as `constant_`.

    A layer whose weights are all 0 stays so in the hidden layers of a network: its units all get the same gradient.

    >>> import nn
    >>> nn.init.zeros_(nn.Linear(2, 3).bias).data.tolist()
    [0.0, 0.0, 0.0]
    """
    check_tensor("zeros_", tensor)
    return fill(tensor, np.zeros(tensor.shape, tensor.dtype))


@explains_calls
def ones_(tensor: mg.Tensor, *, rng: Any = None) -> mg.Tensor:  # noqa: ARG001
    """Set all numbers of a parameter to 1, as of a scale; return it: as `constant_`.

    >>> import nn
    >>> nn.init.ones_(nn.Linear(2, 3).bias).data.tolist()
    [1.0, 1.0, 1.0]
    """
    check_tensor("ones_", tensor)
    return fill(tensor, np.ones(tensor.shape, tensor.dtype))


@explains_calls
def eye_(tensor: mg.Tensor, *, rng: Any = None) -> mg.Tensor:  # noqa: ARG001
    """Set a weight to the identity, 1 on the diagonal: a linear layer that returns its input; as `constant_`.

    Raises:
        TypeError, ValueError: as `constant_`, and if the weight does not have two axes.

    >>> import nn
    >>> nn.init.eye_(nn.Linear(2, 3).weight).data.tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    check_tensor("eye_", tensor)
    if tensor.ndim != 2:
        hint = "; for a convolution write nn.init.dirac_(weight)" if tensor.ndim in (3, 4, 5) else ""
        raise ValueError(f"eye_: expected a weight of two axes, (out, in), got shape {tensor.shape}{hint}")
    out_features, in_features = tensor.shape
    return fill(tensor, np.eye(out_features, in_features))


@explains_calls
def dirac_(tensor: mg.Tensor, groups: int = 1, *, rng: Any = None) -> mg.Tensor:  # noqa: ARG001
    """Set the filters of a convolution to 1 in the middle of their own channel: the layer returns its input.

    With padding that keeps the size, filter i returns channel i, in each of the groups. Filters without a channel of
    their own are 0.

    Arguments:
        tensor, rng: as for `constant_`; the weight of a convolution, ``(out, in, *kernel)``.
        groups: those of the convolution.

    Raises:
        TypeError, ValueError: as `constant_`, and if the weight is not that of a convolution, or `groups` does not
            divide its filters.

    >>> import nn, numpy as np
    >>> same = nn.Conv2d(3, 3, 3, padding=1, init=nn.init.dirac_)
    >>> x = np.arange(48.0).reshape(1, 3, 4, 4)
    >>> np.array_equal(same(x), x)
    True
    """
    check_tensor("dirac_", tensor)
    groups = whole_number("dirac_: groups", groups, least=1)
    if tensor.ndim not in (3, 4, 5):
        hint = "; for a linear layer write nn.init.eye_(weight)" if tensor.ndim == 2 else ""
        raise ValueError(f"dirac_: expected the weight of a convolution, (out, in, *kernel), got {tensor.shape}{hint}")
    out_channels, in_channels, *kernel = tensor.shape
    if out_channels % groups:
        raise ValueError(f"dirac_: groups={groups} does not divide the {out_channels} filters")
    values = np.zeros(tensor.shape)
    per_group = out_channels // groups
    for group in range(groups):
        for i in range(min(per_group, in_channels)):
            values[group * per_group + i, i, *(n // 2 for n in kernel)] = 1
    return fill(tensor, values)
