"""The steps of a training: one program, with other values in each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigrad.device import to_host
from minigrad.notation import Name, number
from minigrad.walkthrough.step import Step
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["Training", "training_of"]


_MOST_LINES = 20_000


@dataclass(frozen=True, eq=False)
class Training:
    """What changes in the course of a training.

    Attributes:
        steps: the walkthroughs; before the first nothing was updated.
        loss: its name.
        losses: its value at each step.
        parameters: the values of what has an error signal and was not computed, at each step, by their names.
        signals: the error signals of these.
        given: the given variables that are the same at each step.
        lr: the learning rate, if it is known.
    """

    steps: Sequence[Walkthrough]
    loss: Name
    losses: list[float]
    parameters: dict[Name, list[Any]]
    signals: dict[Name, list[Any]]
    given: tuple[Step, ...]
    lr: float | None


def training_of(walkthroughs: Iterable[Walkthrough], lr: float | None) -> Training:
    """The training, if that is what these are.

    Raises:
        TypeError, ValueError: as `animate`.
    """
    steps = _checked(walkthroughs)
    first = steps[0]
    names = [step.name.unbarred for step in first.backward]
    leaves = {name for x, name in first.replay.names.items() if x.is_leaf}
    values = [{first.replay.names[x]: to_host(v) for x, v in first.replay.leaves.items()} for first in steps]
    signals = [{step.name.unbarred: to_host(step.value) for step in one.backward} for one in steps]
    learned = [name for name in names if name in leaves]
    rate = None if lr is None else _checked_lr(lr)
    training = Training(
        steps,
        first.backward[0].name.unbarred,
        [float(np.asarray(to_host(one.replay.loss.data)).item()) for one in steps],
        {name: [np.asarray(at[name]) for at in values] for name in learned},
        {name: [np.asarray(at[name]) for at in signals] for name in learned},
        tuple(step for step in first.given if step.name not in learned and _stays(step, steps)),
        rate,
    )
    if rate is not None:
        _check_updates(training, rate)
    return training


def _checked(walkthroughs: Iterable[Walkthrough]) -> list[Walkthrough]:
    if isinstance(walkthroughs, Walkthrough):
        raise TypeError(
            "animate: expected a list of what mg.explain returned in each step of a training, got one alone"
        )
    try:
        steps = list(walkthroughs)
    except TypeError:
        given = type(walkthroughs).__name__
        raise TypeError(f"animate: expected a list of what mg.explain returned in each step, got {given}") from None
    if not steps:
        raise ValueError(
            "animate: the list is empty; in each step of the training, before backward(): steps.append(mg.explain(L))"
        )
    lines = sum(len(step.given) + len(step) for step in steps if isinstance(step, Walkthrough))
    if lines > _MOST_LINES:
        raise ValueError(
            f"animate: {len(steps)} steps have {lines:,} lines together, and a page can hold {_MOST_LINES:,}; "
            "take every tenth, steps[::10] (without lr), or explain a smaller model"
        )
    for k, step in enumerate(steps):
        if not isinstance(step, Walkthrough):
            raise TypeError(
                f"animate: expected what mg.explain returns, got {type(step).__name__} at place {k}; "
                "in each step of the training: steps.append(mg.explain(L))"
            )
        _check_program(steps[0], step, k)
    return steps


def _check_program(first: Walkthrough, step: Walkthrough, k: int) -> None:
    """Whether it is the same program: the same lines, of the same given values."""
    names = [[s.variable for s in one.given] for one in (first, step)]
    if names[0] != names[1]:
        raise ValueError(_different(k, f"is given {', '.join(names[1])}", f"is given {', '.join(names[0])}"))
    for old, new in zip(first, step, strict=False):
        lines = [f"{one.variable} = {one.formula}" for one in (old, new)]
        if lines[0] != lines[1]:
            raise ValueError(_different(k, f"has the line {lines[1]}", f"has {lines[0]} there"))
    if len(first) != len(step):
        raise ValueError(_different(k, f"has {len(step)} lines", f"has {len(first)}"))


def _different(k: int, this: str, that: str) -> str:
    return (
        f"animate: walkthrough {k} is of another program than walkthrough 0: it {this}, and walkthrough 0 {that}; "
        "a film shows successive steps of one program"
    )


def _checked_lr(lr: Any) -> float:
    if not isinstance(lr, int | float | np.number) or isinstance(lr, bool):
        raise TypeError(f"animate: lr is a number, the learning rate of all steps, got {type(lr).__name__}")
    if not np.isfinite(lr) or lr <= 0:
        raise ValueError(f"animate: lr is the learning rate, a positive number, got {lr}")
    return float(lr)


def _stays(step: Step, steps: Sequence[Walkthrough]) -> bool:
    others = (next(one for one in other.given if one.name == step.name) for other in steps)
    return all(np.array_equal(to_host(other.value), to_host(step.value), equal_nan=True) for other in others)


def _check_updates(training: Training, lr: float) -> None:
    """Whether the values of each step are w − η w̄ of the one before, or the same: then the update can be shown."""
    for name, values in training.parameters.items():
        for k, (old, signal, new) in enumerate(zip(values, training.signals[name], values[1:], strict=False)):
            with np.errstate(all="ignore"):
                expected = old - lr * signal
            near = 1e-4 if old.dtype.itemsize < 8 else 1e-9
            size = np.fabs(old) + np.fabs(lr * signal)
            if np.array_equal(old, new, equal_nan=True) or _is_near(new, expected, near * size):
                continue
            place = np.unravel_index(int(np.argmax(np.fabs(np.nan_to_num(new - expected)))), old.shape)
            element = f"[{', '.join(map(str, place))}]" if place else ""
            raise ValueError(
                f"animate: with lr={lr:g}, {name.text}{element} would go from {number(old[place])} to "
                f"{number(expected[place])} in step {k + 1}, but it goes to {number(new[place])}; leave lr out where "
                "it changes, or where momentum, weight decay or Adam made the steps"
            )


def _is_near(a: Any, b: Any, tolerance: Any) -> bool:
    both = ~np.isfinite(a) & ~np.isfinite(b)
    with np.errstate(invalid="ignore"):
        return bool(np.all(both | (np.fabs(a - b) <= tolerance)))
