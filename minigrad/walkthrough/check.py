"""``walkthrough.check()``: every line recomputed from its formula, and compared with finite differences."""

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

_SMALL = 8  # arrays of up to 8 elements are varied one by one, larger ones in four random directions


def check(given: Sequence[Step], forward: Sequence[Step], backward: Sequence[Step], replay: Replay) -> str:
    """Check all steps; returns a one-line summary.

    Raises:
        AssertionError: if a line does not agree, with both values.
    """
    values = values_of((*given, *forward, *backward))
    for step in (*forward, *backward):
        _check_value(step.variable, compute(step.expression, values), step.value)
        running: Any = 0.0
        for part in step.contributions:
            contribution = compute(part.expression, values)
            running = running + contribution
            _check_value(f"{step.variable} from {part.source}", contribution, part.value)
            _check_value(f"{step.variable} so far", running, part.running_sum)
        if step.contributions:
            _check_value(f"{step.variable}, all contributions", running, step.value)
    signals = {step.name: step.value for step in backward}
    leaves = {x: np.asarray(v, dtype=np.float64) for x, v in replay.leaves.items()}
    loss = replay.loss_at(leaves)
    for leaf in leaves:
        name = replay.names[leaf].bar
        _check_error_signal(name.text, leaf, signals[name], leaves, loss, replay)
    lines, varied = len(forward) + len(backward), len(leaves)
    return (
        f"{lines} lines recomputed, {varied} error signal{'s' if varied > 1 else ''} "
        "held against finite differences: all agree"
    )


def values_of(steps: Sequence[Step]) -> dict[Name, Any]:
    """The values of all variables, by name."""
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


def _check_value(what: str, computed: Any, shown: Any) -> None:
    scale = float(np.max(np.abs(shown), initial=0.0, where=np.isfinite(shown))) or 1.0
    same = np.equal(computed, shown) | (np.isnan(computed) & np.isnan(shown))  # so ∞ and NaN agree with themselves
    with np.errstate(invalid="ignore"):
        difference = float(np.max(np.where(same, 0.0, np.abs(computed - shown)), initial=0.0)) / scale
    if not difference <= (1e-4 if np.asarray(shown).dtype in (np.float32, np.complex64) else 1e-9):
        raise AssertionError(f"check: {what} is shown as {shown}, but its formula gives {computed}")


def _check_error_signal(
    what: str, leaf: Tensor, signal: Any, leaves: dict[Tensor, Any], loss: float, replay: Replay
) -> None:
    """Compare an error signal with finite differences, along each axis or along a few random directions."""
    value = leaves[leaf]
    size = value.size
    directions = np.eye(size) if size <= _SMALL else np.random.default_rng(0).normal(size=(4, size)) / np.sqrt(size)
    for direction in (row.reshape(value.shape) for row in directions):
        # A step relative to the largest element, and one relative to each: 1e−7 must not step below 0.
        sizes = 1e-6 * max(1.0, float(np.max(np.abs(value), initial=0.0))), 1e-6 * np.abs(value)
        changes = [_loss_change(leaf, size * direction, signal, leaves, loss, replay) for size in sizes]
        if not any(agrees for agrees, *_ in changes):
            _, expected, low, high = changes[0]
            raise AssertionError(
                f"check: {what} predicts that the loss changes by {expected:.6g} for a small step, "
                f"but finite differences give {low:.6g} … {high:.6g}"
            )


def _loss_change(
    leaf: Tensor, step: Any, signal: Any, leaves: dict[Tensor, Any], loss: float, replay: Replay
) -> tuple[bool, float, float, float]:
    """Whether the loss changes as predicted; the predicted change, and those for a step forward and backward."""
    with np.errstate(all="ignore"):
        after, before = (replay.loss_at({**leaves, leaf: leaves[leaf] + s}) for s in (step, -step))
    low, high = sorted((after - loss, loss - before))
    expected = float(np.sum(signal * step))
    tolerance = 1e-4 * float(np.sum(np.abs(signal * step))) + 4e-15 * max(1.0, abs(loss))
    # Where the function has a kink the two differ, and the error signal may be anything between them.
    return low - tolerance <= expected <= high + tolerance, expected, low, high
