"""The page: one HTML file with the graph, the steps, their numbers, and the script that shows and hides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from minigrad.notation import printable
from minigrad.player.comparison import comparison
from minigrad.player.document import LARGE, document, json_in_page, moves, packed_level, packed_part
from minigrad.player.graph import Graph, graph_of
from minigrad.player.levels import Level, LevelName, levels, places
from minigrad.player.moments import Moment, spoken
from minigrad.player.panels import Numbers, numbers_of
from minigrad.player.questions import question
from minigrad.player.rows import given_values, order_list, table
from minigrad.walkthrough.formats.text import nameless_note
from minigrad.walkthrough.grade import CommonMistakes
from minigrad.walkthrough.walkthrough import Walkthrough
from minigrad.walkthrough.wrong_order import WrongOrder

__all__ = ["page"]

_CONTENTS = (Path(__file__).parent / "contents.html").read_text(encoding="utf-8")
_DATA = re.compile('<script type="application/json" class="data">.*?</script>', re.DOTALL)
_MAP = re.compile(' xlink:href="(data:image/[^"]*)"')
_MOST_LINES = 2000
_LEAST = 8_000  # characters of another level


def page(walkthrough: Walkthrough, level: LevelName = "lines") -> tuple[str, Graph | str]:
    """The whole page, and the picture of the graph that is in it, or why there is none.

    Arguments:
        level: that is shown first.

    Raises:
        ValueError: if the derivation has more than 2000 lines, or if there is no such level.
    """
    lines = len(walkthrough.given) + len(walkthrough)
    if lines > _MOST_LINES:
        raise ValueError(
            f"player: this derivation has {lines} lines, and a page can hold {_MOST_LINES}; "
            "name fewer values, leave out every_step=True, or explain a smaller model or fewer time steps"
        )
    (front, *others), left_out = levels(walkthrough, level)
    found = [front, *others]
    numbers = dict(zip(found, numbers_of((one.walkthrough, one.steps) for one in found), strict=True))
    own, picture = _body(front, found, numbers[front], is_first=True)
    if len(_packed(own, picture, 0)) > LARGE - _LEAST:
        others, left_out = [], left_out + [one.name for one in others]
    drawn = {one: _body(one, found, numbers[one]) for one in others}
    while True:  # until there is room for all
        found = sorted([front, *others], key=lambda one: len(one.walkthrough))
        first = _with_levels(own, front, found, left_out)
        rest = [
            packed_level(one.name, _with_maps_of(first, _with_levels(drawn[one][0], one, found, left_out)))
            for one in others
        ]
        room = LARGE - sum(map(len, rest))
        if not others or len(_packed(first, picture, room)) <= room:
            break
        left_out = [*left_out, others.pop().name]
    styles = [one.style for one in (picture, *(drawn[level][1] for level in others)) if isinstance(one, Graph)]
    contents = "\n".join([_packed(first, picture, room), *rest])
    return document(_title(walkthrough), contents, "".join(styles)), picture


def _with_maps_of(first: str, body: str) -> str:
    """Another level's player, in which maps that the first one has too are the numbers of these, for the script."""
    numbers = {image: n for n, image in enumerate(_MAP.findall(first))}

    def numbered(match: re.Match[str]) -> str:
        number = numbers.get(match[1])
        return match[0] if number is None else f' data-map="{number}"'

    return _MAP.sub(numbered, body)


def _packed(body: str, picture: Graph | str, room: int) -> str:
    """The first player: as it is, if there is room, or with the table alone, which can still be read, or packed."""
    if len(body) <= room:
        return body
    smaller = _DATA.sub(lambda data: packed_part(data[0]), body)
    if isinstance(picture, Graph):
        smaller = smaller.replace(picture.svg, packed_part(picture.svg, "The picture of the graph"))
    return smaller if len(smaller) <= room else packed_part(body, "This page")


def _body(level: Level, found: Sequence[Level], numbers: Numbers, *, is_first: bool = False) -> tuple[str, Graph | str]:
    """A player with the steps of one level, and its picture."""
    walkthrough, steps = level.walkthrough, level.steps
    wrong, mistakes = _wrong_order(walkthrough), CommonMistakes(walkthrough)
    data = [_data(mistakes, moment, scenes) for moment, scenes in zip(steps, numbers.scenes, strict=True)]
    notes = nameless_note(walkthrough.given), str(walkthrough.changed_note or "")
    stepwise = any(scene["kind"] != "all" for step in data for scene in step.get("scenes", ()))
    picture = graph_of(walkthrough, steps, "mg" if is_first else f"mg-{level.name}")
    switches = [_LEVELS, _FINE if stepwise else "", _PREDICT, "" if wrong is None else _WRONG]
    contents = _CONTENTS.format(
        title=_title(walkthrough),
        given=given_values(walkthrough.given),
        note="".join(f'<p class="note">{escape(note)}</p>' for note in notes if note),
        graph=_NO_GRAPH.format(escape(picture)) if isinstance(picture, str) else _GRAPH.format(picture.svg),
        scenes=_SCENES.format(numbers.sections) if numbers.sections else "",
        order=order_list(steps),
        compare="" if wrong is None else comparison(wrong, steps),
        table=table(steps),
        kind=(" arrays" if numbers.sections else "") + ("" if is_first else " other"),
        level=level.name,
        enter=_ENTER if stepwise else "",
        moves=moves(len(steps) - 1, "".join(switches)),
        left_out=_LEFT_OUT,
        data=json_in_page(
            {
                "steps": data,
                "arrays": numbers.arrays if is_first else [],
                "picture": None if isinstance(picture, str) else picture.data,
                "places": {other.name: places(level, other) for other in found if other is not level},
            }
        ),
    )
    return contents, picture


def _with_levels(body: str, level: Level, found: Sequence[Level], left_out: Sequence[str]) -> str:
    """The body with the choice between levels, if there is more than one, and what was left out."""
    options = "".join(f"<option{' selected' if one is level else ''}>{one.name}</option>" for one in found)
    choice = f'<label>steps <select class="level">{options}</select></label>' if len(found) > 1 else ""
    ways = " and ".join(f'walkthrough.player(level="{name}")' for name in left_out)
    note = f"<p>There is no room here for other steps; {escape(ways)} shows them.</p>\n" if left_out else ""
    return body.replace(_LEVELS, choice).replace(_LEFT_OUT, note)


def _title(walkthrough: Walkthrough) -> str:
    return escape(f"Backward pass of {printable(walkthrough.backward[0].name.source)}")


def _data(mistakes: CommonMistakes, moment: Moment, scenes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the script has to know about a step."""
    found: dict[str, Any] = {"say": spoken(moment.text)}
    asked = question(mistakes, moment)
    if asked is not None:
        found["ask"] = asked
    if scenes:
        found["scenes"] = scenes
    return found


def _wrong_order(walkthrough: Walkthrough) -> WrongOrder | None:
    """The sweep in the wrong order; none on a GPU, where it cannot run."""
    return walkthrough.wrong_order() if walkthrough.replay.loss.device == "cpu" else None


#: Where the choice between levels stands, and what was left out; no text of a page has such characters.
_LEVELS, _LEFT_OUT = "\x00levels\x00", "\x00left out\x00"
_GRAPH = '<div class="graph" tabindex="0" role="region" aria-label="graph">{}</div>'
_SCENES = '<div class="scenes" tabindex="0" role="region" aria-label="numbers of arrays">{}</div>'
_NO_GRAPH = '<p class="note">{}</p>'
_FINE = '<label><input type="checkbox" class="fine"> each position</label>'
_ENTER = '<p class="enter" hidden><button type="button" class="positions">position by position</button></p>\n'
_PREDICT = '<label><input type="checkbox" class="predict"> predict</label>'
_WRONG = '<label><input type="checkbox" class="depth-first"> wrong order</label>'
