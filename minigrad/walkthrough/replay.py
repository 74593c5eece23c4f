"""A recorded computation that can be rerun after ``backward()`` has freed the graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.changed_rules.changed_rules import ChangedRules
from minigrad.core.graph import Operation, match_input
from minigrad.core.primitive import Primitive
from minigrad.core.recording.scopes import plain_arrays
from minigrad.core.tensor import Tensor
from minigrad.notation import Name

__all__ = ["Node", "Replay"]


class Node(NamedTuple):
    """One operation of a computation, with the values of its inputs."""

    output: Tensor
    primitive: Primitive
    inputs: tuple[Any, ...]
    values: tuple[Any, ...]
    params: dict[str, Any]


class Replay:
    """The operations that led to a loss, inputs before outputs.

    Attributes:
        nodes: the operations in topological order.
        given: every array that was not computed here, and every view of one such as ``W.T``, by the identity of its
            Tensor or itself; a copy unless it was made without `copies`.
        leaves: the leaf Tensors that get error signals, with their values.
        loss: the last output.
        names: the names of Tensors in the derivation.
        variables: everything that has a name in it, arrays too, by that name.
        changed: the backward rules that were changed; ``None`` usually.
        not_derivatives: the Tensors whose error signals follow from a changed rule.
    """

    def __init__(
        self,
        order: Sequence[Tensor],
        constants: Collection[Operation],
        names: Mapping[int, Name],
        *,
        copies: bool = True,
        changed: ChangedRules | None = None,
    ) -> None:
        self.loss = order[-1]
        self.changed = changed
        self.not_derivatives: set[Tensor] = set()
        computed = {y for y in order if y._primitive is not None}
        kept: dict[int, Any] = {}  # by the identity of the array, which the graph keeps alive
        originals: list[Any] = []
        self.given: dict[int, Any] = {}
        self.nodes: list[Node] = []

        def copied(x: Any, value: Any) -> Any:
            """A copy of an array that was not computed here: training, or the next batch, may overwrite it."""
            is_computed = isinstance(x, Tensor) and x in computed
            if not hasattr(value, "dtype") or (is_computed and not _is_view(value, originals)):
                return value
            if id(value) not in kept:
                kept[id(value)] = value.copy() if copies else value
                if not is_computed:
                    originals.append(value)
            return self.given.setdefault(id(x), kept[id(value)])

        for y in order:
            if y._primitive is None:
                continue
            inputs = y._inputs or ()
            frozen = tuple(copied(x, value) for x, value in zip(inputs, y._arrays(), strict=True))
            copied(y, y._data)
            self.nodes.append(Node(y, y._primitive, inputs, frozen, y._params or {}))
        for operation in constants:
            for x in operation.inputs:
                copied(x, x.data if isinstance(x, Tensor) else x)
        self.leaves = {y: copied(y, self.given.get(id(y), y.data)) for y in order if y.is_leaf}
        self.names = {y: names[id(y)] for y in order if id(y) in names}
        values = [x for y in order for x in (*(y._inputs or ()), y)] + [x for o in constants for x in o.inputs]
        self.variables: dict[Name, Any] = {names[id(x)]: x for x in values if id(x) in names}

    def refuse_gpu(self, caller: str) -> None:
        """Raise a TypeError if the loss is on a GPU: it is recomputed in double precision with NumPy."""
        if self.loss.device != "cpu":
            raise TypeError(
                f"{caller}: the loss is on {self.loss.device!r}, and can only be recomputed on the CPU; "
                'move everything it is computed from: model.to("cpu"), t.to("cpu")'
            )

    @contextmanager
    def alive(self) -> Iterator[None]:
        """The graph as the forward pass left it, though ``backward()`` has freed it and parameters have changed."""
        outputs = [(y := node.output, y._data, y._inputs, y._values, y._params) for node in self.nodes]
        written = {x: x._written for x in self.leaves if hasattr(x, "_written")}
        try:
            for node in self.nodes:
                y = node.output
                y._data = self.given.get(id(y), y._data)
                y._inputs, y._values, y._params = node.inputs, tuple(node.primitive.packed(node.values)), node.params
            for x in written:  # what was written into are not the copies that are here
                del x._written
            yield
        finally:
            for y, data, inputs, values, params in outputs:
                y._data, y._inputs, y._values, y._params = data, inputs, values, params
            for x, number in written.items():
                x._written = number

    def loss_at(self, leaves: Mapping[Tensor, Any]) -> float:
        """The loss at other values of the leaves, in double precision."""
        values = dict(leaves)
        with plain_arrays():
            for node in self.nodes:
                arrays = [
                    values[x] if isinstance(x, Tensor) and x in values else _exact(v)
                    for x, v in zip(node.inputs, node.values, strict=True)
                ]
                values[node.output] = node.primitive(*arrays, **node.primitive.keywords(node.params))
        return float(np.asarray(values[self.loss]).item())

    def contributions(self, node: Node, y_bar: Any) -> Iterator[tuple[Tensor, Any]]:
        """The contribution of an operation to the error signal of each of its inputs, from its rules."""
        values = node.primitive.packed(node.values)
        rules = node.primitive.rules if self.changed is None else self.changed(node.primitive)
        for x, rule in zip(node.inputs, rules, strict=False):
            if isinstance(x, Tensor) and x.requires_grad:
                x_bar = rule(y_bar, node.output.data, *values, **node.params)
                yield x, match_input(x_bar, x.data, node.primitive.name)


def _is_view(value: Any, arrays: Sequence[Any]) -> bool:
    """Whether an array may show the numbers of one of these."""
    if getattr(value, "base", None) is None:
        return False
    return type(value) is not np.ndarray or any(np.may_share_memory(value, array) for array in arrays)


def rounding(value: Any) -> float:
    """How far two ways of computing such numbers may differ, relative to the largest of them."""
    dtype = np.asarray(value).dtype
    return min(max(1e-9, 1000 * float(np.finfo(dtype).eps)), 0.02) if dtype.kind in "fc" else 1e-9


def _exact(value: Any) -> Any:
    """Floating-point numbers in double precision: in single precision a finite-difference step is lost."""
    array = np.asarray(value)
    return array.astype(np.result_type(array, np.float64))[()] if array.dtype.kind in "fc" else value
