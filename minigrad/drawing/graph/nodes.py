"""The nodes and uses of a graph in full detail, before anything is folded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from minigrad.core.named_scope import Scope
from minigrad.core.primitive import Primitive

__all__ = ["Graph", "Node", "Use"]


@dataclass(eq=False, slots=True, weakref_slot=True)  # there may be 100,000
class Node:
    """A value: a leaf, or the output of an operation.

    Attributes:
        value: the Tensor, array or number itself.
        kind: ``"operation"`` was recorded; ``"parameter"`` requires gradients; ``"buffer"`` belongs to a module;
            ``"given"`` has a name; ``"constant"`` is a number or array without one; ``"unrecorded"`` was computed,
            but not recorded.
        name: its own name, the caller's variable, or a parameter's path (``conv1.weight``), as the program spells it.
        primitive, params: of an operation.
        scope: the call in which it was computed.
        gets_signal: whether the backward pass computes an error signal for it.
    """

    value: Any
    kind: Literal["operation", "parameter", "buffer", "given", "constant", "unrecorded"]
    name: str | None = None
    primitive: Primitive | None = None
    params: dict[str, Any] = field(default_factory=dict)
    scope: Scope | None = None
    gets_signal: bool = False


@dataclass(eq=False, slots=True)
class Use:
    """One use of a value: it is argument number `position` of the operation that computed `target`.

    `keyword`: whether it is given as a keyword, as the indices of ``x[i]`` are; those come after the arguments.
    """

    source: Node
    target: Node
    position: int
    keyword: bool = False


@dataclass(eq=False)
class Graph:
    """All nodes in the order of computation, all uses in the order of their targets and positions, and the roots.

    `failed` is the call that raised an error, whose output does not exist; its `value` is the error.
    """

    nodes: list[Node]
    uses: list[Use]
    roots: list[Node]
    failed: Node | None = None
