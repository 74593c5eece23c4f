"""The page of a film: the graph, the loss, the updates, and a row of the table for each step."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from minigrad.drawing.formats.svg import svg
from minigrad.drawing.layout import NoGraphvizError, TooLargeError
from minigrad.notation import Name, number, padded, printable, width
from minigrad.notation.values import is_small
from minigrad.player.document import document, json_in_page, moves, packed
from minigrad.player.film.changes import changes
from minigrad.player.film.chart import chart
from minigrad.player.film.series import series
from minigrad.player.film.training import Training
from minigrad.player.graph import apart, no_picture, picture_of, size_rule
from minigrad.player.moments import on_one_line, spoken
from minigrad.player.rows import exact, given_values
from minigrad.walkthrough.formats.pieces import in_math, name_of, value_of

__all__ = ["film_page", "film_static", "film_text"]

_CONTENTS, _SCRIPT, _STYLE = (
    (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("film.html", "film.js", "film.css")
)
_SPOKEN = 4  # parameters


def film_page(training: Training) -> str:
    """The whole page."""
    picture, style, changed = _graph(training)
    loss = training.loss
    title = escape(f"Training of {printable(loss.source)}, {len(training.steps)} steps")
    given = '<p class="given" tabindex="0" role="group" aria-label="given values"><b>Given</b> {}</p>'
    data = {
        "steps": [{"say": text} for text in _said(training)],
        "arrays": [],
        "film": {"changes": changed},
    }
    contents = _CONTENTS.format(
        title=title,
        given=given.format(given_values(training.given)) if training.given else "",
        graph=picture,
        loss=in_math(name_of(loss)),
        updates="\n".join(_update(i, name, training.lr) for i, name in enumerate(training.parameters)),
        lr="" if training.lr is None else f' data-lr="{training.lr!r}"',
        rate="" if training.lr is None else f"<p>η = {number(training.lr)}, the learning rate</p>",
        chart=chart(training.losses, spoken(loss.text)),
        table=_table(training),
        moves=moves(len(training.steps) - 1),
        data=json_in_page(data),
    )
    return document(title, packed(contents), _STYLE + style, _SCRIPT)


def _graph(training: Training) -> tuple[str, str, list[Any]]:
    """The picture, its style, and how it changes."""
    pictures = [picture_of(step)[0] for step in training.steps]
    try:
        scenes = series(pictures)
    except (NoGraphvizError, TooLargeError) as error:
        return f'<p class="note">{escape(no_picture(error))}</p>', "", []
    drawn = [apart(svg(scene, prefix="mg").replace("xlink:href", "href")) for scene in scenes]
    picture, changed = changes([text for text, _ in drawn])
    style = "".join(dict.fromkeys(rules for _, rules in drawn)) + size_rule(scenes[0])
    return f'<div class="graph" tabindex="0" role="region" aria-label="graph">{picture}</div>', style, changed


def _update(i: int, name: Name, lr: float | None) -> str:
    """A line for a parameter, whose numbers the script takes from the table."""
    w, w_bar = name_of(name), name_of(name.bar)
    rule = "" if lr is None else in_math(f"{w}<mo>←</mo>{w}<mo>−</mo><mi>η</mi>{w_bar}")
    return (
        f'<li data-column="{i}"><span class="name">{in_math(w)}</span><span class="rule">{rule}</span> '
        f'<span class="numbers"></span> <span class="result"></span> '
        f'<small class="other">{in_math(w_bar, "<mo>=</mo>")} <span class="signal"></span></small></li>'
    )


def _table(training: Training) -> str:
    """A row for each step: the loss, and each parameter with its error signal."""
    names = [in_math(name_of(one)) for name in training.parameters for one in (name, name.bar)]
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("step", in_math(name_of(training.loss)), *names))
    rows = "\n".join(_row(training, k) for k in range(len(training.steps)))
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def film_static(training: Training) -> str:
    """The loss and the table, for where scripts do not run."""
    return f'<div class="minigrad">{chart(training.losses, spoken(training.loss.text))}\n{_table(training)}</div>'


def film_text(training: Training) -> str:
    """The table as plain text."""
    names = [one.text for name in training.parameters for one in (name, name.bar)]
    lines = [["step", training.loss.text, *names]]
    for k, loss in enumerate(training.losses):
        pairs = zip(training.parameters.values(), training.signals.values(), strict=True)
        lines.append([str(k), number(loss), *(on_one_line(values[k]) for pair in pairs for values in pair)])
    columns = [max(map(width, column)) for column in zip(*lines, strict=True)]
    rows = ("  ".join(map(padded, line, columns)).rstrip() for line in lines)
    return "\n".join(rows)


def _row(training: Training, k: int) -> str:
    cells = [f'<td class="loss"{exact(training.losses[k])}>{number(training.losses[k])}</td>']
    for name, values in training.parameters.items():
        cells += [_cell("value", values[k]), _cell("signal", training.signals[name][k])]
    return f'<tr data-step="{k}"><th scope="row"><a href="#step={k}">{k}</a></th>{"".join(cells)}</tr>'


def _cell(kind: str, value: Any) -> str:
    if np.ndim(value) == 0:
        return f'<td class="{kind}"{exact(value)}>{number(value)}</td>'
    large = "" if is_small(value) else " large"
    return f'<td class="{kind}{large}">{in_math(value_of(value))}</td>'


def _said(training: Training) -> Iterator[str]:
    """Each step in words, for those who listen."""
    for k, loss in enumerate(training.losses):
        words = [f"{training.loss.text} = {number(loss)}"]
        for name in list(training.parameters)[:_SPOKEN]:
            words += [f"{name.text} = {on_one_line(training.parameters[name][k])}"]
            words += [f"{name.bar.text} = {on_one_line(training.signals[name][k])}"]
        yield spoken(", ".join(words))
