"""Calls of modules and blocks with a name: which contain which, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable

from minigrad.core.named_scope import Scope
from minigrad.drawing.levels.structure.labels import is_module, label_name
from minigrad.drawing.levels.structure.wiring import Wiring

__all__ = ["common_scope", "innermost", "only_call", "scope_of_leaf", "scope_path"]


def scope_path(scope: Scope) -> str:
    """The names of a scope and of those around it: ``layer1.0.conv1``."""
    return ".".join(filter(None, (label_name(s.label) for s in scope.path())))


def innermost(wiring: Wiring) -> set[Scope]:
    """The scopes that contain operations, but no inner scope with operations."""
    scopes = {node.scope for node in wiring.nodes if node.kind == "operation" and node.scope is not None}
    around: set[Scope] = set()
    for scope in scopes:
        outer = scope.outer
        while outer is not None and outer not in around:
            around.add(outer)
            outer = outer.outer
    return {scope for scope in scopes if scope.outer is not None and scope not in around}


def only_call(wiring: Wiring) -> Scope | None:
    """The call of a module in which all other calls are; ``None`` if there are several."""
    scopes = dict.fromkeys(node.scope for node in wiring.nodes if node.kind == "operation" and node.scope is not None)
    outermost = {path[0]: None for scope in scopes if (path := scope.path())}
    only = next(iter(outermost), None)
    return only if only is not None and len(outermost) == 1 and is_module(only.label) else None


def common_scope(scopes: Iterable[Scope | None]) -> Scope | None:
    """The innermost scope that contains all of these; ``None`` at the top level."""
    common: list[Scope] | None = None
    for scope in dict.fromkeys(scopes):
        path = scope.path() if scope else []
        if common is None:
            common = path
            continue
        depth = min(len(common), len(path))
        while depth and path[depth - 1] is not common[depth - 1]:
            depth -= 1
        common = common[:depth]
    return common[-1] if common else None


def scope_of_leaf(wiring: Wiring, i: int) -> Scope | None:
    """Where a leaf stands: a parameter or number within all its uses, what was given outside."""
    if wiring.nodes[i].kind in ("given", "unrecorded"):
        return None
    return common_scope(wiring.nodes[user].scope for user in wiring.users[i])
