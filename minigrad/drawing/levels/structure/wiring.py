"""A graph as lists of numbers, which are quick to follow: node 5 uses nodes 2 and 3."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any
from weakref import WeakKeyDictionary

from minigrad.drawing.graph.nodes import Graph, Node
from minigrad.drawing.levels.structure.labels import is_module

__all__ = ["Wiring", "wiring_of"]


@dataclass(eq=False)
class Wiring:
    """The nodes by their position in the order of computation.

    Attributes:
        nodes: all of them, the operation that failed too.
        index: the position of each.
        inputs: for each node what it uses, in the order of its arguments, twice what it uses twice.
        users: for each node what uses it, likewise.
        shapes: the shape of each value.
        roots: the positions of the roots.
        parameters: those of modules, and others that no module was given as its input.
    """

    nodes: list[Node]
    index: dict[Node, int]
    inputs: list[list[int]]
    users: list[list[int]]
    shapes: list[tuple[int, ...]]
    roots: list[int]
    parameters: set[int]

    def size(self, i: int) -> int:
        """The number of elements of a value."""
        return prod(self.shapes[i])


_known: WeakKeyDictionary[Graph, Wiring] = WeakKeyDictionary()


def wiring_of(graph: Graph) -> Wiring:
    """The wiring of a graph, computed once."""
    known = _known.get(graph)
    if known is None:
        nodes = list(graph.nodes)
        index = {node: i for i, node in enumerate(nodes)}
        if graph.failed is not None and graph.failed not in index:
            index[graph.failed] = len(nodes)
            nodes.append(graph.failed)
        inputs: list[list[int]] = [[] for _ in nodes]
        users: list[list[int]] = [[] for _ in nodes]
        for use in graph.uses:
            source, target = index[use.source], index[use.target]
            inputs[target].append(source)
            users[source].append(target)
        roots = [index[root] for root in graph.roots]
        shapes = [_shape(node.value) for node in nodes]
        known = _known[graph] = Wiring(nodes, index, inputs, users, shapes, roots, _parameters(nodes, users))
    return known


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of a value; of an error, in place of the value of what failed, that of a number."""
    shape = getattr(value, "shape", ())  # NumPy's function would take ten times as long for a Tensor
    return shape if isinstance(shape, tuple) else ()


def _parameters(nodes: list[Node], users: list[list[int]]) -> set[int]:
    """The leaves that are parameters; images whose gradient is asked for are not."""
    scopes = dict.fromkeys(
        outer for scope in dict.fromkeys(n.scope for n in nodes if n.scope) for outer in scope.path()
    )
    modules = dict.fromkeys(scope.label for scope in scopes if is_module(scope.label))
    owned = {id(parameter) for module in modules for _, parameter in module.named_parameters()}

    def is_input(i: int) -> bool:
        return id(nodes[i].value) not in owned and any(_is_in_module(nodes[user]) for user in users[i])

    return {i for i, node in enumerate(nodes) if node.kind == "parameter" and not is_input(i)}


def _is_in_module(node: Node) -> bool:
    return node.scope is not None and is_module(node.scope.label)
