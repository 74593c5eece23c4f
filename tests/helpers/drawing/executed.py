"""What a program executes, counted independently of what is drawn: by a spy in place of every forward function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

import minigrad as mg
from minigrad.core.primitive import Primitive, primitives
from minigrad.drawing.graph.nodes import Graph

__all__ = ["Executed", "assert_drawn", "leading_to", "plain", "spy"]


class Executed(NamedTuple):
    """A call of a forward function."""

    primitive: Primitive
    arrays: tuple[Any, ...]
    output: Any


@contextmanager
def spy() -> Iterator[list[Executed]]:
    """All calls of forward functions within the block."""
    log: list[Executed] = []
    originals = [(p, p.forward) for p in primitives()]

    def watched(p: Primitive, forward: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arrays: Any, **params: Any) -> Any:
            y = forward(*arrays, **params)
            log.append(Executed(p, tuple(arrays[0]) if p.as_list else arrays, y[0] if p.saves else y))
            return y

        return call

    for p, forward in originals:
        p.forward = watched(p, forward)
    try:
        yield log
    finally:
        for p, forward in originals:
            p.forward = forward


def leading_to(root: mg.Tensor, log: list[Executed]) -> list[Executed]:
    """The calls whose outputs the root was computed from, told by the identity of arrays."""
    needed, found = {id(plain(root))}, []
    for call in reversed(log):
        if id(call.output) in needed:
            needed.update(map(id, call.arrays))
            found.append(call)
    return found[::-1]


def plain(x: Any) -> Any:
    return x._data if isinstance(x, mg.Tensor) else x


def assert_drawn(graph: Graph, log: list[Executed]) -> None:
    """Every call in the log is a node of the graph with its arguments, and there are no others.

    Beside these there are only ``t.detach()`` and comparisons, which are no primitives.
    """
    known = {call.primitive for call in log} | {p for p in primitives() if p.__module__.startswith("minigrad.rules")}
    operations = [node for node in graph.nodes if node.primitive is not None and node.primitive in known]
    assert len(operations) == len(log)
    for node, call in zip(operations, log, strict=True):
        assert node.primitive is call.primitive
        assert plain(node.value) is call.output
        sources = [use.source for use in graph.uses if use.target is node]
        assert len(sources) == len(call.arrays)
        for source, array in zip(sources, call.arrays, strict=True):
            value = plain(source.value)
            assert value is array or (np.array_equal(value, array) and np.ndim(array) == 0)
