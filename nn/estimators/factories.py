"""Models and optimizers for one fit, from the functions that an estimator was given to make them.

An estimator is copied for every part of a cross-validation, and each copy begins with new weights. So it holds not a
model, but a function that makes one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from inspect import signature
from typing import Any, TypeAlias
from weakref import WeakSet

import numpy as np

from nn.layers.containers.mlp import MLP
from nn.layers.containers.sequential import Sequential
from nn.layers.flatten import Flatten
from nn.module import Module
from nn.optim.optimizer import Optimizer
from nn.training.by_name import named_optimizer
from nn.training.predict import predict
from nn.typing import Array

__all__ = ["InputShape", "ModelFactory", "made_model", "made_optimizer", "two_layers"]

#: The number of features of a table, or the shape of an image, (C, H, W).
InputShape: TypeAlias = int | tuple[int, int, int]

#: A function ``model(n_in, n_out, rng)``; mypy would ask for these very names.
ModelFactory: TypeAlias = Callable[..., Module]

_EXAMPLE = "lambda n_in, n_out, rng: nn.MLP(n_in, 100, n_out, rng=rng)"

#: Models that were made for a fit.
_used: WeakSet[Module] = WeakSet()


def two_layers(n_in: InputShape, n_out: int, rng: Any) -> Module:
    """The network of estimators that are given none: 100 hidden units with ReLU.

    It computes in float64, as scikit-learn's own networks do.
    """
    if isinstance(n_in, int):
        return MLP(n_in, 100, n_out, dtype=np.float64, rng=rng)
    return Sequential(Flatten(), MLP(math.prod(n_in), 100, n_out, dtype=np.float64, rng=rng))


def made_model(caller: str, make: Any, x: Array, n_out: int, seed: int) -> Module:
    """A new model for inputs `x`, with `n_out` outputs for each sample.

    Raises:
        TypeError: if `make` is not a function of n_in, n_out and rng, or does not return a module.
        ValueError: if it returns a model that was trained before, or one with another number of outputs.
    """
    n_in: InputShape = x.shape[1] if x.ndim == 2 else x.shape[1:]
    make = two_layers if make is None else make
    _check_factory(caller, make, n_in, n_out)
    model = make(n_in, n_out, rng=np.random.default_rng(seed))
    called = f"model({n_in}, {n_out}, rng=rng)"
    if not isinstance(model, Module):
        what = f"the class {model.__name__}" if isinstance(model, type) else repr(model)
        raise TypeError(
            f"{caller}: {called} returned {what:.80}, expected an nn.Module; "
            + ("does it lack a return?" if model is None else "return the model itself")
        )
    if model in _used:
        raise ValueError(
            f"{caller}: {called} returned a {type(model).__name__} that an earlier fit has trained, perhaps on samples "
            "that it is to be tested on now; construct a new one in each call, or return copy.deepcopy(pretrained)"
        )
    _check_outputs(caller, called, model, x[:2], n_out)
    _used.add(model)
    return model


def _check_factory(caller: str, make: Any, n_in: InputShape, n_out: int) -> None:
    """Raise a TypeError if it cannot be called as factories are."""
    if isinstance(make, Module) or not callable(make):
        what = f"a {type(make).__name__}" if isinstance(make, Module) else repr(make)
        raise TypeError(
            f"{caller}: model is {what:.80}, expected a function that makes a new model for each fit: model={_EXAMPLE}"
        )
    try:
        found = signature(make)
    except (TypeError, ValueError):  # a function of C that does not tell
        return
    try:
        found.bind(n_in, n_out, rng=None)
    except TypeError as error:
        name = getattr(make, "__name__", type(make).__name__)
        raise TypeError(
            f"{caller}: model is called as model(n_in, n_out, rng=rng), and {name}{found} takes other arguments "
            f"({error}); write model={_EXAMPLE}"
        ) from None


def _check_outputs(caller: str, called: str, model: Module, x: Array, n_out: int) -> None:
    """Raise a ValueError if a model does not have `n_out` outputs for each sample."""
    shape = predict(model, x).shape
    if shape != (len(x), n_out):
        outputs = "one output for each class" if caller == "Classifier" else "one output for each number to predict"
        raise ValueError(
            f"{caller}: {called} returned a model whose outputs for {len(x)} samples have the shape {shape}, expected "
            f"{(len(x), n_out)}: {outputs}, as nn.Linear(…, n_out) at the end gives them"
        )


def made_optimizer(caller: str, make: Any, model: Module, loss: Any) -> Optimizer:
    """The optimizer that a name stands for, or that a function makes of the model's parameters.

    Raises:
        TypeError: if it is neither.
        ValueError: if no optimizer has this name, or there is nothing to train.
    """
    if isinstance(make, str):
        named: Optimizer = named_optimizer(make, model, loss)
        return named
    if isinstance(make, Optimizer) or not callable(make):
        name = type(make).__name__ if isinstance(make, Optimizer) else "Adam"
        what = f"an optimizer of other parameters, {name}" if isinstance(make, Optimizer) else repr(make)
        raise TypeError(
            f"{caller}: optimizer is {what:.80}, expected a name, or a function that makes one for the parameters of "
            f"each new model: optimizer=functools.partial(nn.optim.{name}, lr=0.001)"
        )
    optimizer = make(model.parameters())
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"{caller}: optimizer(parameters) returned {optimizer!r:.80}, expected an optimizer such as "
            "nn.optim.Adam(parameters, lr=0.001)"
        )
    return optimizer
