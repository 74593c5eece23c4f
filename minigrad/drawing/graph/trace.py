"""From Tensors to the graph that computed them: every operation that is known, and every value that they used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.graph import topological_order
from minigrad.core.named_scope import Scope
from minigrad.core.primitive import Primitive
from minigrad.core.recording.arrays import call_of_array, owner_of
from minigrad.core.recording.origin import Origin
from minigrad.core.tensor import Tensor
from minigrad.drawing.graph.nodes import Graph, Node, Use
from minigrad.notation.name import can_be_named

__all__ = ["Call", "call_of", "calls_of", "trace", "trace_call"]

_NUMBERS = (bool, int, float, complex)  # Python shares one object between all the 0.5 of a function
#: ``t.detach()``: the same value, without an error signal.
detach = Primitive("detach", lambda x: x, None)


class Call(NamedTuple):
    """How a value was computed, or would have been."""

    primitive: Primitive | None
    inputs: tuple[Any, ...]
    params: dict[str, Any]
    scope: Scope | None
    order: tuple[float, int] = (0, 0)


def trace(roots: Sequence[Tensor], variables: Mapping[int, str] | None = None) -> Graph:
    """The graph of some Tensors in full detail.

    Within ``record`` these are all operations that were executed for them; elsewhere those that the graph of the
    gradients knows, and what constants remember.

    Arguments:
        roots: what to draw.
        variables: names of Tensors and arrays that have none of their own, by their ``id``.

    Raises:
        RuntimeError: if a part of the graph was freed by ``backward``.
    """
    return _Tracer(roots, variables or {}).graph(roots)


def trace_call(error: BaseException, call: Call, variables: Mapping[int, str] | None = None) -> Graph:
    """The graph of a call that raised an error, which is its root."""
    inputs = [x for x in call.inputs if call_of(x) is not None]
    tracer = _Tracer(inputs, variables or {}, call.scope)
    tracer.graph(inputs)
    failed = tracer.operation(error, call)
    return Graph(tracer.nodes, tracer.uses, [failed], failed)


def call_of(x: Any) -> Call | None:
    """How a Tensor or an array was computed; ``None`` for a leaf, or if it is not known.

    Raises:
        RuntimeError: if its graph was freed.
    """
    if not isinstance(x, Tensor):
        noted = call_of_array(x) if type(x) is np.ndarray else None
        if noted is None:
            return None
        return Call(_primitive_of(noted.function), noted.inputs, noted.params, noted.scope, (noted.order, noted.serial))
    if x._primitive is not None:
        if x._inputs is None:
            topological_order(x)  # raises the error that says what to do
        return Call(x._primitive, x._inputs or (), x._params or {}, x._scope, (x._order, 0))
    known: Origin = None if x.requires_grad else x._origin
    if not known:
        return None
    primitive, inputs, params, _, _, scope = known
    if primitive is None and not isinstance(inputs[0], Tensor) and call_of_array(inputs[0]) is None:
        return None  # a plain array
    return Call(primitive or detach, inputs, params, scope, (x._order, 0))


def _arrays_in_keywords(call: Call) -> list[Any]:
    """Arrays that an operation was given as keywords, as the indices of ``x[i]``."""
    if not call.params or call.primitive is None:
        return []
    values = call.primitive.keywords(call.params).values()
    parts = (part for value in values for part in (value if type(value) is tuple else (value,)))
    return [owner_of(part) for part in parts if hasattr(part, "dtype") and np.ndim(part) > 0]


@cache
def _primitive_of(function: Callable[..., Any]) -> Primitive:
    """A function without a derivative, such as a comparison, as an operation to draw."""
    return Primitive(function.__name__.strip("_"), function, module="numpy")


def calls_of(roots: Iterable[Any]) -> dict[int, tuple[Any, Call]]:
    """All computed values that lead to the roots, by their ``id``, and how, in the order of computation."""
    found: dict[int, tuple[Any, Call]] = {}
    waiting = list(roots)
    seen = set(map(id, waiting))
    while waiting:
        y = waiting.pop()
        call = call_of(y)
        if call is None:
            continue
        found[id(y)] = y, call
        for x in (*call.inputs, *_arrays_in_keywords(call)):
            if (isinstance(x, Tensor) or type(x) is np.ndarray) and id(x) not in seen:
                seen.add(id(x))
                waiting.append(x)
    return dict(sorted(found.items(), key=lambda item: item[1][1].order))


def _with_signal(roots: Iterable[Tensor]) -> set[Tensor]:
    """What the backward pass from the roots reaches."""
    return {x for root in roots if isinstance(root, Tensor) and root.requires_grad for x in topological_order(root)}


def _paths(scopes: Iterable[Scope | None]) -> dict[Tensor, tuple[str, bool]]:
    """The paths of all parameters and buffers in the outermost modules that were called, and which are buffers."""
    paths: dict[Tensor, tuple[str, bool]] = {}
    asked: set[int] = set()
    for scope in dict.fromkeys(scopes):
        for around in scope.path() if scope is not None else ():
            label = around.label
            if id(label) in asked or not _is_module(label):
                continue
            asked.add(id(label))
            for path, x in label.named_buffers() if callable(getattr(label, "named_buffers", None)) else ():
                paths.setdefault(x, (path, True))
            for path, x in label.named_parameters():
                paths.setdefault(x, (path, False))
    return paths


def _is_module(label: Any) -> bool:
    return callable(getattr(label, "named_parameters", None))


def _in_modules(calls: Iterable[Call]) -> set[Tensor]:
    """What operations within modules use: those that are not their parameters were given to them."""
    return {
        x
        for call in calls
        if call.scope is not None and any(_is_module(around.label) for around in call.scope.path())
        for x in call.inputs
        if isinstance(x, Tensor) and x.requires_grad
    }


class _Tracer:
    """Makes one node for each value, and one use for each argument."""

    def __init__(self, roots: Sequence[Tensor], variables: Mapping[int, str], *scopes: Scope | None) -> None:
        self.variables = variables
        self.calls = calls_of(roots)
        self.paths = _paths((*(call.scope for _, call in self.calls.values()), *scopes))
        self.with_signal = _with_signal(roots)
        self.in_modules = _in_modules(call for _, call in self.calls.values()) if self.paths else set()
        self.nodes: list[Node] = []
        self.uses: list[Use] = []
        self.of: dict[int, Node] = {}  # by the identity of the value, which its node keeps

    def graph(self, roots: Sequence[Tensor]) -> Graph:
        for y, call in self.calls.values():
            self.operation(y, call)
        return Graph(self.nodes, self.uses, [self.node(root) for root in roots])

    def operation(self, value: Any, call: Call) -> Node:
        """The node of an operation, after those of its arguments."""
        sources = [(position, self.node(x)) for position, x in enumerate(call.inputs) if x is not None]
        keywords = [self.node(x) for x in _arrays_in_keywords(call)]
        node = Node(value, "operation", self.name(value), call.primitive, call.params, call.scope)
        node.gets_signal = isinstance(value, Tensor) and value in self.with_signal
        self.nodes.append(node)
        self.of[id(value)] = node
        self.uses += [Use(source, node, position) for position, source in sources]
        self.uses += [Use(x, node, i, keyword=True) for i, x in enumerate(keywords, len(call.inputs))]
        return node

    def node(self, x: Any) -> Node:
        """The node of a value; each use of a literal number is one of its own."""
        if isinstance(x, Tensor) and id(x) not in self.calls and not x.requires_grad and x._origin:
            x = x._origin[1][0]  # a plain array, which an operation was given
        node = self.of.get(id(x))
        if node is None or type(x) in _NUMBERS:
            node = Node(x, self.kind(x), self.name(x), gets_signal=isinstance(x, Tensor) and x in self.with_signal)
            self.nodes.append(node)
            self.of[id(x)] = node
        return node

    def kind(self, x: Any) -> Any:
        """A leaf that is no parameter and was not computed is given if it has a name, and else a constant."""
        if isinstance(x, Tensor):
            path = self.paths.get(x)
            if x.requires_grad:
                return "given" if path is None and x in self.in_modules else "parameter"
            if x._origin == ():
                return "unrecorded"
            if path is not None:
                return "buffer" if path[1] else "parameter"
        return "constant" if self.name(x) is None else "given"

    def name(self, x: Any) -> str | None:
        """Its own name, its path, or that of the variable that holds it."""
        own = x.name or self.paths.get(x, (None,))[0] if isinstance(x, Tensor) else None
        return own or (self.variables.get(id(x)) if can_be_named(x) else None)
