"""From the recorded graph to boxes, arrows and frames, with the calls of modules folded.

Every recorded operation knows the scope it was called in. With folding, all operations of an innermost scope (the call
of one layer) become one box, and the scopes around it become frames.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.graph import Operation, constant_operations, operation_of, topological_order
from minigrad.core.named_scope import Scope
from minigrad.core.tensor import Tensor
from minigrad.drawing import labels
from minigrad.notation.name import pretty
from minigrad.notation.values import number

__all__ = ["Box", "Frame", "Picture", "build_picture"]


class Box(NamedTuple):
    """A node of the picture."""

    kind: str  # "operation", "module", "parameter", "input" or "number"
    title: str
    subtitle: str
    notes: tuple[str, ...]
    error_signal: str | None  # of the variable that names the box
    name: str
    tooltip: str
    frame: int | None
    ordered: bool  # whether the order of incoming arrows matters, as in y − t
    result: bool  # whether this is the root of the graph


class Frame(NamedTuple):
    """A rounded frame around boxes and other frames."""

    label: str
    outer: int | None


class Picture(NamedTuple):
    """What to draw. Frames come outermost first; arrows are pairs of indices into `boxes`."""

    boxes: list[Box]
    arrows: list[tuple[int, int]]
    frames: list[Frame]


def build_picture(root: Tensor, *, variables: dict[int, str], fold: bool, values: bool, max_nodes: int) -> Picture:
    """The graph of `root` as boxes, arrows and frames, which hold no reference to it.

    Arguments:
        variables: names for Tensors and arrays without one of their own, keyed by ``id``.

    Raises:
        RuntimeError: if there is no graph, or if it was freed.
        ValueError: if there would be more than `max_nodes` boxes and frames.
    """
    operations = _operations(root)
    folded = _innermost_scopes([y._scope for y in operations]) if fold else set()
    return _PictureBuilder(root, operations, folded, variables, values, max_nodes, fold).build()


def _operations(root: Tensor) -> list[Tensor]:
    """The computed Tensors in the graph of `root`, in topological order."""
    if not root.requires_grad:
        raise RuntimeError(
            f"draw: {root._called()} has no graph: none of its inputs has requires_grad=True, or it was computed under "
            "no_grad; create the parameters with mg.Tensor(…, requires_grad=True)"
        )
    return [y for y in topological_order(root) if y._primitive is not None]


def _innermost_scopes(scopes: list[Scope | None]) -> set[Scope]:
    """The named scopes that contain operations and no inner scope with operations."""
    around: set[Scope] = set()
    for scope in set(scopes):
        outer = scope.outer if scope else None
        while outer is not None and outer not in around:
            around.add(outer)
            outer = outer.outer
    return {scope for scope in scopes if scope and scope.outer is not None and scope not in around}


class _PictureBuilder:
    """Collects boxes, keyed by what they show: a Scope, a Tensor, the identity of an array, one use of a number."""

    def __init__(
        self,
        root: Tensor,
        operations: list[Tensor],
        folded: set[Scope],
        variables: dict[int, str],
        values: bool,
        max_nodes: int,
        fold: bool,
    ) -> None:
        self.root, self.operations, self.folded, self.values = root, operations, folded, values
        self.variables, self.max_nodes, self.fold = variables, max_nodes, fold
        self.outputs: dict[Scope, list[Tensor]] = {}
        self.parameters: dict[Scope, dict[Tensor, None]] = {}
        self.users: dict[Tensor, list[Scope | None]] = {}  # of a parameter with a box of its own
        self.owners: dict[Tensor, set[Scope]] = {}
        self.names: dict[Tensor, str] = {}  # of parameters and buffers within their modules
        self.buffers: dict[Scope | None, dict[Tensor, str]] = {}
        self.constants = constant_operations(operations, lambda x: self._name(x) is not None)
        self.boxes: dict[Hashable, Box] = {}
        self.arrows: dict[tuple[Hashable, Hashable], int] = {}
        self.frames: dict[Scope, int] = {}
        self.frame_list: list[Frame] = []

    def build(self) -> Picture:
        self._collect_scope_contents()
        if not self.operations:
            self._parameter(self.root)
        for y in self.operations:
            key = self._key(y)
            sources = [source for i, x in enumerate(y._inputs or ()) for source in self._sources(y, i, x, y._scope)]
            if key not in self.boxes:
                self.boxes[key] = (
                    self._module(key) if isinstance(key, Scope) else self._operation(operation_of(y), y._scope)
                )
            self._connect(sources, key)
            self._check_size()
        position = {key: i for i, key in enumerate(self.boxes)}
        arrows = [(position[a], position[b]) for (a, b), n in self.arrows.items() for _ in range(n)]
        return Picture(list(self.boxes.values()), arrows, self.frame_list)

    def _connect(self, sources: list[Hashable], key: Hashable) -> None:
        for source in sources:
            if source is not key:  # else both are inside the same module
                # A module has one arrow from each value, an operation one for each use: two for x * x.
                self.arrows[source, key] = 1 if isinstance(key, Scope) else self.arrows.get((source, key), 0) + 1

    def _collect_scope_contents(self) -> None:
        """Find the outputs and the parameters of each folded scope."""
        scopes = {y._scope for y in self.operations}
        owned = {scope: _named(scope, "named_parameters") for scope in scopes}
        self.buffers = {scope: _named(scope, "named_buffers") or {} for scope in scopes}
        leaving = {self.root: None}
        for y in self.operations:
            key, own = self._key(y), owned[y._scope]
            for x in _tensors(y):
                if x._primitive is not None:
                    if self._key(x) is not key:
                        leaving[x] = None
                    continue
                if own and x in own:
                    self.names.setdefault(x, own[x])
                if isinstance(key, Scope) and (own is None or x in own):
                    self.parameters.setdefault(key, {})[x] = None
                    self.owners.setdefault(x, set()).add(key)
                else:
                    self.users.setdefault(x, []).append(y._scope)
        for y in self.operations:
            key = self._key(y)
            if y in leaving and isinstance(key, Scope):
                self.outputs.setdefault(key, []).append(y)

    def _key(self, y: Tensor) -> Scope | Tensor:
        return y._scope if y._scope in self.folded else y

    def _sources(self, y: Tensor, position: int, x: Any, scope: Scope | None) -> list[Hashable]:
        """The keys of the boxes of input `x` of `y`, created if needed; none if it is folded away."""
        inside = scope in self.folded
        key: Hashable
        if isinstance(x, Tensor) and x.requires_grad:
            if x._primitive is not None:
                return [self._key(x)]
            return [] if inside and x not in self.users else [self._parameter(x)]
        if isinstance(x, Tensor) and x in self.constants:
            return self._constant(self.constants[x], scope)
        if isinstance(x, Tensor) and x in (buffers := self.buffers.get(scope, {})):
            if inside:
                return []  # a part of its module, as its parameters are
            self.names.setdefault(x, buffers[x])
        kind, key, frame = "input", x if isinstance(x, Tensor) else ("array", id(x)), None
        if labels.is_number(x) and self._name(x) is None:
            if inside:
                return []
            kind, key, frame = "number", (y, position), self._frame(scope)
        if key not in self.boxes:
            # An array combined with a computed value is a mask or a target, not an input of the network.
            constant = not isinstance(x, Tensor) and any(other._primitive is not None for other in _tensors(y))
            self.boxes[key] = self._leaf(kind, "constant" if constant else kind, x, frame)
        return [key]

    def _constant(self, operation: Operation, scope: Scope | None) -> list[Hashable]:
        """The box of a constant that was computed from others; the boxes of these within a folded module."""
        y = operation.output
        if y in self.boxes:
            return [y]
        sources = [key for i, x in enumerate(operation.inputs) for key in self._sources(y, i, x, scope)]
        if scope in self.folded:
            return sources
        self.boxes[y] = self._operation(operation, scope)
        self._connect(sources, y)
        return [y]

    def _parameter(self, x: Tensor) -> Tensor:
        if x not in self.boxes:
            frame = self._frame(_innermost_common(self.users.get(x, [None])))
            self.boxes[x] = self._leaf("parameter", "parameter", x, frame)
        return x

    # ------------------------------------------------------------------ the contents of boxes

    def _leaf(self, kind: str, word: str, x: Any, frame: int | None) -> Box:
        shape, dtype = np.shape(x), getattr(x, "dtype", "")
        if kind == "number":
            return Box(kind, number(x), "", (), None, "", f"the number {x}", frame, ordered=False, result=False)
        name, data, signal = self._name(x), x, None
        if isinstance(x, Tensor):
            data = x.data
            signal = labels.error_signal(x, values=self.values)
        title = labels.value_text(name, data, values=self.values)
        notes = (word if title else "", labels.shape_text(shape))
        return Box(
            kind, title or word, "", tuple(filter(None, notes)), signal, labels.short(name or ""),
            f"{word} {name or ''}\nshape {shape}, {dtype}", frame, ordered=False, result=x is self.root,
        )  # fmt: skip

    def _name(self, x: Any) -> str | None:
        own = (x.name or self.names.get(x)) if isinstance(x, Tensor) else None
        name = own or self.variables.get(id(x))
        return None if name is None else pretty(name, np.ndim(x))

    def _operation(self, operation: Operation, scope: Scope | None) -> Box:
        y, primitive = operation.output, operation.primitive
        sign = labels.symbol(primitive)
        name = self._name(y)
        value = labels.value_text(name, y.data, values=self.values)
        title, subtitle, notes = (value, sign, ()) if name else (sign, "", (value,))
        notes = (*notes, labels.shape_text(y.shape))
        tooltip = f"{name + ' = ' if name else ''}{labels.call_text(primitive, operation.params)}\n{_type(y)}"
        return Box(
            "operation", title, subtitle, tuple(filter(None, notes)), labels.error_signal(y, values=self.values),
            labels.short(name or ""), tooltip, self._frame(scope),
            ordered=len(operation.inputs) > 1, result=y is self.root,
        )  # fmt: skip

    def _module(self, scope: Scope) -> Box:
        notes = []
        for y in self.outputs[scope][:3]:
            value = labels.value_text(self._name(y), y.data, values=self.values)
            notes.append(": ".join(filter(None, (value, labels.shape_text(y.shape)))))
        if len(self.outputs[scope]) > 3:
            notes.append(f"… {len(self.outputs[scope])} outputs")
        parameters = self.parameters.get(scope, {})
        if parameters:
            notes.append(labels.count_text(parameters, any(len(self.owners[x]) > 1 for x in parameters)))
        types = "\n".join(map(_type, self.outputs[scope]))
        title = labels.scope_text(scope.label)
        name, _, call = title.partition(": ")  # as in "conv1: Conv2d(1, 6, 5)"
        if "(" in name:
            name, call = title, ""
        return Box(
            "module", name, call, tuple(filter(None, notes)), None, "", f"{scope.label}\n{types}",
            self._frame(scope.outer), ordered=False, result=self._key(self.root) is scope,
        )  # fmt: skip

    def _frame(self, scope: Scope | None) -> int | None:
        """The index of the frame of a scope, created with all outer frames; ``None`` at the top level."""
        outer = None
        for current in scope.path() if scope else []:
            if current not in self.frames:
                self.frames[current] = len(self.frame_list)
                self.frame_list.append(Frame(labels.scope_text(current.label), outer))
            outer = self.frames[current]
        return outer

    def _check_size(self) -> None:
        if len(self.boxes) + len(self.frame_list) > self.max_nodes:
            unfold = "" if self.fold else "fold modules (fold=True), "
            raise ValueError(
                f"draw: this graph of {len(self.operations):,} operations needs more than {self.max_nodes:,} nodes, "
                "too many to read, and Graphviz might not finish; draw a smaller case (fewer layers, time steps or "
                f'loop iterations), {unfold}put parts of it into `with mg.scope("…"):`, each of which folds into one '
                "box, or raise max_nodes"
            )


def _tensors(y: Tensor) -> Iterator[Tensor]:
    return (x for x in y._inputs or () if isinstance(x, Tensor) and x.requires_grad)


def _named(scope: Scope | None, method: str) -> dict[Tensor, str] | None:
    """The parameters or buffers of the module that is called in a scope, with their names; ``None`` if none is."""
    named = getattr(scope.label, method, None) if scope else None
    return {tensor: name for name, tensor in named()} if callable(named) else None


def _innermost_common(scopes: list[Scope | None]) -> Scope | None:
    """The innermost scope that contains all of these."""
    first, *others = [scope.path() if scope else [] for scope in scopes]
    depth = len(first)
    for path in others:
        depth = min(depth, len(path))
        while depth and path[depth - 1] is not first[depth - 1]:
            depth -= 1
    return first[depth - 1] if depth else None


def _type(y: Tensor) -> str:
    return f"shape {y.shape}, {y.dtype}"
