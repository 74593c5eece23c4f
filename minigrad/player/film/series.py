"""Pictures of the steps of a training: the same boxes and arrows, each in the same place in all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from minigrad.drawing.layout.arrange import Arranged, arranged
from minigrad.drawing.layout.assemble import assemble
from minigrad.drawing.layout.boxes.measure import Measured
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Arrow, Box, Line, Map, Picture, Row
from minigrad.drawing.scene import Scene

__all__ = ["in_one_order", "series"]

_T = TypeVar("_T")
_Key = Hashable


def series(pictures: Sequence[Picture]) -> list[Scene]:
    """A scene for each picture: one layout, with room for the widest of each row and for rows that only some have.

    Raises:
        ValueError: if they do not have the same boxes and arrows.
        TooLargeError: if there are too many boxes, or no layout was found in time.
        NoGraphvizError: if there is no Graphviz.
    """
    if len({(tuple(box.key for box in p.boxes), tuple(map(_ends, p.arrows))) for p in pictures}) != 1:
        raise ValueError("series: the pictures do not have the same boxes and arrows")
    rows = [[_by_key(box.rows) for box in p.boxes] for p in pictures]
    labels = [[_by_key(arrow.labels) for arrow in p.arrows] for p in pictures]
    widest_rows = [_widest(one) for one in zip(*rows, strict=True)]
    widest_labels = [_widest(one) for one in zip(*labels, strict=True)]
    first = pictures[0]
    whole = replace(
        first,
        boxes=tuple(
            replace(box, rows=tuple(widest.values())) for box, widest in zip(first.boxes, widest_rows, strict=True)
        ),
        arrows=tuple(
            replace(arrow, labels=tuple(line for line in widest.values() if isinstance(line, Line)))
            for arrow, widest in zip(first.arrows, widest_labels, strict=True)
        ),
    )
    places = arranged(whole)
    keys = {id(row): key for widest in (*widest_rows, *widest_labels) for key, row in widest.items()}
    return [_scene(places, keys, *one) for one in zip(pictures, rows, labels, strict=True)]


def in_one_order(sequences: Iterable[Iterable[_T]]) -> list[_T]:
    """All elements of sequences that leave out some of them, in an order that agrees with each.

    >>> in_one_order(["ad", "abd", "acd"])
    ['a', 'c', 'b', 'd']
    """
    found: list[_T] = []
    for sequence in sequences:
        place = 0
        for x in sequence:
            if x in found:
                place = found.index(x) + 1
            else:
                found.insert(place, x)
                place += 1
    return found


def _ends(arrow: Arrow) -> tuple[str, str, str]:
    return arrow.key, arrow.source, arrow.target


def _by_key(rows: Iterable[Row]) -> dict[_Key, Row]:
    """The rows by what they are: the first line of a value, the second one, its map …"""
    times: Counter[_Key] = Counter()
    found: dict[_Key, Row] = {}
    for row in rows:
        kind: _Key = (type(row), row.part)
        if isinstance(row, Line):
            kind = (kind, row.size, row.centered, row.spans[0].role if row.spans else "")
        found[kind, times[kind]] = row
        times[kind] += 1
    return found


def _size(row: Row) -> float:
    if isinstance(row, Line):
        return line_width(row)
    return row.rgba.size * row.cell**2 if isinstance(row, Map) else 0.0


def _widest(variants: Sequence[dict[_Key, Row]]) -> dict[_Key, Row]:
    """The largest of each row, as objects of their own."""
    return {
        key: replace(max((rows[key] for rows in variants if key in rows), key=_size)) for key in in_one_order(variants)
    }


def _scene(
    arranged: Arranged,
    keys: dict[int, _Key],
    picture: Picture,
    rows: list[dict[_Key, Row]],
    labels: list[dict[_Key, Row]],
) -> Scene:
    """The scene of one picture in these places."""
    plan = arranged.plan
    boxes = {box.key: _measured(plan.boxes[box.key], keys, own) for box, own in zip(picture.boxes, rows, strict=True)}
    arrows = {arrow.key: (arrow, own) for arrow, own in zip(picture.arrows, labels, strict=True)}

    def written(arrow: Arrow) -> Arrow:
        """The arrow with its own labels, of those that there is room for."""
        one, own = arrows[arrow.key]
        lines = (own.get(keys[id(line)]) for line in arrow.labels)
        return replace(one, labels=tuple(line for line in lines if isinstance(line, Line)))

    bundles = [
        replace(b, forward=b.forward and written(b.forward), backward=b.backward and written(b.backward))
        for b in plan.bundles
    ]
    shown = replace(
        plan.picture,
        boxes=tuple(map(_described, plan.picture.boxes, picture.boxes)),
        arrows=tuple(map(written, plan.picture.arrows)),
        title=picture.title,
        description=picture.description,
    )
    plan = replace(plan, picture=shown, boxes=boxes, bundles=bundles)
    return assemble(plan, arranged.places, arranged.rows, arranged.careful)


def _described(box: Box, own: Box) -> Box:
    return replace(box, description=own.description)


def _measured(box: Measured, keys: dict[int, _Key], own: dict[_Key, Row]) -> Measured:
    """The box with its own rows; those that it does not have leave their place empty."""
    repeated = box.box.times > 1  # its name has the number of times behind it
    found = []
    for one in box.rows:
        key = keys.get(id(one.row)) if repeated else keys[id(one.row)]
        if key is None:
            found.append(one)
        elif key in own:
            found.append(replace(one, row=own[key]))
    return replace(box, rows=tuple(found))
