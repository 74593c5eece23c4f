"""The page: one HTML file with the graph, the steps, their numbers, and the script that shows and hides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from minigrad.notation import printable
from minigrad.player.comparison import comparison
from minigrad.player.document import LARGE, document, json_in_page, moves, packed, packed_level, packed_part
from minigrad.player.graph import Graph, graph_of
from minigrad.player.levels import Level, levels, places
from minigrad.player.moments import Moment, spoken
from minigrad.player.panels import numbers_of
from minigrad.player.questions import question
from minigrad.player.rows import given_values, order_list, table
from minigrad.walkthrough.formats.text import nameless_note
from minigrad.walkthrough.grade import CommonMistakes
from minigrad.walkthrough.walkthrough import Walkthrough
from minigrad.walkthrough.wrong_order import WrongOrder

__all__ = ["page"]

_CONTENTS = (Path(__file__).parent / "contents.html").read_text(encoding="utf-8")
_DATA = re.compile('<script type="application/json" class="data">.*?</script>', re.DOTALL)
_MOST_LINES = 2000


def page(walkthrough: Walkthrough) -> tuple[str, Graph | str]:
    """The whole page, and the picture of the graph that is in it, or why there is none.

    Raises:
        ValueError: if the derivation has more than 2000 lines.
    """
    lines = len(walkthrough.given) + len(walkthrough)
    if lines > _MOST_LINES:
        raise ValueError(
            f"player: this derivation has {lines} lines, and a page can hold {_MOST_LINES}; "
            "name fewer values, leave out every_step=True, or explain a smaller model or fewer time steps"
        )
    found, note = levels(walkthrough)
    bodies = {level.name: _body(level, found, note) for level in found}
    plain, picture = bodies["lines"]
    others = [packed_level(name, body) for name, (body, _) in bodies.items() if name != "lines"]
    room = LARGE - sum(map(len, others))
    if len(plain) > room:  # the table and the formulas can still be read
        smaller = _DATA.sub(lambda data: packed_part(data[0]), plain)
        if isinstance(picture, Graph):
            smaller = smaller.replace(picture.svg, packed_part(picture.svg, "The picture of the graph"))
        plain = smaller if len(smaller) <= room else plain
    contents = "\n".join([packed(plain), *others])
    styles = [one.style for _, one in bodies.values() if isinstance(one, Graph)]
    return document(_title(walkthrough), contents, "".join(styles)), picture


def _body(level: Level, found: Sequence[Level], left_out: str) -> tuple[str, Graph | str]:
    """A player with the steps of one level, and its picture."""
    walkthrough, steps, is_first = level.walkthrough, level.steps, level.name == "lines"
    wrong = _wrong_order(walkthrough)
    mistakes, numbers = CommonMistakes(walkthrough), numbers_of(walkthrough, steps)
    data = [_data(mistakes, moment, scenes) for moment, scenes in zip(steps, numbers.scenes, strict=True)]
    note = nameless_note(walkthrough.given)
    stepwise = any(scene["kind"] != "all" for step in data for scene in step.get("scenes", ()))
    picture = graph_of(walkthrough, steps, "mg" if is_first else f"mg-{level.name}")
    switches = [_levels(level, found), _FINE if stepwise else "", _PREDICT, "" if wrong is None else _WRONG]
    contents = _CONTENTS.format(
        title=_title(walkthrough),
        given=given_values(walkthrough.given),
        note=f'<p class="note">{escape(note)}</p>' if note else "",
        graph=_NO_GRAPH.format(escape(picture)) if isinstance(picture, str) else _GRAPH.format(picture.svg),
        scenes=_SCENES.format(numbers.sections) if numbers.sections else "",
        order=order_list(steps),
        compare="" if wrong is None else comparison(wrong, steps),
        table=table(steps),
        kind=(" arrays" if numbers.sections else "") + ("" if is_first else " other"),
        level=level.name,
        enter=_ENTER if stepwise else "",
        moves=moves(len(steps) - 1, "".join(switches)),
        left_out=f"<p>{escape(left_out)}</p>\n" if left_out else "",
        data=json_in_page(
            {
                "steps": data,
                "arrays": numbers.arrays,
                "picture": None if isinstance(picture, str) else picture.data,
                "places": {other.name: places(level, other) for other in found if other is not level},
            }
        ),
    )
    return contents, picture


def _title(walkthrough: Walkthrough) -> str:
    return escape(f"Backward pass of {printable(walkthrough.backward[0].name.source)}")


def _levels(level: Level, found: Sequence[Level]) -> str:
    """The choice between levels; nothing where there is one alone."""
    if len(found) < 2:
        return ""
    options = (f"<option{' selected' if one is level else ''}>{one.name}</option>" for one in found)
    return f'<label>steps <select class="level">{"".join(options)}</select></label>'


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


_GRAPH = '<div class="graph" tabindex="0" role="region" aria-label="graph">{}</div>'
_SCENES = '<div class="scenes" tabindex="0" role="region" aria-label="numbers of arrays">{}</div>'
_NO_GRAPH = '<p class="note">{}</p>'
_FINE = '<label><input type="checkbox" class="fine"> each position</label>'
_ENTER = '<p class="enter" hidden><button type="button" class="positions">position by position</button></p>\n'
_PREDICT = '<label><input type="checkbox" class="predict"> predict</label>'
_WRONG = '<label><input type="checkbox" class="depth-first"> wrong order</label>'
