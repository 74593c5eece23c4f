"""What all parts of a picture ask: which box a value is in, what it is called, and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from minigrad.device import to_host
from minigrad.drawing.contents.numbers import numbers_of
from minigrad.drawing.contents.signals import Signals
from minigrad.drawing.graph.nodes import Graph, Node, Use
from minigrad.drawing.levels.grouping import Group, Grouping, Kind
from minigrad.drawing.levels.structure.labels import is_module
from minigrad.drawing.levels.structure.partition import kind_of
from minigrad.notation import Name
from minigrad.notation import operations as ops
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["Context"]


class Context:
    """A graph that is drawn, with its groups and all numbers.

    Attributes:
        of: the group of each node.
        keys: the key of each group's box.
        layers: whether boxes stand for layers and blocks: their text is centred, and arrays are shown by an example.
        used, arguments, array, examples: those of the graph's `Numbers`.
    """

    def __init__(
        self,
        graph: Graph,
        grouping: Grouping,
        signals: Signals | None,
        walkthrough: Walkthrough | None,
    ) -> None:
        self.graph, self.grouping, self.signals, self.walkthrough = graph, grouping, signals, walkthrough
        self.layers = grouping.level in ("stages", "modules")
        self.of = {node: group for group in grouping.groups for node in group.nodes}
        self.keys = {group: f"b{i}" for i, group in enumerate(grouping.groups)}
        self.numbers = numbers_of(graph)
        self.used, self.arguments = self.numbers.used, self.numbers.arguments
        self.array, self.examples = self.numbers.array, self.numbers.examples
        self._outputs: dict[Group, list[Node]] = {}
        self._roots = set(graph.roots)

    # ------------------------------------------------------------------ groups

    def outputs(self, group: Group) -> list[Node]:
        """The values of a group that others use, or that are asked for; the last one stands for it."""
        if group not in self._outputs:
            found = [
                node
                for node in group.nodes
                if node in self._roots or any(self.of[use.target] is not group for use in self.used.get(node, ()))
            ]
            computed = [node for node in found if node.kind == "operation"]
            self._outputs[group] = computed or found or group.nodes[-1:]
        return self._outputs[group]

    def head(self, group: Group) -> Node:
        """The value that a box is about."""
        return self.outputs(group)[-1]

    def kind(self, group: Group) -> Kind:
        """The kind of a box: several leaves of one kind are drawn as one of it, and a loop of lines is computed."""
        kinds = {kind_of(self.graph, node) for node in group.nodes}
        if group.kind == "more" and len(kinds) == 1 and kinds.isdisjoint(("operation", "failed")):
            return kinds.pop()
        is_loop = group.kind == "module" and not self.layers and not is_module(group.label)
        return "computed" if is_loop else group.kind

    def unfolded(self, node: Node) -> Node:
        """What was only reshaped to this value, within the same box, and had more axes: feature maps before Flatten."""
        while node.primitive is ops.reshape:
            source = self.arguments[node][0].source
            if self.of[source] is not self.of[node] or np.ndim(self.array(source)) <= np.ndim(self.array(node)):
                break
            node = source
        return node

    def entering(self, group: Group) -> Iterator[Use]:
        """The uses of other groups' values."""
        for node in group.nodes:
            yield from (use for use in self.arguments.get(node, ()) if self.of[use.source] is not group)

    # ------------------------------------------------------------------ numbers

    def signal(self, node: Node) -> Any:
        """The complete error signal; ``None`` if there is none."""
        return None if self.signals is None else self.signals.of.get(node)

    def example_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of one example; that of an array that does not have several is its own."""
        return shape[1:] if self.layers and shape and shape[0] == self.examples else shape

    # ------------------------------------------------------------------ names

    def name(self, node: Node) -> Name | None:
        """What a value is called: by the derivation, in the program, or v₁, v₂ … where formulas need a name."""
        return self._names.get(node)

    @cached_property
    def _names(self) -> dict[Node, Name]:
        derived, given, nameless = self._derived
        names: dict[Node, Name] = {}
        for node in self.graph.nodes:
            group = self.of.get(node)
            label = group.label if group is not None and node is self.head(group) else None
            if isinstance(label, Name):
                names[node] = label
            elif id(node.value) in derived:
                names[node] = derived[id(node.value)]
            elif node.name:
                names[node] = given.get(node.name) or Name.parse(node.name, np.ndim(self.array(node)))
            elif node.kind in ("given", "constant") and np.size(self.array(node)) > 1:
                array = self.array(node)
                match = next((n for n, x in nameless.items() if n not in names.values() and _equal(x, array)), None)
                if match is not None:
                    names[node] = match
        taken = {name.text for name in names.values()}
        numbered = (name for k in range(1, 1 << 60) if (name := Name.parse(f"v_{k}")).text not in taken)
        for group in self.grouping.groups:
            node = self.head(group)
            computed = group.kind in ("operation", "computed", "parameter") and not self.layers
            if node not in names and computed and np.ndim(self.array(node)) == 0:
                names[node] = replace(next(numbered), ndim=0)
        return names

    @property
    def _derived(self) -> tuple[dict[int, Name], dict[str, Name], dict[Name, Any]]:
        """The names in the derivation: by identity, by the name in the program, and of arrays without one."""
        if self.walkthrough is None:
            return {}, {}, {}
        steps = self.walkthrough.given
        derived = {id(x): name for name, x in self.walkthrough.replay.variables.items()}
        given = {step.name.source: step.name for step in steps if not step.nameless}
        return derived, given, {step.name: to_host(step.value) for step in steps if step.nameless}


def _equal(a: Any, b: Any) -> bool:
    return np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind in "fc" and np.asarray(b).dtype.kind in "fc")
