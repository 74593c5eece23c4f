"""The uses and the numbers of a graph, which are looked up once however often it is grouped anew."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.device import to_host
from minigrad.drawing.graph.nodes import Graph, Node, Use

__all__ = ["Numbers", "is_finite", "numbers_of"]


class Numbers:
    """What a graph consists of, without its groups.

    Attributes:
        used: the uses of each node.
        arguments: the uses by each node, in the order of its arguments, without keywords.
    """

    def __init__(self, graph: Graph) -> None:
        self._nodes, self._failed = graph.nodes, graph.failed
        self.used: dict[Node, list[Use]] = {}
        self.arguments: dict[Node, list[Use]] = {}
        for use in graph.uses:
            self.used.setdefault(use.source, []).append(use)
            if not use.keyword:
                self.arguments.setdefault(use.target, []).append(use)
        self._arrays: dict[Node, Any] = {}

    def array(self, node: Node) -> Any:
        """The value as the forward pass saw it, a NumPy array; ``None`` for what failed."""
        if node not in self._arrays:
            value = None if node is self._failed else self._seen(node)
            self._arrays[node] = None if value is None else np.asarray(to_host(value))
        return self._arrays[node]

    def _seen(self, node: Node) -> Any:
        """A leaf may have been given another array since it was used: the graph still has the old one."""
        value = node.value
        if not isinstance(value, Tensor):
            return value
        for use in () if node.kind == "operation" else self.used.get(node, ()):
            y = use.target.value
            arrays = y._arrays() if isinstance(y, Tensor) and use.target is not self._failed else ()
            if use.position < len(arrays):
                return arrays[use.position]
        return value.data

    @cached_property
    def broken(self) -> list[Node]:
        """The nodes whose values have a NaN or an infinity, in the order of computation."""
        return [node for node in self._nodes if not is_finite(self.array(node))]

    @cached_property
    def examples(self) -> int | None:
        """The length of the first axis of what is given, if that counts examples; it need not have a name."""
        given = [node for kind in ("given", "constant") for node in self._nodes if node.kind == kind]
        return next((shape[0] for shape in map(np.shape, map(self.array, given)) if len(shape) > 1), None)


_known: WeakKeyDictionary[Graph, Numbers] = WeakKeyDictionary()


def numbers_of(graph: Graph) -> Numbers:
    """The numbers of a graph, looked up once."""
    if graph not in _known:
        _known[graph] = Numbers(graph)
    return _known[graph]


def is_finite(array: Any) -> bool:
    """Whether no element is NaN or infinite: the smallest and the largest tell, without another array."""
    if array is None or array.dtype.kind not in "fc" or not array.size:
        return True
    if array.dtype.kind == "c":
        return bool(np.isfinite(array).all())
    if array.ndim == 0:
        return math.isfinite(array)
    return math.isfinite(array.min()) and math.isfinite(array.max())
