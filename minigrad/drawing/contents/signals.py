"""Error signals for a picture: one sweep over the recorded graph, which changes nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minigrad.core.changed_rules.changed_rules import ChangedRules
from minigrad.core.graph import match_input, sweep
from minigrad.core.primitive import Primitive, Rule
from minigrad.core.tensor import Tensor
from minigrad.device import to_host
from minigrad.drawing.graph.nodes import Graph, Node, Use

__all__ = ["Signals", "error_signals"]


@dataclass(eq=False)
class Signals:
    """What the backward pass computes.

    Attributes:
        of: the complete error signal of each node that has one.
        contributions: what each use of such a node adds to it.
        summed: for a use in which broadcasting stretched the value, the shape from which its contribution was summed.
        order: contributions (as uses) and complete error signals (as nodes), in the order of the sweep.
    """

    of: dict[Node, Any] = field(default_factory=dict)
    contributions: dict[Use, Any] = field(default_factory=dict)
    summed: dict[Use, tuple[int, ...]] = field(default_factory=dict)
    order: list[Node | Use] = field(default_factory=list)


def error_signals(graph: Graph, changed: ChangedRules | None = None) -> Signals | None:
    """The error signals of all nodes, and what each use contributes to them; ``None`` without a backward pass.

    By the rules of the operations, or by `changed` ones. There is a backward pass if the graph has a single root, a
    real number that requires gradients. Hooks are not called, nothing is freed, and no ``grad`` changes.

    Raises:
        RuntimeError: if the graph was freed, or a leaf has been written into since it was used.
    """
    roots = [node.value for node in graph.roots]
    if graph.failed is not None or len(roots) != 1 or not isinstance(roots[0], Tensor):
        return None
    root = roots[0]
    if not root.requires_grad or root.size != 1 or root.dtype.kind == "c":
        return None
    with np.errstate(all="ignore"):  # the picture marks NaN and infinity
        return _Sweep(graph, changed).run(root)


class _Sweep:
    """Runs the sweep that trains, with rules that note what they return."""

    def __init__(self, graph: Graph, changed: ChangedRules | None) -> None:
        self._changed = changed
        self._nodes = {id(node.value): node for node in graph.nodes}
        self._uses = {(use.target, use.position): use for use in graph.uses}
        self._signals = Signals()
        self._current: Tensor | None = None

    def run(self, root: Tensor) -> Signals:
        sweep(root, np.ones_like(root.data)[()], rules=self._rules, visit=self._visit)
        return self._signals

    def _visit(self, y: Tensor, y_bar: Any) -> Any:
        self._current = y
        node = self._nodes.get(id(y))
        if node is not None:
            self._signals.of[node] = to_host(y_bar)
            self._signals.order.append(node)
        return y_bar

    def _rules(self, primitive: Primitive) -> Iterator[Rule]:
        """An iterator: an operation on any number of arguments has infinitely many."""
        rules = primitive.rules if self._changed is None else self._changed(primitive)
        return (self._noted(i, rule, primitive.name) for i, rule in enumerate(rules))

    def _noted(self, i: int, rule: Rule, name: str) -> Rule:
        def noted(*args: Any, **params: Any) -> Any:
            y = self._current
            assert y is not None
            assert y._inputs is not None
            given = rule(*args, **params)
            x_bar = match_input(given, y._inputs[i].data, name)
            node = self._nodes.get(id(y))
            use = self._uses.get((node, i)) if node is not None else None
            if use is not None:
                self._signals.contributions[use] = to_host(x_bar)
                self._signals.order.append(use)
                if given.shape != x_bar.shape:
                    self._signals.summed[use] = given.shape
            return x_bar

        return noted
