"""Operations with several outputs, such as ``svd``: a primitive for each output, one forward pass for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.primitive import Primitive, Rule
from minigrad.core.recording.origin import origin_in_graph
from minigrad.core.recording.scopes import records_arrays
from minigrad.core.tensor import Tensor, new_output
from minigrad.core.validation import as_numbers, name_error
from minigrad.device import device_of
from minigrad.recorder import recorder_of
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
            self._new_primitive(i, output, symbol, rule) for i, (output, symbol, rule) in enumerate(outputs)
        ]
        self.primitives = [primitive for primitive in self._per_output if primitive.differentiable]

    def __call__(self, x: Array, **params: Any) -> tuple[Array, ...]:
        if hasattr(x, "__apply__"):  # a symbolic value
            return tuple(
                p(x, **params) if p.differentiable else self.forward(x.data, **params)[i]
                for i, p in enumerate(self._per_output)
            )
        is_tensor = isinstance(x, Tensor)
        value = x.data if is_tensor else as_numbers(x, self.name)
        if not hasattr(value, "__record__") and device_of(value) == "cpu":
            value = np.asarray(value)
        recorder = recorder_of(value)
        if recorder is None:
            try:
                outputs = self.forward(value, **params)
            except TypeError as error:
                raise error if str(error).startswith(self.name) else name_error(error, self.name, (value,)) from error
        else:  # the first output, and the others that its primitive saves
            outputs = recorder.__record__(self._per_output[0], (value,), params)
        if not is_tensor and not records_arrays():
            return outputs
        needs_grad = is_tensor and x.requires_grad
        return tuple(self._output(i, outputs, x, value, params, needs_grad) for i in range(len(outputs)))

    def _output(
        self, i: int, outputs: tuple[Array, ...], x: Array, value: Array, params: dict[str, Any], needs_grad: bool
    ) -> Tensor:
        primitive, params = self._per_output[i], {**params, **self._others(i, outputs)}
        if primitive.differentiable or not needs_grad:
            return new_output(outputs[i], primitive, (x,), (value,), params, needs_grad)
        y = new_output(outputs[i], None, (), (), None, False)  # a constant, that must not keep the graph of x
        y._origin = origin_in_graph(primitive, (x,), params)
        return y

    def _others(self, i: int, outputs: tuple[Array, ...]) -> dict[str, Any]:
        return {name: y for j, (name, y) in enumerate(zip(self._names, outputs, strict=True)) if j != i}

    def _new_primitive(self, i: int, name: str, symbol: str, rule: Rule | None) -> Primitive:
        def forward(x: Array, **params: Any) -> Array:
            outputs = self.forward(x, **params)
            return (outputs[i], *self._others(i, outputs).values())

        def argument_rule(y_bar: Array, y: Array, x: Array, **saved: Any) -> Array:
            params = {key: saved.pop(key) for key in [*saved] if key not in saves}
            if isinstance(x, Tensor) or hasattr(x, "__apply__"):
                saved = self._others(i, self(x, **params))
            outputs = list(saved.values())
            assert rule is not None
            return rule(y_bar, x, *outputs[:i], y, *outputs[i:])

        saves = tuple(other for other in self._names if other != name)
        return Primitive(name, forward, *[argument_rule] * (rule is not None), saves=saves, symbol=symbol)
