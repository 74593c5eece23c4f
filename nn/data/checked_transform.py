"""Functions of the inputs of a batch, with or without random numbers, whose results are checked."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

import minigrad as mg
from nn.random import SampleGenerator

__all__ = ["CheckedTransform"]


class CheckedTransform:
    """A function ``(x, rng)`` or ``(x)`` of the inputs of a batch, and checks of what it returns.

    Arguments:
        owner: what errors begin with, such as "DataLoader".
    """

    def __init__(self, owner: str, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = f"{owner}: transform {getattr(function, '__name__', type(function).__name__)}"
        self.takes_rng = _takes_rng(function)

    def __call__(self, x: NDArray[Any], rng: SampleGenerator) -> NDArray[Any]:
        """The transformed inputs.

        Raises:
            TypeError: if they are not an array.
            ValueError: if they are of another number of samples.
        """
        y = (
            self.function(x, **{self.takes_rng: rng})
            if self.takes_rng == "rng"
            else (self.function(x, rng) if self.takes_rng else self.function(x))
        )
        given = "None; does it lack a return?" if y is None else f"a {type(y).__name__}; return the inputs alone"
        if isinstance(y, mg.Tensor):
            y = y.numpy()
        if not (isinstance(y, np.ndarray) or hasattr(y, "__array__")):
            raise TypeError(f"{self.name}: expected an array of the {len(x)} samples, got {given}")
        mg.array_checks.refuse_lossy(y, self.name)
        y = np.asarray(y)
        if y.dtype == object:
            raise TypeError(f"{self.name} returned Python objects, expected an array of numbers")
        if y.ndim == 0 or len(y) != len(x):
            raise ValueError(
                f"{self.name} returned shape {y.shape} for inputs of shape {x.shape}, expected "
                f"{len(x)} samples along the first axis, as many as it was given"
            )
        return y


def _takes_rng(function: Callable[..., Any]) -> str:
    """How it takes random numbers: by the name "rng", as "second" argument, or not at all: ""."""
    try:
        parameters = list(signature(function).parameters.values())
    except (TypeError, ValueError):  # some of C have no signature
        return ""
    if any(p.name == "rng" and p.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY) for p in parameters):
        return "rng"
    positional = [p for p in parameters if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
    return "second" if len(positional) > 1 and positional[1].default is Parameter.empty else ""
