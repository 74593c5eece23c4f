"""The page: one HTML file with the graph, the steps, their numbers, and the script that shows and hides."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from minigrad.notation import Name, printable
from minigrad.player.arrays import Arrays
from minigrad.player.moments import Moment, moments, spoken
from minigrad.player.panels import Panels
from minigrad.player.questions import question
from minigrad.player.rows import given_values, order_list, table
from minigrad.player.security import policy
from minigrad.walkthrough.check import values_of
from minigrad.walkthrough.formats.text import nameless_note
from minigrad.walkthrough.walkthrough import Walkthrough
from minigrad.walkthrough.wrong_order import WrongOrder

__all__ = ["page"]

_HERE = Path(__file__).parent
_MOST_LINES = 2000


def page(walkthrough: Walkthrough) -> str:
    """The whole page.

    Raises:
        ValueError: if the derivation has more than 2000 lines.
    """
    lines = len(walkthrough.given) + len(walkthrough)
    if lines > _MOST_LINES:
        raise ValueError(
            f"player: this derivation has {lines} lines, and a page can hold {_MOST_LINES}; "
            "name fewer values, leave out every_step=True, or explain a smaller model or fewer time steps"
        )
    steps = moments(walkthrough)
    wrong = _wrong_order(walkthrough)
    arrays = Arrays()
    panels = Panels(arrays, values_of((*walkthrough.given, *walkthrough)), _kinds(walkthrough))
    sections, data = [], []
    for k, moment in enumerate(steps):
        html, scenes = panels.of(k, moment)
        sections.append(html)
        data.append(_data(walkthrough, moment, scenes))
    title = escape(f"Backward pass of {printable(walkthrough.backward[0].name.source)}")
    note = nameless_note(walkthrough.given)
    stepwise = any(scene["positions"] for step in data for scene in step.get("scenes", ()))
    body = _TEMPLATE.format(
        title=title,
        given=given_values(walkthrough.given),
        note=f'<p class="note">{escape(note)}</p>' if note else "",
        graph="",
        scenes="\n".join(filter(None, sections)),
        order=order_list(steps),
        table=table(steps, wrong),
        last=len(steps) - 1,
        enter=_ENTER if stepwise else "",
        switches=(_FINE if stepwise else "") + _PREDICT + ("" if wrong is None else _WRONG),
        conclusion="" if wrong is None else f'<p class="wrong">{escape(" ".join(wrong.conclusion))}</p>',
        data=_json({"steps": data, "arrays": arrays.encoded}),
    )
    script, style = _file("player.js"), _file("player.css")
    return _PAGE.format(policy=policy(script, style), title=title, style=style, body=body, script=script)


def _data(walkthrough: Walkthrough, moment: Moment, scenes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the script has to know about a step."""
    found: dict[str, Any] = {"say": spoken(moment.text)}
    asked = question(walkthrough, moment)
    if asked is not None:
        found["ask"] = asked
    if scenes:
        found["scenes"] = scenes
    return found


def _kinds(walkthrough: Walkthrough) -> dict[Name, str]:
    learned = {step.name.unbarred for step in walkthrough.backward}
    return {step.name: "parameter" if step.name in learned else "given" for step in walkthrough.given}


def _wrong_order(walkthrough: Walkthrough) -> WrongOrder | None:
    """The sweep in the wrong order; none on a GPU, where it cannot run."""
    return walkthrough.wrong_order() if walkthrough.replay.loss.device == "cpu" else None


def _json(value: Any) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


_TEMPLATE = """<main class="mg-player">
<header><h1>{title}</h1>
<p class="given"><b>Given</b> {given}</p>{note}</header>
{graph}
<div class="current">
<section class="stage" aria-label="current step">
<p class="head"><span class="way"></span> <span class="what"></span> <span class="of"></span></p>
<p class="start-here">Every value is computed first, then every error signal. Press ▶ or the right arrow key.</p>
<div class="line"><span class="rule"></span><span class="numbers"></span><span class="result"></span></div>
<div class="ask" hidden><label><span class="asked"></span> = <input class="guess" autocomplete="off"></label>
<button type="button" class="check">check</button> <button type="button" class="reveal">show</button></div>
<p class="reply" role="status"></p>
{enter}<div class="sum"></div>
<div class="wrong"></div>
<p class="code"></p>
</section>
{order}
</div>
<div class="scenes">{scenes}</div>
<nav class="bar" aria-label="steps">
<button type="button" class="prev" aria-label="one step back">◀</button>
<input type="range" class="pos" min="0" max="{last}" value="0" aria-label="step">
<button type="button" class="next" aria-label="one step on">▶</button>
<output class="count"></output>
<button type="button" class="play" aria-pressed="false">play</button>
{switches}
<span class="score"></span>
<button type="button" class="smaller" aria-label="smaller text">A−</button>
<button type="button" class="larger" aria-label="larger text">A+</button>
<button type="button" class="show-table" aria-expanded="false">table</button>
<button type="button" class="show-help" aria-expanded="false" aria-label="help">?</button>
</nav>
<section class="help" aria-label="help">
<dl><dt>→ ←</dt><dd>one step on, one step back; so do swipes on the formula</dd><dt>Home, End</dt><dd>first and last step</dd>
<dt>space</dt><dd>play and stop</dd><dt>+ − 0</dt><dd>larger, smaller, usual text</dd><dt>t</dt><dd>the table of all steps</dd>
<dt>?</dt><dd>this help</dd></dl>
<p>A bar means an error signal: z̄ is dL/dz, how fast the loss L changes with z. Solid blue is the forward pass, dashed
vermillion the backward pass. A variable that is used several times gets a contribution from each use; they are added.</p>
</section>
<section class="all" aria-label="all steps">
<h2>All steps</h2>
<p class="prints"><button type="button" class="print-answers">print with answers</button>
<button type="button" class="print-blank">print without answers</button></p>
<div class="scroll" tabindex="0" role="region" aria-label="table of all steps">
{table}
</div>
{conclusion}
</section>
<p class="live" aria-live="polite"></p>
<script type="application/json" class="data">{data}</script>
</main>"""
_FINE = '<label><input type="checkbox" class="fine"> each position</label>'
_ENTER = '<p class="enter" hidden><button type="button" class="positions">position by position</button></p>\n'
_PREDICT = '<label><input type="checkbox" class="predict"> predict</label>'
_WRONG = '<label><input type="checkbox" class="depth-first"> wrong order</label>'
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
<script>{script}</script>
</body>
</html>
"""
