"""Groups joined: chains between variables, many leaves, pieces of the order of computation."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import Any

from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.folding.quotient import Quotient
from minigrad.drawing.levels.folding.regroup import common_enclosure, regrouped
from minigrad.drawing.levels.folding.repetition import joined_kind
from minigrad.drawing.levels.grouping import Group, Grouping, Summary
from minigrad.notation import Name

__all__ = ["chains_joined", "leaves_joined", "parameters_joined", "pieces_joined"]

_PIECES = 64  # the most pieces of the order of computation
_LEAVES = 8  # leaves that go into the same box before they share one
_FEW = 12  # boxes, which can be read in any case


def chains_joined(graph: Graph, quotient: Quotient) -> Grouping | None:
    """Chains of operations without names as one box, with the variable in which they end."""
    grouping = quotient.grouping
    if grouping.level == "stages":
        return None
    groups, is_computed = grouping.groups, quotient.is_computed
    into = list(range(len(groups)))
    inputs = [sum(is_computed[j] for j in before) for before in quotient.before]
    for k in reversed(quotient.computed):
        if len(quotient.after[k]) == 1 and _is_nameless(groups[k]):
            (user,) = quotient.after[k]
            end = groups[user]
            is_value = end.label is None or isinstance(end.label, Name | Summary)
            if inputs[user] == 1 and is_value and end.kind != "failed" and end.enclosure == groups[k].enclosure:
                into[k] = into[user]
    if not quotient.is_worth(sum(end != k for k, end in enumerate(into))):
        return None
    length: dict[int, int] = {}
    for k in quotient.computed:
        count = sum(node.kind == "operation" for node in groups[k].nodes)
        length[into[k]] = length.get(into[k], 0) + count
    merged = {end for k, end in enumerate(into) if end != k}
    longest = max(length[end] for end in merged)
    several = f"{len(merged):,} chains of up to {longest:,} operations are one box each"
    notes = [several if len(merged) > 1 else f"a chain of {longest:,} operations is one box"]

    def describe(inside: list[int], nodes: list[Any]) -> Group:
        last = groups[inside[-1]]
        named = isinstance(last.label, Name) and not _is_nameless(last)
        label: Any = last.label if named else _operations(nodes)
        return Group(nodes, joined_kind([groups[k] for k in inside]), label)

    keys: list[Hashable] = [("chain", end) if end in merged else end for end in into]
    return _joined(graph, quotient, keys, describe, notes, lambda k: groups[k].nodes[-1].name is None)


def _operations(nodes: list[Any]) -> Summary:
    return Summary(f"{sum(node.kind == 'operation' for node in nodes):,} operations")


def _is_nameless(group: Group) -> bool:
    """Whether the program has no name for it."""
    return group.nodes[-1].name is None and (group.label is None or isinstance(group.label, Name | Summary))


def leaves_joined(graph: Graph, quotient: Quotient) -> Grouping | None:
    """Many leaves of one kind that go into the same boxes, as one."""
    grouping = quotient.grouping
    alike: dict[Hashable, list[int]] = {}
    for k, group in enumerate(grouping.groups):
        if not quotient.is_computed[k]:
            alike.setdefault((group.nodes[-1].kind, frozenset(quotient.after[k])), []).append(k)
    into: list[Hashable] = list(range(len(grouping.groups)))
    notes = []
    for together in alike.values():
        if len(together) >= _LEAVES:
            notes.append(_leaf_label(grouping, together) + ", which go into the same box, are one box")
            for k in together:
                into[k] = ("leaves", together[0])

    def describe(inside: list[int], nodes: list[Any]) -> Group:
        return Group(nodes, "more", Summary(_leaf_label(grouping, inside)))

    return _joined(graph, quotient, into, describe, notes, quotient.is_part)


def _leaf_label(grouping: Grouping, inside: Sequence[int]) -> str:
    nodes = [node for k in inside for node in grouping.groups[k].nodes]
    kinds = {node.kind for node in nodes}
    word = {"parameter": "parameters", "constant": "constants", "buffer": "buffers"}.get(nodes[0].kind, "values")
    return f"{len(nodes):,} {word if len(kinds) == 1 else 'values'}"


def parameters_joined(graph: Graph, quotient: Quotient) -> Grouping | None:
    """Arrays of parameters that a single box uses within that box; of a single number the value is worth seeing."""
    groups = quotient.grouping.groups
    into: list[Hashable] = list(range(len(groups)))
    for k, group in enumerate(groups):
        is_array = bool(quotient.wiring.shapes[quotient.members(k)[-1]])
        if group.kind == "parameter" and is_array and len(quotient.after[k]) == 1:
            (user,) = quotient.after[k]
            if groups[user].kind in ("computed", "operation"):
                into[k] = into[user] = ("with parameters", user)
    if not quotient.is_worth(sum(group.kind == "parameter" and into[k] != k for k, group in enumerate(groups))):
        return None

    def describe(inside: list[int], nodes: list[Any]) -> Group:
        return replace(groups[inside[-1]], nodes=nodes)

    note = "parameters are in the boxes that use them"
    return _joined(graph, quotient, into, describe, [note], lambda k: False)


def pieces_joined(graph: Graph, quotient: Quotient) -> Grouping | None:
    """Pieces of the order of computation, with the leaves that each alone uses."""
    grouping = quotient.grouping
    computed = [k for k in quotient.computed if grouping.groups[k].kind != "failed"]
    if len(grouping.groups) <= _FEW or len(computed) < 2:
        return None
    count = min(_PIECES, len(computed) // 2)
    into: list[Hashable] = list(range(len(grouping.groups)))
    for n, k in enumerate(computed):
        into[k] = ("piece", n * count // len(computed))
    operations = sum(node.kind == "operation" for k in computed for node in grouping.groups[k].nodes)
    leaves = [k for k, is_computed in enumerate(quotient.is_computed) if not is_computed]
    several = [k for k in leaves if len({into[user] for user in quotient.after[k]}) > 1]
    if len(several) > _LEAVES:
        for k in several:
            into[k] = ("several", 0)

    def describe(inside: list[int], nodes: list[Any]) -> Group:
        key = into[inside[-1]]
        assert isinstance(key, tuple)
        if key[0] == "several":
            return Group(nodes, "more", Summary(_leaf_label(grouping, inside)))
        label = Summary(f"part {key[1] + 1} of {count}") if count > 1 else _operations(nodes)
        return Group(nodes, joined_kind([grouping.groups[k] for k in inside]), label)

    before = Grouping(grouping.groups, grouping.enclosures, [], grouping.level)  # what was folded is within the parts
    notes = [f"{operations:,} operations are cut into parts, in the order of computation"]
    many = len(leaves) > _LEAVES
    absorbs = (lambda k: True) if many else quotient.is_part
    return _joined(graph, replace(quotient, grouping=before), into, describe, notes, absorbs)


def _joined(
    graph: Graph,
    quotient: Quotient,
    into: list[Hashable],
    describe: Any,
    notes: Sequence[str],
    absorbs: Callable[[int], bool],
) -> Grouping | None:
    """Groups with equal keys joined, and with them the leaves that they alone use and that `absorbs` is true of."""
    grouping = quotient.grouping
    if all(isinstance(key, int) for key in into):
        return None
    computed = quotient.is_computed
    for k in range(len(into)):
        if not computed[k] and isinstance(into[k], int) and absorbs(k) and grouping.groups[k].kind != "unrecorded":
            users = {into[user] for user in quotient.after[k]}
            if len(users) == 1 and not isinstance(key := users.pop(), int):
                into[k] = key
    inside: dict[Hashable, list[int]] = {}
    for k, key in enumerate(into):
        inside.setdefault(key, []).append(k)

    def described(key: Hashable, members: list[int]) -> Group:
        nodes = [quotient.wiring.nodes[i] for i in members]
        parts = [k for k in inside[key] if computed[k]]
        around = common_enclosure(grouping.enclosures, [grouping.groups[k].enclosure for k in parts])
        group: Group = describe(parts or inside[key], nodes)
        group.enclosure = around
        return group

    return regrouped(graph, grouping, [into[k] for k in quotient.owner], described, notes=notes)
