"""Operations with several outputs, such as ``svd``: a primitive for each output, one forward pass for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.primitive import Primitive, Rule
from minigrad.core.tensor import Tensor, new_output
from minigrad.core.validation import as_numbers
from minigrad.typing import Array

__all__ = ["MultiOutput", "Output"]


class Output(NamedTuple):
    """One output: ``rule(y_bar, x, *outputs)`` is its contribution to the error signal of the argument.

    An output without a rule is a constant.
    """

    name: str
    symbol: str
    rule: Rule | None


class MultiOutput:
    """A function of one array with several outputs, each a Tensor of its own.

    The rules receive all outputs, as the forward pass computed them, but not the parameters, which are passed to the
    forward pass by keyword. Where the rules themselves are differentiated or written as formulas, the same primitives
    compute the outputs once more.

    Arguments:
        name: the function's, for errors.
        forward: computes the outputs from an array.
        outputs: their names, symbols and rules.

    Attributes:
        primitives: the primitives of the outputs that have rules.
    """

    def __init__(self, name: str, forward: Callable[[Any], tuple[Array, ...]], *outputs: Output) -> None:
        self.name = name
        self.forward = forward
        self._names = [output.name for output in outputs]
        self._per_output = [
            None if rule is None else self._new_primitive(i, output, symbol, rule)
            for i, (output, symbol, rule) in enumerate(outputs)
        ]
        self.primitives = [primitive for primitive in self._per_output if primitive is not None]

    def __call__(self, x: Array, **params: Any) -> tuple[Array, ...]:
        if hasattr(x, "__apply__"):  # a symbolic value
            return tuple(
                self.forward(x.data, **params)[i] if p is None else p(x, **params)
                for i, p in enumerate(self._per_output)
            )
        if not isinstance(x, Tensor):
            return self.forward(np.asarray(as_numbers(x, self.name)), **params)
        outputs = self.forward(x.data, **params)
        return tuple(
            new_output(
                y, p, (x,), (x.data,), {**params, **self._others(i, outputs)}, p is not None and x._requires_grad
            )
            for i, (y, p) in enumerate(zip(outputs, self._per_output, strict=True))
        )

    def _others(self, i: int, outputs: tuple[Array, ...]) -> dict[str, Any]:
        return {name: y for j, (name, y) in enumerate(zip(self._names, outputs, strict=True)) if j != i}

    def _new_primitive(self, i: int, name: str, symbol: str, rule: Rule) -> Primitive:
        def forward(x: Array, **params: Any) -> Array:
            outputs = self.forward(x, **params)
            return (outputs[i], *self._others(i, outputs).values())

        def argument_rule(y_bar: Array, y: Array, x: Array, **saved: Any) -> Array:
            params = {key: saved.pop(key) for key in [*saved] if key not in saves}
            if isinstance(x, Tensor) or hasattr(x, "__apply__"):
                saved = self._others(i, self(x, **params))
            outputs = list(saved.values())
            return rule(y_bar, x, *outputs[:i], y, *outputs[i:])

        saves = tuple(other for other in self._names if other != name)
        return Primitive(name, forward, argument_rule, saves=saves, symbol=symbol)
