"""Repetition: a loop with the same parameters is one box ×N, of many equal blocks the first and the last are shown."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from minigrad.drawing.graph.nodes import Graph
from minigrad.drawing.levels.folding.quotient import Quotient
from minigrad.drawing.levels.folding.regroup import common_enclosure, regrouped
from minigrad.drawing.levels.folding.signatures import Run, repeated_runs, signatures
from minigrad.drawing.levels.grouping import Group, Grouping, Kind, Summary
from minigrad.drawing.levels.structure.labels import label_key
from minigrad.drawing.levels.structure.scopes import common_scope, scope_path
from minigrad.notation import Name

__all__ = ["joined_kind", "repeated", "rolled"]

_LOOP = 3  # steps that make a loop
_BLOCKS = 4  # equal blocks of which those between the first and the last are folded
_NOTES = 3  # of more loops one note gives the number


def rolled(graph: Graph, quotient: Quotient) -> Grouping | None:
    """Each loop as one box, ×N; ``None`` where there is none.

    A loop is at least three times the same operations on the same parameters, one after the other.
    """
    grouping = quotient.grouping
    runs = repeated_runs(signatures(quotient, same_parameters=True), _LOOP)
    parts = [(run, quotient.computed[run.start : run.end]) for run in runs]
    notes = [f"a loop of {run.times:,} steps is one box" for run in runs]
    if len(runs) > _NOTES:
        notes = [f"{len(runs):,} loops of up to {max(run.times for run in runs):,} steps are one box each"]

    def describe(run: Run, inside: list[int], nodes: list[Any]) -> Group:
        groups = [grouping.groups[k] for k in inside]
        step = groups[: run.period]
        label = _label(groups[run.period - 1], groups[-1])
        folded = step[0].folded if run.period == 1 else [part for group in step for part in _parts(group)]
        times = run.times * groups[0].times if run.period == 1 else run.times
        return Group(nodes, joined_kind(groups), label, times, folded=folded)

    return _folded(graph, quotient, parts, describe, notes)


def repeated(graph: Graph, quotient: Quotient) -> Grouping | None:
    """Of four or more equal blocks with parameters of their own the first and the last, and one box for the others.

    A block that is a call of several boxes is left alone: it is one box soon.
    """
    grouping = quotient.grouping
    runs = repeated_runs(signatures(quotient, same_parameters=False), _BLOCKS)
    runs = [run for run in runs if not _is_of_calls(quotient, run)]
    parts = [(run, quotient.computed[run.start + run.period : run.end - run.period]) for run in runs]
    notes = []
    for run, inside in parts:
        scope = common_scope(quotient.scope(k) for k in inside)
        where = f" of {path}" if scope is not None and (path := scope_path(scope)) else ""
        notes.append(f"{run.times:,} equal blocks{where} are shown as the first, +{run.times - 2:,} more, and the last")

    def describe(run: Run, inside: list[int], nodes: list[Any]) -> Group:
        step = [grouping.groups[k] for k in inside[: run.period]]
        folded = [part for group in step for part in _parts(group)]
        return Group(nodes, "more", Summary(f"+{run.times - 2:,} more"), folded=folded)

    if len(runs) > _NOTES:
        notes = [f"{len(runs):,} rows of equal blocks are shown as the first, those between, and the last"]
    return _folded(graph, quotient, parts, describe, notes)


def _is_of_calls(quotient: Quotient, run: Run) -> bool:
    """Whether the blocks are several boxes each, and each block is within a call of its own."""
    inside = quotient.computed[run.start : run.end]
    first, second = inside[: run.period], inside[run.period : 2 * run.period]
    calls = [common_scope(quotient.scope(k) for k in block) for block in (first, second)]
    return run.period > 1 and None not in calls and common_scope(calls) not in calls


def _folded(
    graph: Graph, quotient: Quotient, parts: Sequence[tuple[Run, list[int]]], describe: Any, notes: Sequence[str]
) -> Grouping | None:
    """The grouping with one group for each part."""
    grouping = quotient.grouping
    part_of = {k: n for n, (_, inside) in enumerate(parts) for k in inside}
    into: list[Hashable] = [("run", part_of[k]) if k in part_of else k for k in range(len(grouping.groups))]
    blocks = {("run", n) for n, (run, inside) in enumerate(parts) if len(inside) < run.times * run.period}
    for k, group in enumerate(grouping.groups):
        if not quotient.is_computed[k] and quotient.is_part(k):
            users = {into[user] for user in quotient.after[k]}
            only = users.pop() if len(users) == 1 else None
            absorbs = only in blocks or grouping.level in ("stages", "modules") or group.kind == "constant"
            if isinstance(only, tuple) and absorbs:
                into[k] = only
    rows = _rows(quotient, into)
    for row in rows:
        for k in row:
            into[k] = ("row", row[0])

    if not quotient.is_worth(len(into) - len(set(into))):
        return None

    def described(key: Hashable, members: list[int]) -> Group:
        assert isinstance(key, tuple)
        nodes = [quotient.wiring.nodes[i] for i in members]
        if key[0] == "row":
            first, last = grouping.groups[quotient.owner[members[0]]], grouping.groups[quotient.owner[members[-1]]]
            return Group(nodes, "more", Summary(f"{_leaf_name(first)} … {_leaf_name(last)}"), len(members))
        run, inside = parts[key[1]]
        group: Group = describe(run, inside, nodes)
        group.enclosure = common_enclosure(grouping.enclosures, [grouping.groups[k].enclosure for k in inside])
        return group

    return regrouped(graph, grouping, [into[k] for k in quotient.owner], described, notes=notes)


def _rows(quotient: Quotient, into: list[Hashable]) -> list[list[int]]:
    """Leaves that the steps of a loop use in turn, x₁ in the first and x₂ in the second."""
    wiring = quotient.wiring
    rows: dict[Hashable, list[int]] = {}
    for k, group in enumerate(quotient.grouping.groups):
        if not quotient.is_computed[k] and isinstance(into[k], int) and len(quotient.after[k]) == 1:
            (only,) = {into[user] for user in quotient.after[k]}
            i = wiring.index[group.nodes[-1]]
            if isinstance(only, tuple) and group.kind in ("given", "constant"):
                uses = tuple((id(wiring.nodes[user].primitive), _others(quotient, user, i)) for user in wiring.users[i])
                rows.setdefault((only, group.kind, wiring.shapes[i], uses), []).append(k)
    return [row for row in rows.values() if len(row) >= _LOOP]


def _others(quotient: Quotient, user: int, i: int) -> Hashable:
    """The arguments of an operation beside one of its inputs: those that are leaves."""
    wiring = quotient.wiring
    return tuple("this" if j == i else j if wiring.nodes[j].kind == "parameter" else None for j in wiring.inputs[user])


def _leaf_name(group: Group) -> str:
    if isinstance(group.label, Name):
        return group.label.text
    node = group.nodes[-1]
    return Name.parse(node.name, len(getattr(node.value, "shape", ()))).text if node.name else group.kind


def joined_kind(groups: Sequence[Group]) -> Kind:
    """The kind of a box for several: a layer if one of them is."""
    return "layer" if any(group.kind == "layer" for group in groups) else "module"


def _parts(group: Group) -> list[Any]:
    """What a group is put together from: itself, if it is a module or a variable."""
    if group.folded:
        return list(group.folded)
    return [group.nodes[-1].primitive] if group.label is None or isinstance(group.label, Name) else [group.label]


def _label(first: Group, last: Group) -> Any:
    """What a loop is called: as each of its steps, if all have one name, else from the first name to the last."""
    if isinstance(first.label, Name) and isinstance(last.label, Name):
        return Summary(f"{first.label.text} … {last.label.text}")
    same = first.label is not None and label_key(first.label) == label_key(last.label)
    return first.label if same else Summary("loop")
