"""Leaves that are part of a box: the weights of a layer, the numbers in its formulas."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from minigrad.drawing.levels.structure.wiring import Wiring

__all__ = ["absorbed"]


def absorbed(wiring: Wiring, keys: Sequence[Hashable], ends: Collection[Hashable] = ()) -> list[Hashable]:
    """The keys of nodes, with those of the group that uses it for each leaf that belongs to one.

    Parameters and buffers belong to the group that alone uses them, whatever the groups in `ends` do with them (a
    penalty on all weights). So do numbers, and arrays without a name that a module brings along, such as the mask of a
    dropout. What is given has a box of its own.

    Arguments:
        keys: a node that is in no group has its position as its key.
    """
    found = list(keys)
    for i, node in enumerate(wiring.nodes):
        if node.kind in ("operation", "given", "unrecorded") or i in wiring.roots or not wiring.users[i]:
            continue
        if node.kind == "parameter" and i not in wiring.parameters:
            continue
        if node.kind == "constant" and wiring.size(i) > 1 and not _is_brought_along(wiring, i):
            continue
        users = dict.fromkeys(found[user] for user in wiring.users[i])
        if node.kind in ("parameter", "buffer") and len(users) > 1:
            users = dict.fromkeys(key for key in users if key not in ends)
        if len(users) == 1:
            key = next(iter(users))
            if not isinstance(key, int) or node.kind == "constant":
                found[i] = key
    return found


def _is_brought_along(wiring: Wiring, i: int) -> bool:
    """Whether an array without a name is combined with a computed value within a module."""
    return all(
        wiring.nodes[user].scope is not None
        and wiring.nodes[user].scope.outer is not None  # type: ignore[union-attr]
        and any(wiring.nodes[j].kind == "operation" for j in wiring.inputs[user])
        for user in wiring.users[i]
    )
