"""How large initial weights should be: by the inputs and outputs of a unit, and the gain of its activation."""

from __future__ import annotations

import math

import minigrad as mg
from nn.hyperparameters import real_number
from nn.unsupported import explains_calls

__all__ = ["calculate_gain", "fans"]

#: The gain of an activation; that of a leaky ReLU depends on its slope.
_GAINS = {
    "linear": 1.0,
    **{f"conv{n}d": 1.0 for n in (1, 2, 3)},
    **{f"conv_transpose{n}d": 1.0 for n in (1, 2, 3)},
    "sigmoid": 1.0,
    "tanh": 5 / 3,
    "relu": math.sqrt(2),
    "selu": 3 / 4,
}


@explains_calls
def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which weights before an activation should be larger than those before none.

    An activation makes its inputs smaller; a ReLU halves their mean square, which weights of √2 times the size make up
    for. PyTorch's table: 1 for ``"linear"``, a convolution and ``"sigmoid"``, 5/3 for ``"tanh"``, √2 for ``"relu"``,
    √(2 / (1 + slope²)) for ``"leaky_relu"``, 3/4 for ``"selu"``.

    Arguments:
        nonlinearity: the name of the activation.
        param: the slope of a leaky ReLU for negative inputs, 0.01 if not given.

    Raises:
        ValueError: if there is no such activation in the table.

    >>> import nn
    >>> nn.init.calculate_gain("leaky_relu", 1.0)
    1.0
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else real_number("calculate_gain: param", param)
        return math.sqrt(2 / (1 + slope**2))
    if nonlinearity not in _GAINS:
        known = [*_GAINS, "leaky_relu"]
        close = mg.unsupported.closest(nonlinearity, known) if isinstance(nonlinearity, str) else None
        raise ValueError(
            f"calculate_gain: nonlinearity is {nonlinearity!r}, "
            + (f"did you mean {close!r}?" if close else f"expected one of {', '.join(map(repr, known))}")
        )
    return _GAINS[nonlinearity]


def fans(name: str, tensor: mg.Tensor) -> tuple[int, int]:
    """fan_in and fan_out of a weight: the numbers of inputs and of outputs that a unit is connected with.

    They are read from its shape (out, in, *kernel), as PyTorch does: in · kernel and out · kernel, also where a
    transposed convolution has the channels in the other order, and where groups divide them.

    Raises:
        ValueError: if the shape has less than two axes.
    """
    if tensor.ndim < 2:
        raise ValueError(
            f"{name}: a weight has at least two axes, (out, in), from which the fan is counted, and this Tensor has "
            f"shape {tensor.shape}; for a bias write nn.init.zeros_(bias), or nn.init.uniform_(bias, -bound, bound)"
        )
    out_units, in_units, *kernel = tensor.shape
    return in_units * math.prod(kernel), out_units * math.prod(kernel)
