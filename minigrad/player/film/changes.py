"""What changes from picture to picture: a film has its graph once, and of each step what is different."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any, NamedTuple

from minigrad.player.film.series import in_one_order

__all__ = ["Change", "changes"]

_GROUP = re.compile("<g[ >].*?</g>", re.DOTALL)
_KEY = re.compile(r'data-key="(\w+)"')
_TAG = re.compile(r"<([\w:]+)((?: [\w:-]+=\"[^\"]*\")*)(/?)>([^<]*)")
_ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')


class Change(NamedTuple):
    """An attribute of an element, or its text.

    Attributes:
        element: its place among all elements of the picture.
        attribute: its name; empty for the text.
        values: at each step.
    """

    element: int
    attribute: str
    values: list[str]


class _Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    text: str


def changes(pictures: Sequence[str]) -> tuple[str, list[Change]]:
    """The first picture, and how it becomes each of the others.

    A group, the box or arrow of a key, that does not have the same elements in all pictures is there several times, of
    which one is shown at a time.

    Arguments:
        pictures: SVGs of the same size.
    """
    found = [_groups(picture) for picture in pictures]
    first = pictures[0]
    start, end = next(_GROUP.finditer(first)).start(), [*_GROUP.finditer(first)][-1].end()
    head, tail = first[:start], first[end:]
    place = len(_elements(head)) - 1  # the picture itself is none of its elements
    parts: list[str] = []
    changed: list[Change] = []
    for key in in_one_order(found):
        at = [groups.get(key) for groups in found]
        kinds = list(dict.fromkeys(_kind(markup) for markup in at if markup is not None))
        for number, kind in enumerate(kinds):
            is_shown = [markup is not None and _kind(markup) == kind for markup in at]
            steps = [markup for markup, shown in zip(at, is_shown, strict=True) if shown and markup is not None]
            markup = steps[0]
            if not all(is_shown):
                markup, name = _hideable(markup, number, hidden=not is_shown[0])
                changed.append(Change(place, "class", [name if shown else f"{name} hide" for shown in is_shown]))
            changed += _differences(place, steps, is_shown)
            parts.append(markup)
            place += len(_elements(markup))
    return head + "\n".join(parts) + tail, changed


def _groups(picture: str) -> dict[tuple[str, int], str]:
    """The groups of a picture by their keys; an arrow has one for its line, and another one for its label."""
    times: Counter[str] = Counter()
    found = {}
    for match in _GROUP.finditer(picture):
        named = _KEY.search(match[0])
        key = named[1] if named else ""
        found[key, times[key]] = match[0]
        times[key] += 1
    return found


def _elements(markup: str) -> list[_Element]:
    return [_Element(m[1], dict(_ATTRIBUTE.findall(m[2])), m[4].strip("\n")) for m in _TAG.finditer(markup)]


def _kind(markup: str) -> tuple[Any, ...]:
    """What groups have in common that differ in values of attributes and in texts alone."""
    return tuple((e.tag, tuple(e.attributes)) for e in _elements(markup))


def _hideable(markup: str, number: int, *, hidden: bool) -> tuple[str, str]:
    """A group that can be hidden, with ids of its own, and its class."""
    (group, *_), own = _elements(markup), f"v{number}"
    name = group.attributes.get("class", "part")
    ids = re.findall(r' id="([^"]*)"', markup)
    for one in sorted(ids, key=len, reverse=True) if number else ():
        markup = re.sub(rf'(?<=["\s]){re.escape(one)}(?=["\s])', one + own, markup)
    shown = f"{name} hide" if hidden else name
    if "class" in group.attributes:
        return markup.replace(f'class="{name}"', f'class="{shown}"', 1), name
    return markup.replace("<g", f'<g class="{shown}"', 1), name


def _differences(place: int, steps: Sequence[str], is_shown: Sequence[bool]) -> Iterator[Change]:
    """What differs between the steps at which a group is shown; where it is not, what was there before."""
    columns = zip(*map(_elements, steps), strict=True)
    for i, elements in enumerate(columns):
        for name in ("", *elements[0].attributes):
            values = [unescape(e.attributes[name] if name else e.text) for e in elements]
            if name != "class" and len(set(values)) > 1:
                yield Change(place + i, name, _filled(values, is_shown))


def _filled(values: Sequence[str], is_shown: Sequence[bool]) -> list[str]:
    waiting = iter(values)
    found, last = [], values[0]
    for shown in is_shown:
        last = next(waiting) if shown else last
        found.append(last)
    return found
