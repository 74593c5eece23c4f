"""What batch and instance normalization share: settings, γ and β for each channel, and running values."""

from __future__ import annotations

from inspect import signature
from typing import Any, ClassVar

import numpy as np

import minigrad as mg
from nn.hyperparameters import Setting, finite_number, whole_number
from nn.init.room import take_room
from nn.module import Buffer, Module, Parameter
from nn.typing import Array
from nn.unsupported import is_ours

__all__ = ["INPUTS", "ChannelNorm", "shown"]

INPUTS = {1: "sequences (N, C, L)", 2: "images (N, C, H, W)", 3: "volumes (N, C, D, H, W)"}
_KERAS = 0.9  # a weight of the new batch as large as this is Keras's momentum, which is that of the old value


def _momentum(what: str, value: Any) -> float | None:
    """The weight of a batch in the running values, or ``None`` for their plain mean."""
    if value is None:
        return None
    weight = finite_number(what, value, most=1)
    if weight >= _KERAS:
        mg.user_frame.warn(
            f"{what} is {weight:g}, the weight of the new batch in the running values, as in PyTorch; Keras's momentum "
            f"is the weight of the old value: write momentum={1 - weight:.3g} for it"
        )
    return weight


def _averaged(old: Array, new: Array, count: Any) -> Array:
    """The mean of `count` values, of which `old` is that of all but the last."""
    weight = 1 / count
    return (1 - weight).astype(old.dtype) * old + weight.astype(old.dtype) * new


def shown(layer: Any, first: str) -> str:
    """The first arguments, and those of the others that differ from the defaults of the constructor."""
    constructor = signature(next(filter(is_ours, type(layer).__mro__)))  # a user's subclass may have another one
    defaults = {name: p.default for name, p in constructor.parameters.items() if p.default is not p.empty}
    defaults.pop("dtype", None)  # of the parameters, which repr does not show
    values = {name: getattr(layer, name) for name in defaults}
    if "bias" in values:  # which there is not without γ either
        values["bias"] = layer.bias is not None or layer.weight is None
    return ", ".join([first, *(f"{name}={value!r}" for name, value in values.items() if value != defaults[name])])


class ChannelNorm(Module):
    """A normalization of channels, with running values if they are tracked.

    The defaults are those of batch normalization.

    Attributes:
        axes: the number of axes of positions.
    """

    axes: ClassVar[int]
    momentum = Setting(_momentum)
    eps = Setting(finite_number)

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
        dtype: Any = np.float32,
    ) -> None:
        self.num_features = whole_number(f"{type(self).__name__}: num_features", num_features, least=1)
        self.eps, self.momentum = eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        take_room((4, num_features))
        ones, zeros = np.ones(num_features), np.zeros(num_features)
        self.weight = Parameter(ones, dtype=dtype) if affine else None
        self.bias = Parameter(zeros, dtype=dtype) if affine and bias else None
        self.running_mean = Buffer(zeros, dtype=dtype) if track_running_stats else None
        self.running_var = Buffer(ones, dtype=dtype) if track_running_stats else None
        self.num_batches_tracked = Buffer(np.array(0, np.int64)) if track_running_stats else None

    def normalized(self, x: Array, function: Any, training: bool) -> Array:
        """``function(x, running_mean, running_var, weight, bias, training, momentum, eps)``.

        In training, the running values take a step towards those of the batch.
        """
        mean, var, steps = self.running_mean, self.running_var, self.num_batches_tracked
        if mean is None or var is None or steps is None:
            return function(x, None, None, self.weight, self.bias, True, eps=self.eps)
        if not training:
            return function(x, mean, var, self.weight, self.bias, False, eps=self.eps)
        tracked = steps.data + 1
        momentum = 1.0 if self.momentum is None else self.momentum
        y, new_mean, new_var = function(x, mean, var, self.weight, self.bias, True, momentum, self.eps)
        if self.momentum is None:
            new_mean, new_var = _averaged(mean.data, new_mean, tracked), _averaged(var.data, new_var, tracked)
        if x.size:
            mean.data, var.data, steps.data = new_mean, new_var, tracked
        return y

    def check_shape(self, shape: tuple[int, ...], ranks: dict[int, str]) -> None:
        """Raise a ValueError unless the input has a number of axes that is a key of `ranks`, and the right channels.

        Arguments:
            ranks: what inputs with this number of axes are.
        """
        name = type(self).__name__
        expected = f"{' or '.join(ranks.values())} with C = {self.num_features}"
        if len(shape) not in ranks:
            kind, known = name[:-2], len(shape) - 2 in INPUTS
            hint = f"; for this shape there is {kind}{len(shape) - 2}d" if known else ""
            hint = "; of one sample, write x[None]" if len(shape) == 1 else hint
            raise ValueError(f"{name}: got an input of shape {shape}, expected {expected}{hint}")
        channels = shape[0] if "N" not in ranks[len(shape)] else shape[1]
        if channels != self.num_features:
            raise ValueError(
                f"{name}: got an input with {channels} channels (shape {shape}), expected {expected}; did you mean "
                f"{name}({channels})?"
            )

    def extra_repr(self) -> str:
        """The arguments, without defaults."""
        return shown(self, f"{self.num_features}")
