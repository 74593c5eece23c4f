"""A recorded computation, kept so that it can be run again after ``backward()`` has freed the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from minigrad.graph import unbroadcast
from minigrad.notation import Name
from minigrad.primitive import Primitive
from minigrad.tensor import Tensor

__all__ = ["Node", "Replay"]


class Node(NamedTuple):
    """One operation of a computation: what it made, from which values."""

    output: Tensor
    primitive: Primitive
    inputs: tuple[Any, ...]
    values: tuple[Any, ...]
    params: dict[str, Any]


class Replay:
    """The operations that led to a loss, inputs before outputs.

    Attributes:
        nodes: the operations in topological order.
        leaves: the Tensors whose error signals the computation leads to, with the values that it saw.
        loss: the last output.
        names: what the derivation calls Tensors.
    """

    def __init__(self, order: Sequence[Tensor], names: Mapping[int, Name]) -> None:
        self.loss = order[-1]
        self.nodes = [
            Node(y, y._primitive, y._inputs or (), y._values or (), y._params or {})
            for y in order
            if y._primitive is not None
        ]
        seen = {
            x: v for node in self.nodes for x, v in zip(node.inputs, node.values, strict=True) if isinstance(x, Tensor)
        }
        self.leaves = {y: np.copy(seen.get(y, y.data))[()] for y in order if y.is_leaf}
        self.names = {y: names[id(y)] for y in order if id(y) in names}

    def loss_at(self, leaves: Mapping[Tensor, Any]) -> float:
        """The loss for other values of the leaves, computed in double precision."""
        values = dict(leaves)
        for node in self.nodes:
            arrays = [
                values[x] if isinstance(x, Tensor) and x in values else _exact(v)
                for x, v in zip(node.inputs, node.values, strict=True)
            ]
            params = {key: v for key, v in node.params.items() if key not in node.primitive.keeps}
            values[node.output] = node.primitive(*arrays, **params)
        return float(values[self.loss])

    def contributions(self, node: Node, y_bar: Any) -> Iterator[tuple[Tensor, Any]]:
        """What an operation sends back to each of its inputs, from its own rules."""
        for x, rule in zip(node.inputs, node.primitive.rules, strict=False):
            if isinstance(x, Tensor) and x.requires_grad:
                yield x, unbroadcast(rule(y_bar, node.output.data, *node.values, **node.params), x.shape)


def _exact(value: Any) -> Any:
    """Floating numbers in double precision; a step of finite differences is lost in single precision."""
    return np.asarray(value, dtype=np.float64)[()] if np.asarray(value).dtype.kind == "f" else value
