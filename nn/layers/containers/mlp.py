"""MLP: the multilayer perceptron."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nn.hyperparameters import whole_number
from nn.layers.activations.rectifiers import ReLU
from nn.layers.containers.sequential import Sequential
from nn.layers.dropout.dropout import Dropout
from nn.layers.linear import Linear
from nn.module import Module

__all__ = ["MLP"]


class MLP(Sequential):
    """A multilayer perceptron: fully connected layers, with an activation after each but the last.

    Each hidden layer is `Linear`, `norm` if given, `activation`, and `Dropout` if `dropout` is not 0.

    Arguments:
        in_features: the length of an input vector.
        hidden: the number of units in each hidden layer; a number for a single one.
        out_features: the length of an output vector.
        activation: makes the activation of a hidden layer: a class, or a function without arguments.
        norm: makes the normalization of a layer with so many features: ``nn.BatchNorm1d``.
        bias: whether the layers have a bias.
        dropout: the probability of dropping a hidden unit in training.
        init: sets the initial weights, as for `Linear`.
        dtype: of the parameters.
        rng: seed or generator for the initial parameters, and for dropout.

    Raises:
        TypeError: if a number is not whole, or `activation` or `norm` do not make modules.
        ValueError: if a number is too small, or `dropout` is not a probability.

    >>> import nn
    >>> nn.MLP(784, [128, 64], 10)
    MLP(
      (0): Linear(784, 128)
      (1): ReLU()
      (2): Linear(128, 64)
      (3): ReLU()
      (4): Linear(64, 10)
    )
    """

    def __init__(
        self,
        in_features: int,
        hidden: int | Sequence[int],
        out_features: int,
        activation: Callable[[], Module] = ReLU,
        norm: Callable[[int], Module] | None = None,
        bias: bool = True,
        dropout: float = 0.0,
        *,
        init: Callable[..., Any] | None = None,
        dtype: Any = np.float32,
        rng: Any = None,
    ) -> None:
        rng = np.random.default_rng(rng)
        how: dict[str, Any] = {"init": init, "dtype": dtype, "rng": rng}
        layers: list[Module] = []
        for given in hidden if isinstance(hidden, Sequence) else [hidden]:
            width = whole_number("MLP: hidden", given, least=1)
            layers.append(Linear(in_features, width, bias, **how))
            if norm is not None:
                layers.append(_made("norm", norm, width))
            layers.append(_made("activation", activation))
            if dropout:
                layers.append(Dropout(dropout, rng=rng))
            in_features = width
        super().__init__(*layers, Linear(in_features, out_features, bias, **how))


def _made(what: str, make: Any, *features: int) -> Module:
    """The module that a class or a function makes."""
    if isinstance(make, Module) or not callable(make):
        name = type(make).__name__
        raise TypeError(
            f"MLP: {what} is a {name}, expected a class or a function that makes a new module for each layer: "
            + (f"{what}=nn.{name}, or {what}=lambda: nn.{make!r}" if isinstance(make, Module) else f"{what}=nn.ReLU")
        )
    module = make(*features)
    if not isinstance(module, Module):
        raise TypeError(
            f"MLP: {what} made a {type(module).__name__}, expected a module; a class is passed as it is: "
            "activation=nn.ReLU"
        )
    return module
