"""From the operations of a model to the nodes of the graph: each is written by its rule."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

import numpy as np

import minigrad as mg
from nn.module import Module
from nn.onnx.comparison import Call, Comparison, Counted, Reference, Repeated, array_of, error_at
from nn.onnx.graph import DTYPES, Graph, Value
from nn.onnx.refused import Refused
from nn.onnx.rules import RULES
from nn.onnx.sizes import Varying, sizes_of
from nn.onnx.table import Rule

__all__ = ["Writer"]

_SIZED = ("shape", "index")


class Writer:
    """Turns the operations of a model into nodes."""

    def __init__(self, model: Module, compared: Comparison, n: int, given: Mapping[Any, Callable[..., Any]]) -> None:
        self.compared, self.given = compared, given
        self.graph = Graph(n)
        self.values: dict[Reference, Value] = {}
        for name in compared.weights:  # no other value may be called so
            self.graph.new_name(name)
        self.inputs = [
            Value(self.graph.new_name(name), x.dtype, sizes_of(x.shape, y.shape))
            for name, x, y in zip(
                _argument_names(model, len(compared.first.inputs)),
                compared.first.inputs,
                compared.second.inputs,
                strict=True,
            )
        ]
        self.values |= {Reference("input", i): value for i, value in enumerate(self.inputs)}
        self.graph.batch = next((x for x in self.inputs if x.ndim), None)

    def add(self, i: int, call: Call) -> None:
        """Add the nodes of operation `i`."""
        operation, graph = call.operation, self.graph
        name, recording = operation.primitive.name, self.compared.first
        rule = self._rule(operation.primitive)
        if rule is None:
            raise error_at(
                "there is no rule that writes it in ONNX's operators; compute it from operations that have one, or "
                f"give it a rule: nn.export_onnx(…, rules={{{name}: rule}}); that of a relu would be "
                "lambda g, x: g('Relu', x)",
                recording,
                operation,
                NotImplementedError,
            )
        graph.shape, graph.dtype = call.shape, np.dtype(operation.output.dtype)
        scope = operation.output.scope if isinstance(operation.output, mg.Tensor) else None
        graph.label = ".".join(filter(None, (scope.name() if scope is not None else "", name)))
        try:
            if graph.dtype.name not in DTYPES:
                raise Refused(f"it gives numbers of {graph.dtype}, and ONNX computes with {', '.join(DTYPES)}")
            arguments = [self._argument(x, None if rule.mixed else graph.dtype) for x in call.inputs]
            params = {key: self._setting(x, key in _SIZED) for key, x in call.params.items()}
            result = rule.function(graph, *(([*arguments],) if operation.primitive.as_list else arguments), **params)
        except Refused as reason:
            raise error_at(str(reason), recording, operation) from None
        if not isinstance(result, Value):
            raise error_at(
                f"its rule gave a {type(result).__name__}, expected what g(…) returns", recording, operation, TypeError
            )
        self.values[Reference("output", i)] = Value(result.name, graph.dtype, call.shape)
        if result.dtype != graph.dtype:
            self.values[Reference("output", i)] = Value(graph.cast(result, graph.dtype).name, graph.dtype, call.shape)

    def outputs(self) -> list[tuple[str, Value]]:
        """The outputs of the model, by name."""
        found = []
        for (name, x), y in zip(
            self.compared.first.outputs.items(), self.compared.second.outputs.values(), strict=True
        ):
            reference = self.compared.reference(x)
            if reference is None:
                raise ValueError(
                    f"export_onnx: the {name} of the model was not recorded: it was not computed from Tensors by "
                    "functions of minigrad or NumPy; leave out .data, .numpy() and .item() in forward"
                )
            value = self._argument(reference, None)
            found.append((name, Value(value.name, value.dtype, sizes_of(np.shape(x), np.shape(y)))))
        return found

    def _rule(self, primitive: mg.Primitive) -> Rule | None:
        if primitive in self.given:
            return Rule(self.given[primitive])
        package = primitive.__module__.split(".")[0]
        if package == "minigrad":  # a user's operation may have the name of one of these
            return RULES.get(primitive.name)
        return RULES.get(f"numpy.{primitive.name}") if primitive.__module__ == "numpy" else None

    def _argument(self, x: Any, dtype: Any) -> Any:
        """An argument as a value of the graph, in this dtype if one is given; Python's numbers stay what they are."""
        if isinstance(x, Varying):
            raise Refused(
                f"a number in it depends on the input: it is {x.at_n}, and {x.at_2n} for other numbers and twice as "
                "many samples; the file would have the first for all. For a mean over the batch, write mg.mean"
            )
        if isinstance(x, Reference):
            if x.kind == "weight" and x not in self.values:
                weight = self.compared.weights[str(x.key)]
                self.values[x] = self.graph.named(str(x.key), array_of(weight))
            value = self.values[x]
        elif isinstance(x, Repeated):
            part = self.graph.constant(x.part if dtype is None else x.part.astype(dtype))
            value = Value(self.graph("Expand", part, self.graph.size_list(x.shape)).name, part.dtype, x.shape)
        elif isinstance(x, Counted):
            counted = self.graph("Range", np.int64(0), self.graph("Squeeze", self.graph.batch_size(), [0]), np.int64(1))
            value = self.graph.cast(self.graph.reshaped(counted, x.shape), x.dtype)
        elif hasattr(x, "dtype"):
            array = array_of(x)
            value = self.graph.constant(array if dtype is None else array.astype(dtype))
        else:
            return x
        return value if dtype is None or dtype == np.bool_ else self.graph.cast(value, dtype)

    def _setting(self, x: Any, sized: bool) -> Any:
        """A keyword, with values of the graph in place of references; what is constant stays as it is.

        Arguments:
            sized: whether it may have sizes that depend on the batch, which rules know how to write.
        """
        if isinstance(x, Varying) and not sized:
            operator.index(x)  # raises
        if isinstance(x, Repeated):
            raise Refused("one of its settings is an array that depends on the batch size")
        if isinstance(x, tuple | list):
            return type(x)(self._setting(part, sized) for part in x)
        return self._argument(x, None) if isinstance(x, Reference | Counted) else x


def _argument_names(model: Module, count: int) -> list[str]:
    """The names of the first arguments of ``forward``."""
    taken = signature(model.forward).parameters.values()
    names = [p.name for p in taken if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
    return [names[i] if i < len(names) else f"input_{i}" if count > 1 else "input" for i in range(count)]
