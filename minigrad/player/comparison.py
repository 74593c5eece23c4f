"""Two sweeps side by side: in topological order, and depth first without it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from minigrad.notation.values import extent
from minigrad.player.moments import Moment
from minigrad.player.rows import exact
from minigrad.walkthrough.formats.pieces import in_math, name_of, value_of
from minigrad.walkthrough.step import Step
from minigrad.walkthrough.wrong_order import Comparison, WrongOrder

__all__ = ["comparison"]

_TABLE = """<section class="compare" tabindex="0" aria-label="both orders">
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p class="conclusion">{conclusion}</p>
</section>"""
_HEADS = "".join(f'<th scope="col">{head}</th>' for head in ("turn", "in topological order", "depth first"))


def comparison(wrong: WrongOrder, moments: Sequence[Moment]) -> str:
    """A row for each turn: the variable whose error signal each of the sweeps completes then, right or wrong.

    A row is seen from the step at which the right sweep has completed its variable, so that both run at the same pace.
    """
    steps: dict[str, Step] = {}
    places: dict[str, list[int]] = {}
    for k, moment in enumerate(moments):
        if moment.step is not None and moment.phase == "backward":
            steps[moment.step.target] = moment.step
            places.setdefault(moment.step.target, []).append(k)
    rows = []
    for turn, (right, other) in enumerate(zip(wrong.rows, wrong.sweep, strict=True), 1):
        when = places[right.target]
        kind = " class=parts" if other.target == wrong.parts_at else ""
        cells = (
            _cell(steps[right.target], right.right),
            _cell(steps[other.target], other.depth_first, _verdict(other, wrong)),
        )
        rows.append(
            f'<tr data-first="{when[0]}" data-last="{when[-1]}"{kind}><th scope="row">{turn}</th>{"".join(cells)}</tr>'
        )
    return _TABLE.format(heads=_HEADS, rows="\n".join(rows), conclusion=escape(" ".join(wrong.conclusion)))


def _cell(step: Step, value: Any, verdict: str = "") -> str:
    """The name is there from the beginning, what it is comes with its turn; of an array that is its norm."""
    if np.ndim(value):
        number = f": norm {extent(value)[2]}" if np.size(value) else ": empty"
    else:
        number = in_math("<mo>=</mo>", value_of(value))
    return f'<td>{in_math(name_of(step.name))}<span class="then"{exact(value)}>{number}{verdict}</span></td>'


def _verdict(row: Comparison, wrong: WrongOrder) -> str:
    """What a word and a shape say, and not a colour alone."""
    if row.agrees:
        return ""
    found = ' <strong class="verdict">✗ wrong</strong>'
    if row.target == wrong.parts_at:
        late = (
            f": passed on when {row.arrived} of {row.uses} contributions had arrived" if row.arrived < row.uses else ""
        )
        found += f' <em class="here">◆ here they differ{late}</em>'
    return found
