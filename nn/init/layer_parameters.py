"""The initial parameters of new layers: drawn as PyTorch does, or by the function that the layer was given."""

from __future__ import annotations

import math
from collections.abc import Callable
from inspect import signature
from types import ModuleType
from typing import Any

import numpy as np

import minigrad as mg
from nn import init as functions
from nn.init.fill import drawn
from nn.init.room import take_room
from nn.module import Parameter

__all__ = ["initial_bias", "initial_weight", "uniform_fan_in"]


def uniform_fan_in(shape: tuple[int, ...], fan_in: int, *, dtype: Any, rng: np.random.Generator) -> Parameter:
    """A parameter drawn uniformly from ±1/√fan_in, where fan_in is the number of inputs of one unit.

    The output of a unit is then about as large as its inputs, however many they are. PyTorch initializes its linear
    and convolutional layers in the same way.

    Source: LeCun, Bottou, Orr, Müller, "Efficient BackProp", 1998.
    """
    take_room(shape)
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    parameter = Parameter(np.zeros((), dtype))
    parameter.data = drawn(lambda n: rng.uniform(-bound, bound, n), shape, dtype)  # as it is, and not a copy
    return parameter


def initial_weight(
    layer: str,
    shape: tuple[int, ...],
    fan_in: int,
    *,
    init: Callable[..., Any] | None,
    dtype: Any,
    rng: np.random.Generator,
) -> Parameter:
    """The weight of a new layer: by ``init(weight, rng=rng)`` if it was given, and otherwise by `uniform_fan_in`.

    Raises:
        TypeError: if `init` is not such a function; `layer` begins the message.
    """
    if init is None:
        return uniform_fan_in(shape, fan_in, dtype=dtype, rng=rng)
    _check_init(layer, init)
    take_room(shape)
    weight = Parameter(np.zeros(shape), dtype=dtype)
    returned = init(weight, rng=rng)
    if returned is not None and returned is not weight:
        raise TypeError(
            f"{layer}: init has to change the weight that it is given, and returned a {type(returned).__name__} "
            "instead; set weight.data = …, and return the weight or nothing"
        )
    return weight


def initial_bias(
    shape: tuple[int, ...],
    fan_in: int,
    *,
    init: Callable[..., Any] | None,
    dtype: Any,
    rng: np.random.Generator,
) -> Parameter:
    """The bias of a new layer: 0 if the layer was given an `init`, and otherwise drawn by `uniform_fan_in`."""
    if init is None:
        return uniform_fan_in(shape, fan_in, dtype=dtype, rng=rng)
    take_room(shape)
    return Parameter(np.zeros(shape), dtype=dtype)


def _check_init(layer: str, init: Any) -> None:
    """Raise a TypeError, unless it can be called with a weight and a generator."""
    if not callable(init) or isinstance(init, ModuleType):
        named = init.lower().replace("he_", "kaiming_").replace("glorot_", "xavier_") if isinstance(init, str) else "-"
        meant = next((name for name in functions.__all__ if name.startswith(named)), "kaiming_normal_")
        kind = "module" if isinstance(init, ModuleType) else type(init).__name__
        given = repr(init) if isinstance(init, str) else f"a {kind}"
        called = "" if not isinstance(init, mg.Tensor) else "; without brackets, for the layer calls it"
        raise TypeError(f"{layer}: init is {given}, expected a function: init=nn.init.{meant}{called}")
    try:
        signature(init).bind(None, rng=None)
    except ValueError:  # one of C, without a signature, or a partial one, whose own error says more
        pass
    except TypeError as error:
        raise TypeError(
            f"{layer}: init is called as init(weight, rng=rng), and {_name(init)} cannot be called so: {error}; write "
            "def init(weight, rng): …, or give its other arguments by functools.partial(nn.init.normal_, std=0.01)"
        ) from None


def _name(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)
