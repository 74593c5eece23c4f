"""What a user calls the parts of a graph: paths of modules, names of scopes and variables."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from minigrad.core.named_scope import Scope
from minigrad.drawing.levels.grouping import Group, Grouping
from minigrad.drawing.levels.structure.labels import label_key, label_name
from minigrad.drawing.levels.structure.wiring import Wiring
from minigrad.notation import Name

__all__ = ["Pattern", "Selection", "selected"]

Pattern = str | Callable[[Any], bool]
_SHOWN = 8  # names in an error message


class Selection:
    """The scopes and groups that some patterns mean; of groups, whether a pattern is their very name."""

    def __init__(self) -> None:
        self.scopes: dict[Scope, None] = {}
        self.groups: dict[Group, bool] = {}


def selected(wiring: Wiring, grouping: Grouping, patterns: Pattern | Sequence[Pattern], option: str) -> Selection:
    """The calls and variables that patterns mean.

    Arguments:
        patterns: names such as ``"layer1.0.conv1"``, its last part ``"conv1"`` or a variable ``"z"``, with ``*`` for
            any text; predicates on the label of a scope; or several of these.
        option: the keyword they were passed as, for errors.

    Raises:
        TypeError: if a pattern is neither text nor a function.
        ValueError: if nothing has such a name.
    """
    chosen = patterns if isinstance(patterns, list | tuple) else [patterns]
    scopes = _scope_names(wiring)
    groups = {group: _group_names(group) for group in grouping.groups}
    found = Selection()
    for pattern in chosen:
        if isinstance(pattern, str):
            scope_hits = [scope for scope, names in scopes.items() if _matches(pattern, names)]
            group_hits = [group for group, names in groups.items() if _matches(pattern, names)]
        elif callable(pattern):
            scope_hits, group_hits = [scope for scope in scopes if pattern(scope.label)], []
        else:
            raise TypeError(f"draw: {option} takes names or functions of a label, got {pattern!r}")
        if isinstance(pattern, str) and not scope_hits and not group_hits:
            raise ValueError(_unknown(pattern, option, [*scopes.values(), *groups.values()]))
        found.scopes.update(dict.fromkeys(scope_hits))
        for group in group_hits:
            found.groups[group] = found.groups.get(group, False) or pattern in groups[group]
    return found


def _matches(pattern: str, names: tuple[str, ...]) -> bool:
    return pattern in names or any(fnmatchcase(name, pattern) for name in names)


def _scope_names(wiring: Wiring) -> dict[Scope, tuple[str, ...]]:
    """The path of each scope and its last part, outermost scopes first."""
    names: dict[Scope, tuple[str, ...]] = {}
    labels: dict[Hashable, str] = {}
    for start in dict.fromkeys(node.scope for node in wiring.nodes):
        for scope in start.path() if start is not None and start not in names else ():
            if scope not in names:
                key = label_key(scope.label)
                if key not in labels:
                    labels[key] = label_name(scope.label)
                last = labels[key]
                outer = names.get(scope.outer, ("",))[0] if scope.outer is not None else ""
                path = f"{outer}.{last}" if outer and last else outer or last
                names[scope] = (path, *((last,) if last != path and last else ()))
    return names


def _group_names(group: Group) -> tuple[str, ...]:
    own = group.nodes[-1].name
    label = (group.label.source, group.label.text) if isinstance(group.label, Name) else ()
    return tuple(dict.fromkeys(name for name in (own, *label) if name))


def _unknown(pattern: str, option: str, known: list[tuple[str, ...]]) -> str:
    names = list(dict.fromkeys(name for part in known for name in part if name))
    near = get_close_matches(pattern, names[:2000], n=_SHOWN, cutoff=0.5) or names[:_SHOWN]
    if not near:
        return f"draw: {option}={pattern!r}: nothing in this graph has a name"
    more = f" and {len(names) - len(near):,} more" if len(names) > len(near) else ""
    return f"draw: {option}={pattern!r}: nothing here has this name; there is {', '.join(map(repr, near))}{more}"
