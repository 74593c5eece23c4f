"""``fold=`` and ``unfold=``: parts of a graph shown in less or in more detail than its level does."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from minigrad.core.named_scope import Scope
from minigrad.drawing.graph.nodes import Graph, Node
from minigrad.drawing.levels.folding.names import Pattern, Selection, selected
from minigrad.drawing.levels.folding.regroup import common_enclosure, owners, regrouped
from minigrad.drawing.levels.grouping import Enclosure, Group, Grouping
from minigrad.drawing.levels.modules import module_group
from minigrad.drawing.levels.structure.labels import label_key
from minigrad.drawing.levels.structure.leaves import absorbed
from minigrad.drawing.levels.structure.partition import single
from minigrad.drawing.levels.structure.scopes import innermost
from minigrad.drawing.levels.structure.wiring import Wiring, wiring_of
from minigrad.notation import Name

__all__ = ["fold", "opened", "unfold"]


def fold(graph: Graph, grouping: Grouping, patterns: Pattern | Sequence[Pattern]) -> Grouping:
    """Each call that a pattern means as one box; a variable within the formula that uses it.

    Arguments:
        patterns: names, with ``*`` for any text, functions of a scope's label, or several of these.

    Raises:
        TypeError: if a pattern is neither text nor a function.
        ValueError: if nothing has such a name, or no variable that a pattern means is used in one place alone.
    """
    found = selected(wiring_of(graph), grouping, patterns, "fold")
    variables = {group.nodes[-1]: exactly for group, exactly in found.groups.items()}
    if found.scopes:
        grouping = _calls_folded(graph, grouping, found)
        calls = {label_key(scope.label) for scope in found.scopes}
        for group in grouping.groups:
            if not isinstance(group.label, Name) and label_key(group.label) in calls:  # folded already
                variables.pop(group.nodes[-1], None)
    return _variables_folded(graph, grouping, variables)


def _calls_folded(graph: Graph, grouping: Grouping, found: Selection) -> Grouping:
    """Each selected call as one box, the outermost where they are within each other."""
    wiring = wiring_of(graph)
    owner = owners(wiring, grouping)
    keys: list[Hashable] = list(owner)
    outermost = _outermost(wiring, found)
    for i, node in enumerate(wiring.nodes):
        if node.kind == "operation" and node is not graph.failed and node.scope in outermost:
            keys[i] = outermost[node.scope]
    keys = _with_leaves(graph, grouping, owner, keys)

    def describe(key: Hashable, members: list[int]) -> Group:
        if not isinstance(key, Scope):
            group = single(graph, members)
            group.enclosure = grouping.groups[owner[members[0]]].enclosure
            return group
        group = module_group(graph, members, key.label)
        frames = [grouping.groups[owner[i]].enclosure for i in members if wiring.nodes[i].kind == "operation"]
        group.enclosure = common_enclosure(grouping.enclosures, frames)
        while group.enclosure is not None and grouping.enclosures[group.enclosure].label is key.label:
            group.enclosure = grouping.enclosures[group.enclosure].outer
        return group

    return regrouped(graph, grouping, keys, describe)


def _variables_folded(graph: Graph, grouping: Grouping, variables: dict[Node, bool]) -> Grouping:
    """Each of these variables within the group that alone uses it.

    Arguments:
        variables: whether a variable was named exactly; then it is an error if it cannot be folded.
    """
    wiring = wiring_of(graph)
    owner = owners(wiring, grouping)
    into = list(range(len(grouping.groups)))
    roots = {owner[i] for i in wiring.roots}
    for k in reversed(range(len(grouping.groups))):
        group = grouping.groups[k]
        exactly = variables.get(group.nodes[-1])
        if exactly is None:
            continue
        users = {into[owner[user]] for node in group.nodes for user in wiring.users[wiring.index[node]]} - {k}
        is_computed = group.nodes[-1].kind == "operation" and k not in roots
        if is_computed and len(users) == 1 and grouping.groups[user := users.pop()].kind != "failed":
            into[k] = user
        elif exactly:
            raise ValueError(
                f"draw: fold={group.nodes[-1].name!r}: only a computed variable that a single formula uses can be "
                "folded into it"
            )
    keys = [into[k] for k in owner]
    return regrouped(graph, grouping, keys, lambda key, members: single(graph, members))


def unfold(graph: Graph, grouping: Grouping, patterns: Pattern | Sequence[Pattern]) -> Grouping:
    """What is in the boxes that patterns mean: the parts of a stage, the calls within a module, its operations.

    Arguments and errors are those of `fold`.
    """
    wiring = wiring_of(graph)
    found = selected(wiring, grouping, patterns, "unfold")
    owner = owners(wiring, grouping)
    keys: list[Hashable] = list(owner)
    enclosures = list(grouping.enclosures)
    frames: dict[Hashable, int | None] = {}
    made: dict[Scope, int] = {}
    labels = {label_key(scope.label) for scope in found.scopes}
    inner = innermost(wiring)
    for k, group in enumerate(grouping.groups):
        operations = [wiring.index[node] for node in group.nodes if node.kind == "operation"]
        if len(operations) < 2:
            continue
        parts: dict[int, Hashable] = {}
        if group in found.groups:
            parts = {i: i for i in operations}
        else:
            parts = _next_level(wiring, operations, found)
            if len(set(parts.values())) < 2 and grouping.level == "stages" and label_key(group.label) in labels:
                parts = {i: scope if (scope := wiring.nodes[i].scope) in inner else i for i in operations}
        if len(set(parts.values())) < 2:
            continue
        for i, part in parts.items():
            keys[i] = ("part", k, part)
            frames[keys[i]] = _frame(wiring, enclosures, made, group, part, found)
    keys = _with_leaves(graph, grouping, owner, keys)

    def describe(key: Hashable, members: list[int]) -> Group:
        assert isinstance(key, tuple)
        _, k, part = key
        if isinstance(part, Scope):
            group = module_group(graph, members, part.label)
        else:
            group = single(graph, members)
            whole = grouping.groups[k]
            if group.nodes[-1] is whole.nodes[-1] and isinstance(whole.label, Name):
                group.label = whole.label
        users = [user for i in members for user in wiring.users[i]] if key[0] == "leaf" else []
        around = [frames.get(keys[user], grouping.groups[owner[user]].enclosure) for user in users]
        group.enclosure = common_enclosure(enclosures, around) if users else frames.get(key)
        return group

    return regrouped(graph, grouping, keys, describe, enclosures)


def opened(graph: Graph, grouping: Grouping, patterns: Pattern | Sequence[Pattern]) -> list[frozenset[Node]]:
    """The operations of each call and of each box that patterns mean, which `unfold` opens."""
    found = selected(wiring_of(graph), grouping, patterns, "unfold")
    inside: dict[Scope, list[Node]] = {scope: [] for scope in found.scopes}
    for node in graph.nodes:
        if node.kind == "operation" and node.scope is not None:
            for scope in node.scope.path():
                if scope in inside:
                    inside[scope].append(node)
    boxes = [[node for node in group.nodes if node.kind == "operation"] for group in found.groups]
    return [frozenset(nodes) for nodes in (*inside.values(), *boxes) if nodes]


def _outermost(wiring: Wiring, found: Selection) -> dict[Scope | None, Scope]:
    """For each scope the outermost selected one that contains it."""
    outermost: dict[Scope | None, Scope] = {}
    for scope in dict.fromkeys(node.scope for node in wiring.nodes if node.scope is not None):
        chosen = next((outer for outer in scope.path() if outer in found.scopes), None)
        if chosen is not None:
            outermost[scope] = chosen
    return outermost


def _next_level(wiring: Wiring, operations: list[int], found: Selection) -> dict[int, Hashable]:
    """The operations of a group within selected scopes: by the call one level further in, else each by itself."""
    parts: dict[int, Hashable] = {}
    for i in operations:
        scope = wiring.nodes[i].scope
        path = scope.path() if scope is not None else []
        selected_at = [depth for depth, outer in enumerate(path) if outer in found.scopes]
        if selected_at:
            parts[i] = path[selected_at[-1] + 1] if len(path) > selected_at[-1] + 1 else i
    return parts


def _frame(
    wiring: Wiring,
    enclosures: list[Enclosure],
    made: dict[Scope, int],
    group: Group,
    part: Hashable,
    found: Selection,
) -> int | None:
    """The frame around a part of a group: that of the selected scope, which is made where it is missing."""
    scope = part.outer if isinstance(part, Scope) else wiring.nodes[part].scope  # type: ignore[call-overload]
    if scope not in found.scopes:
        return group.enclosure
    index = group.enclosure
    while index is not None:
        if enclosures[index].label is scope.label:
            return index
        index = enclosures[index].outer
    if scope not in made:
        made[scope] = len(enclosures)
        enclosures.append(Enclosure(scope.label, group.enclosure))
    return made[scope]


def _with_leaves(graph: Graph, grouping: Grouping, owner: list[int], keys: list[Hashable]) -> list[Hashable]:
    """The keys, after leaves have left groups that were divided, and joined those that alone use them now."""
    wiring, n = wiring_of(graph), len(keys)
    whole = {k for k, group in enumerate(grouping.groups) if group.kind in ("layer", "module", "more")}
    changed = {owner[i] for i, node in enumerate(wiring.nodes) if node.kind == "operation" and keys[i] != owner[i]}

    def code(i: int) -> Hashable:
        """For `absorbed`: a number where parameters stay outside, as at a single operation."""
        key = keys[i]
        if isinstance(key, int):
            return ("whole", key) if key in whole else n + key
        return key[2] if isinstance(key, tuple) and isinstance(key[2], int) else key

    codes, loose = [code(i) for i in range(n)], []
    for i, node in enumerate(wiring.nodes):
        users = wiring.users[i]
        if node.kind == "operation" or not users or (isinstance(keys[i], int) and keys[i] != owner[i]):
            continue
        if owner[i] in changed or all(keys[user] != owner[user] for user in users):
            codes[i] = i
            loose.append(i)
    found, result = absorbed(wiring, codes), list(keys)
    for i in loose:
        if found[i] == i:
            result[i] = ("leaf", owner[i], i)
        else:
            result[i] = next(keys[user] for user in wiring.users[i] if codes[user] == found[i])
    return result
