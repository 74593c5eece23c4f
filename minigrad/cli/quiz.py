"""``minigrad explain … --quiz``: ask for the error signals, one after another."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.cli.language import number
from minigrad.cli.source import InputError, Source
from minigrad.notation import show

__all__ = ["quiz"]

_RULES = """\
Compute the error signals. An answer is a number such as -0.25 or 0.2*(1-0.2), or a list such as [1, 2];
a wrong one may be tried a second time. ? shows the formula, and q or an empty line ends the quiz.
"""
_TRIES = 2
_DATA = re.compile("[xtXT][_0-9]*")  # inputs and targets, as lectures call them


def quiz(loss: mg.Tensor, walkthrough: mg.Walkthrough, ask: Collection[str] = ()) -> None:
    """Show the forward pass, ask for steps of the backward pass, and grade the answers.

    Arguments:
        loss: the Tensor that `walkthrough` derives.
        ask: the variables whose error signals to ask for; if none is given, all but inputs x and targets t.
    """
    print(str(walkthrough).partition("\n\nBackward pass")[0])
    print("", _RULES, sep="\n")
    data = [] if ask else _data(walkthrough)
    if data:
        print(f"Not asked for: {', '.join(data)}; --ask {','.join(data)} asks for them.\n")
    steps = [step for step in walkthrough.backward if step.target not in data and (not ask or step.target in ask)]
    answered = right = 0
    for step in steps:
        correct = _try(loss, step, of=walkthrough.backward[0].name.unbarred.text)
        if correct is None:
            break
        answered += 1
        right += correct
        print(f"{_line(step)}\n")
    left = len(steps) - answered
    print(f"{right} of {answered} right" + (f", {left} not answered" if left else ""))


def _data(walkthrough: mg.Walkthrough) -> list[str]:
    """The inputs and targets that have error signals, unless all given variables are called so."""
    given = {step.target for step in walkthrough.given}
    leaves = [step.target for step in walkthrough.backward if step.target in given]
    data = [name for name in leaves if _DATA.fullmatch(name)]
    return data if len(data) < len(leaves) else []


def _try(loss: mg.Tensor, step: mg.Step, of: str) -> bool | None:
    """Whether the answer is right at the first or second try; ``None`` to end the quiz."""
    for tries in range(1, _TRIES + 1):
        answer = _ask(step, of)
        if answer is None:
            return None
        grade = mg.grade(loss, {step.target: answer})
        if grade.correct:
            print("right")
            return True
        if tries < _TRIES:  # without the formula
            print(f"wrong{grade.hint and f', {grade.hint}'}; try again")
        else:
            print(grade)
    return False


def _ask(step: mg.Step, of: str) -> Any:
    """The answer, a number or an array; ``None`` to end the quiz. An answer that cannot be read is asked for again."""
    shape = np.shape(step.value)
    while True:
        try:
            text = _typed(f"{step.variable} = d{of}/d{step.name.unbarred.text}{f', shape {shape}' if shape else ''}: ")
        except EOFError:
            print()
            return None
        if text in ("", "q"):
            return None
        if text == "?":
            print(f"  {step.variable} = {step.formula}")
            continue
        try:
            answer = number(Source(text))
        except InputError as error:
            print(error)
            continue
        if np.shape(answer) == shape:
            return answer
        print(f"expected {f'a list of shape {shape}' if shape else 'one number'}, got shape {np.shape(answer)}")


def _typed(prompt: str) -> str:
    """What the user types; a standard input that is closed has ended. `input` fails if any stream is closed."""
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return input(prompt).strip()
    print(prompt, end="", flush=True)
    line = "" if sys.stdin is None else sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()


def _line(step: mg.Step) -> str:
    """``ȳ = L̄ (y − t) = 1 · (0.3775 − 1) = −0.6225``; a matrix is on lines of its own."""
    value = show(step.value)
    if "\n" in value:
        value = "\n" + value
    parts = (step.variable, step.formula, step.numbers, value)
    line = " = ".join(dict.fromkeys(part for part in parts if part))  # L̄ = 1, not L̄ = 1 = 1
    return "  " + line.replace("= \n", "=\n").replace("\n", "\n  ")
