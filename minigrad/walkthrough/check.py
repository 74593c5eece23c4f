"""``walkthrough.check()``: every line recomputed from its formula, and compared with finite differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from minigrad.core.recording.scopes import plain_arrays
from minigrad.core.tensor import Tensor
from minigrad.notation import Expression, Name, write_python
from minigrad.notation.python import LITERALS
from minigrad.walkthrough.replay import Replay, rounding
from minigrad.walkthrough.step import Step

__all__ = ["check", "compute", "values_of"]

_SMALL = 8  # arrays of up to 8 elements are varied one by one, larger ones in random directions
_DIRECTIONS = 4
_GROUPS = 32  # of many leaves, several are varied together: the time grows with the graph, not with its square


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
    differences = _Differences(replay, leaves, {leaf: signals[replay.names[leaf].bar] for leaf in leaves})
    every = [x for x in leaves if x not in replay.not_derivatives]
    for group in (every[i::_GROUPS] for i in range(min(_GROUPS, len(every)))):
        differences.check(group)
    return _summary(len(forward) + len(backward), len(every), len(leaves) - len(every))


def _summary(lines: int, compared: int, changed: int) -> str:
    """What was checked; `changed` error signals follow from changed rules, and were not compared."""
    found = f"{lines} lines recomputed"
    if compared or changed:
        found += f", {compared} error signal{'s' if compared != 1 else ''} compared with finite differences"
    found += ": all agree"
    if changed:
        follow = (
            "error signals follow from changed rules" if changed > 1 else "error signal follows from a changed rule"
        )
        found += f"; {changed} {follow}, and {'were' if changed > 1 else 'was'} not compared with them"
    return found


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
    with np.errstate(all="ignore"), plain_arrays():
        return eval(text, dict(LITERALS), bound)


def _check_value(what: str, computed: Any, shown: Any) -> None:
    scale = float(np.max(np.abs(shown), initial=0.0, where=np.isfinite(shown))) or 1.0
    same = np.equal(computed, shown) | (np.isnan(computed) & np.isnan(shown))  # so ∞ and NaN agree with themselves
    with np.errstate(invalid="ignore"):
        difference = float(np.max(np.where(same, 0.0, np.abs(computed - shown)), initial=0.0)) / scale
    if not difference <= rounding(shown):
        raise AssertionError(f"check: {what} is shown as {shown}, but its formula gives {computed}")


class _Differences:
    """Error signals compared with finite differences of the loss."""

    def __init__(self, replay: Replay, leaves: dict[Tensor, Any], signals: dict[Tensor, Any]) -> None:
        self._replay, self._leaves, self._signals = replay, leaves, signals
        self._loss = replay.loss_at(leaves)

    def check(self, group: list[Tensor]) -> None:
        """Vary leaves together, and one by one where the loss does not change as their error signals predict."""
        if len(group) == 1:
            self._check_alone(*group)
        elif not self._agrees(dict(zip(group, next(self._random(group)), strict=True))):
            self.check(group[::2])
            self.check(group[1::2])

    def _random(self, group: list[Tensor]) -> Iterator[list[Any]]:
        rng = np.random.default_rng(0)
        while True:
            yield [rng.normal(size=self._leaves[x].shape) / np.sqrt(max(1, self._leaves[x].size)) for x in group]

    def _check_alone(self, leaf: Tensor) -> None:
        """Along each axis of a small leaf, or along a few random directions."""
        shape, size = self._leaves[leaf].shape, self._leaves[leaf].size
        if size <= _SMALL:
            directions = [row.reshape(shape) for row in np.eye(size)]
        else:
            directions = [direction for (direction,) in islice(self._random([leaf]), _DIRECTIONS)]
        for direction in directions:
            if not self._agrees({leaf: direction}):
                _, expected, low, high = self._change({leaf: self._step(leaf, relative=False) * direction})
                raise AssertionError(
                    f"check: {self._replay.names[leaf].bar.text} predicts that the loss changes by {expected:.6g} "
                    f"for a small step, but finite differences give {low:.6g} … {high:.6g}"
                )

    def _agrees(self, directions: dict[Tensor, Any]) -> bool:
        """Whether the loss changes as predicted, for a step relative to the largest element or to each."""
        return any(
            self._change({x: self._step(x, relative) * direction for x, direction in directions.items()})[0]
            for relative in (False, True)  # 1e−7 must not step below 0
        )

    def _step(self, leaf: Tensor, relative: bool) -> Any:
        value = np.abs(self._leaves[leaf])
        if relative:
            return 1e-6 * np.where(value == 0, 1.0, value)  # without a step, any prediction would agree
        return 1e-6 * max(1.0, float(np.max(value, initial=0.0)))

    def _change(self, steps: dict[Tensor, Any]) -> tuple[bool, float, float, float]:
        """Whether the loss changes as predicted; the predicted change, and those for a step forward and backward."""
        with np.errstate(all="ignore"):
            after, before = (
                self._replay.loss_at(self._leaves | {x: self._leaves[x] + sign * step for x, step in steps.items()})
                for sign in (1, -1)
            )
        low, high = sorted((after - self._loss, self._loss - before))
        shares = [self._signals[x] * step for x, step in steps.items()]
        expected = float(sum(np.sum(share) for share in shares))
        near = max(1e-4, *(rounding(self._signals[x]) for x in steps))
        tolerance = near * float(sum(np.sum(np.abs(share)) for share in shares)) + 4e-15 * max(1.0, abs(self._loss))
        # Where the function has a kink the two differ, and the error signal may be anything between them.
        return low - tolerance <= expected <= high + tolerance, expected, low, high
