"""``walkthrough.check()``: the derivation recomputed line by line, and held against finite differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.notation import Expression, Name, write_python
from minigrad.notation.python import LITERALS
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


def values_of(steps: Sequence[Step]) -> dict[Name, Any]:
    """The displayed variables."""
    return {step.name: step.value for step in steps}


def compute(e: Expression, values: Mapping[Name, Any]) -> Any:
    """The value of a formula: the Python line that it prints as, evaluated with the values of its variables."""
    bound: dict[str, Any] = {}  # by names that nobody else uses: variables and operations may be called anything

    def bind(value: Any) -> str:
        name = f"_{len(bound)}"
        bound[name] = value
        return name

    text = write_python(e, constant=bind, variable=lambda symbol: bind(values[symbol.name]), function=bind)
    with np.errstate(all="ignore"):
        return eval(text, dict(LITERALS), bound)


def _agree(what: str, found: Any, shown: Any) -> None:
    scale = float(np.max(np.abs(shown), initial=0.0, where=np.isfinite(shown))) or 1.0
    same = np.equal(found, shown) | (
        np.isnan(found) & np.isnan(shown)
    )  # infinities, and NaN, of which there is no more
    with np.errstate(invalid="ignore"):
        difference = float(np.max(np.where(same, 0.0, np.abs(found - shown)), initial=0.0)) / scale
    if not difference <= (1e-4 if np.asarray(shown).dtype in (np.float32, np.complex64) else 1e-9):
        raise AssertionError(f"check: {what} is shown as {shown}, but its formula gives {found}")


def _hold_against_differences(
    what: str, leaf: Tensor, signal: Any, exact: dict[Tensor, Any], here: float, replay: Replay
) -> None:
    """Vary one leaf and see how far the loss moves: along each axis, or along some directions drawn at random."""
    value = exact[leaf]
    size = value.size
    drawn = size > _SMALL
    directions = np.random.default_rng(0).normal(size=(4, size)) / np.sqrt(size) if drawn else np.eye(size)
    for direction in (row.reshape(value.shape) for row in directions):
        # A step in relation to the largest element, and one in relation to each: 1e−7 must not step below 0.
        steps = 1e-6 * max(1.0, float(np.max(np.abs(value), initial=0.0))), 1e-6 * np.abs(value)
        found = [_moves(leaf, step * direction, signal, exact, here, replay) for step in steps]
        if not any(agree for agree, *_ in found):
            _, expected, low, high = found[0]
            raise AssertionError(
                f"check: {what} says that the loss moves by {expected:.6g} for a small step, "
                f"but finite differences give {low:.6g} … {high:.6g}"
            )


def _moves(
    leaf: Tensor, moved: Any, signal: Any, exact: dict[Tensor, Any], here: float, replay: Replay
) -> tuple[bool, float, float, float]:
    """Whether the loss moves as the error signal says; how far it should, and how far it does ahead and behind."""
    with np.errstate(all="ignore"):
        ahead, behind = (replay.loss_at({**exact, leaf: exact[leaf] + m}) for m in (moved, -moved))
    low, high = sorted((ahead - here, here - behind))
    expected = float(np.sum(signal * moved))
    room = 1e-4 * float(np.sum(np.abs(signal * moved))) + 4e-15 * max(1.0, abs(here))
    # Where the function has a kink the two differ, and the error signal may be anything between them.
    return low - room <= expected <= high + room, expected, low, high
