"""``walkthrough.check()``: the derivation recomputed line by line, and held against finite differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minigrad.notation import Expression, write_python
from minigrad.notation.python import namespace
from minigrad.tensor import Tensor
from minigrad.walkthrough.replay import Replay
from minigrad.walkthrough.step import Step

__all__ = ["check", "compute", "values_of"]

_SMALL = 8  # elements that are varied one by one; a larger array is varied in four random directions


def check(given: Sequence[Step], forward: Sequence[Step], backward: Sequence[Step], replay: Replay) -> str:
    """One line that says what was found to agree.

    Raises:
        AssertionError: if a line does not, with both values.
    """
    values = values_of((*given, *forward, *backward))
    for step in (*forward, *backward):
        _agree(step.variable, compute(step.expression, values), step.value)
        running: Any = 0.0
        for part in step.contributions:
            arrives = compute(part.expression, values)
            running = running + arrives
            _agree(f"{step.variable} from {part.source}", arrives, part.value)
            _agree(f"{step.variable} so far", running, part.running_sum)
        if step.contributions:
            _agree(f"{step.variable}, all contributions", running, step.value)
    signals = {step.name: step.value for step in backward}
    exact = {x: np.asarray(v, dtype=np.float64) for x, v in replay.leaves.items()}
    here = replay.loss_at(exact)
    for leaf in exact:
        name = replay.names[leaf].bar
        _hold_against_differences(name.text, leaf, signals[name], exact, here, replay)
    lines, varied = len(forward) + len(backward), len(exact)
    return (
        f"{lines} lines recomputed, {varied} error signal{'s' if varied > 1 else ''} "
        "held against finite differences: all agree"
    )


def values_of(steps: Sequence[Step]) -> dict[str, Any]:
    """The displayed variables by their names in Python."""
    return {step.name.python: step.value for step in steps}


def compute(e: Expression, values: dict[str, Any]) -> Any:
    """What a formula says, computed from the values of its variables by the Python line that it prints as."""
    arrays: dict[str, Any] = {}

    def bind(array: Any) -> str:
        name = f"_{len(arrays)}"
        arrays[name] = array
        return name

    text = write_python(e, bind)
    return eval(text, namespace(), {**values, **arrays})


def _agree(what: str, found: Any, shown: Any) -> None:
    scale = float(np.max(np.abs(shown), initial=0.0)) or 1.0
    same = np.equal(found, shown) | (
        np.isnan(found) & np.isnan(shown)
    )  # infinities, and NaN, of which there is no more
    with np.errstate(invalid="ignore"):
        difference = float(np.max(np.where(same, 0.0, np.abs(found - shown)), initial=0.0)) / scale
    if not difference <= (1e-4 if np.asarray(shown).dtype == np.float32 else 1e-9):
        raise AssertionError(f"check: {what} is shown as {shown}, but its formula gives {found}")


def _hold_against_differences(
    what: str, leaf: Tensor, signal: Any, exact: dict[Tensor, Any], here: float, replay: Replay
) -> None:
    """Vary one leaf and see how far the loss moves: along each axis, or along some directions drawn at random."""
    value = exact[leaf]
    size = value.size
    drawn = size > _SMALL
    directions = np.random.default_rng(0).normal(size=(4, size)) / np.sqrt(size) if drawn else np.eye(size)
    step = 1e-6 * max(1.0, float(np.max(np.abs(value), initial=0.0)))
    for direction in directions:
        moved = step * direction.reshape(value.shape)
        ahead, behind = (replay.loss_at({**exact, leaf: value + m}) for m in (moved, -moved))
        slopes = sorted(((ahead - here) / step, (here - behind) / step))
        expected = float(np.sum(signal * direction.reshape(value.shape)))
        room = 1e-4 * (abs(expected) + float(np.max(np.abs(signal), initial=0.0))) + 1e-15 * max(1.0, abs(here)) / step
        # Where the function has a kink the two slopes differ, and the error signal may be anything between them.
        if not slopes[0] - room <= expected <= slopes[1] + room:
            raise AssertionError(
                f"check: {what} says that the loss moves by {expected:.6g} for a step of 1, "
                f"but finite differences give {slopes[0]:.6g} … {slopes[1]:.6g}"
            )
