"""Operations with several outputs: for each output a primitive, and for all of them one forward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.primitive import Primitive, Rule
from minigrad.core.scope import current_scope
from minigrad.core.tensor import Tensor, new_output
from minigrad.core.validation import as_numbers
from minigrad.typing import Array

__all__ = ["MultiOutput", "Output"]


class Output(NamedTuple):
    """One of the outputs: ``rule(y_bar, x, *outputs)`` gives its share of the error signal of the argument.

    Without a rule, the output is a constant to what follows.
    """

    name: str
    symbol: str
    rule: Rule | None


class MultiOutput:
    """A function of one array with several outputs, each a Tensor of its own.

    Their rules receive all the outputs, as the forward pass computed them; where the rules are to be
    differentiated or written down themselves, the outputs are computed once more, by these same primitives.

    Arguments:
        forward: computes the outputs, from an array.
        outputs: what they are called, and their rules.

    Attributes:
        primitives: of the outputs that have rules.
    """

    def __init__(self, forward: Callable[[Any], tuple[Array, ...]], *outputs: Output) -> None:
        self.forward = forward
        self._names = [output.name for output in outputs]
        self._made = [
            None if rule is None else self._primitive(i, name, symbol, rule)
            for i, (name, symbol, rule) in enumerate(outputs)
        ]
        self.primitives = [primitive for primitive in self._made if primitive is not None]

    def __call__(self, x: Array) -> tuple[Array, ...]:
        if hasattr(x, "__apply__"):  # a named value
            return tuple(self.forward(x.data)[i] if p is None else p(x) for i, p in enumerate(self._made))
        if not isinstance(x, Tensor):
            return self.forward(np.asarray(as_numbers(x, self._names[-1])))
        outputs = self.forward(x.data)
        scope = current_scope() if x.requires_grad else None
        return tuple(
            new_output(y, p, (x,), (x.data,), self._others(i, outputs), None if p is None else scope)
            for i, (y, p) in enumerate(zip(outputs, self._made, strict=True))
        )

    def _others(self, i: int, outputs: tuple[Array, ...]) -> dict[str, Any]:
        return {name: y for j, (name, y) in enumerate(zip(self._names, outputs, strict=True)) if j != i}

    def _primitive(self, i: int, name: str, symbol: str, rule: Rule) -> Primitive:
        def forward(x: Array) -> Array:
            outputs = self.forward(x)
            return (outputs[i], *self._others(i, outputs).values())

        def of_argument(y_bar: Array, y: Array, x: Array, **kept: Any) -> Array:
            if isinstance(x, Tensor) or hasattr(x, "__apply__"):
                kept = self._others(i, self(x))
            outputs = list(kept.values())
            return rule(y_bar, x, *outputs[:i], y, *outputs[i:])

        others = tuple(other for other in self._names if other != name)
        return Primitive(name, forward, of_argument, saves=others, symbol=symbol)
