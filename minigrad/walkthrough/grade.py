"""``mg.grade``: error signals computed by hand, graded in the order of the backward pass.

A mistake spoils everything after it, so only the first wrong value counts. Common mistakes are recognised
by making them: each is applied to the formula, to see whether it gives the student's value.
"""

from __future__ import annotations

import math
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from minigrad.array_checks import shown
from minigrad.core.tensor import Tensor
from minigrad.notation import Expression, Name, write
from minigrad.notation import operations as ops
from minigrad.notation.expression import Call, Constant, Form, Product, Sum, parts
from minigrad.notation.name import variables_of
from minigrad.notation.simplify import is_call
from minigrad.walkthrough.check import compute, values_of
from minigrad.walkthrough.derivation.derive import derive
from minigrad.walkthrough.step import Step
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["CommonMistakes", "Grade", "grade"]

Answers = Mapping[str, Any] | Callable[[], Mapping[str, Any]]


@dataclass(frozen=True, repr=False)
class Grade:
    """The result of `grade`; print it for the student.

    Attributes:
        graded: the variables whose error signals were graded, in backward order.
        wrong: the first that is wrong, by its name in the program; ``None`` if all are right.
        formula: the right one, ``z̄ = ȳ σ′(z)``.
        hint: the common mistake that gives the student's value; empty if none does.
    """

    graded: tuple[str, ...]
    wrong: str | None = None
    formula: str = ""
    hint: str = ""

    @property
    def correct(self) -> bool:
        """Whether everything is right."""
        return self.wrong is None

    def __bool__(self) -> bool:
        return self.correct

    def __str__(self) -> str:
        if self.wrong is None:
            n = len(self.graded)
            return (
                f"✓ {'the error signal is' if n == 1 else f'all {n} error signals are'} right: {', '.join(self.graded)}"
            )
        before = self.graded[: self.graded.index(self.wrong)]
        lines = [f"✓ right so far: {', '.join(before)}"] if before else []
        lines.append(f"✗ the error signal of {self.wrong} is wrong; it should follow {self.formula}")
        return "\n".join(lines + ([f"  hint: {self.hint}"] if self.hint else []))

    __repr__ = __str__


def grade(loss: Tensor, answers: Answers, *, tolerance: float = 0.005) -> Grade:
    """Grade error signals that were computed by hand, and name the first wrong one in backward order.

    Arguments:
        loss: the result of the computation, before ``backward()``.
        answers: the error signals by the names of their variables (``"z"``, or ``"z_bar"``): numbers,
            lists or arrays of the variable's shape, or functions that return them. Or a function that
            returns this dictionary.
        tolerance: the relative error that counts as rounding.

    Raises:
        ValueError: if there is no answer, or one for a variable that the derivation does not have.
        TypeError: if an answer does not consist of numbers. Also everything that `explain` raises.

    >>> import minigrad as mg
    >>> x, t = mg.Tensor(2.0), mg.Tensor(1.0)
    >>> w = mg.Tensor(0.5, requires_grad=True)
    >>> z = w * x
    >>> y = mg.sigmoid(z)
    >>> L = 0.5 * (y - t) ** 2
    >>> mg.grade(L, {"y": -0.2689, "z": -0.0529, "w": -0.1058})
    ✓ all 3 error signals are right: y, z, w
    >>> mg.grade(L, {"y": -0.2689, "z": -0.2689, "w": -0.5379})
    ✓ right so far: y
    ✗ the error signal of z is wrong; it should follow z̄ = ȳ σ′(z)
      hint: σ′(z) is missing
    """
    walkthrough = derive(loss, variables_of(sys._getframe(1)), {}, False, "grade")
    walkthrough.replay.refuse_gpu("grade")
    given = _by_step(walkthrough.backward, answers() if callable(answers) else answers)
    graded = [step for step in walkthrough.backward if step.target in given]
    targets = tuple(step.target for step in graded)
    for step in graded:
        answer = given[step.target]
        if not _close(answer, step.value, tolerance, [part.value for part in step.contributions]):
            hint = _hint(step, answer, CommonMistakes(walkthrough).of(step), tolerance)
            return Grade(targets, step.target, f"{step.variable} = {step.formula}", hint)
    return Grade(targets)


def _by_step(backward: tuple[Step, ...], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as arrays, by variable; a name may be spelled as in the program or as in formulas."""
    if not isinstance(answers, Mapping):
        raise TypeError(
            f'grade: expected error signals by name, as in {{"z": 0.1, "w": 0.2}}, got {type(answers).__name__}'
        )
    if not answers:
        raise ValueError('grade: no error signal was given; write mg.grade(loss, {"z": 0.1, "w": 0.2})')
    # The program's own names come first: a variable of its own may be called z_bar.
    spellings = {unicodedata.normalize("NFC", step.target): step.target for step in backward}
    for step in backward:
        for text in (f"{step.target}_bar", step.name.text, step.name.unbarred.text):
            spellings.setdefault(unicodedata.normalize("NFC", text), step.target)
    found: dict[str, Any] = {}
    for name, answer in answers.items():
        target = spellings.get(unicodedata.normalize("NFC", str(name)))
        if target is None:
            known = ", ".join(step.target for step in backward)
            raise ValueError(f"grade: there is no variable {name!r} in this backward pass; it has {known}")
        if target in found:
            raise ValueError(f"grade: there are two answers for {target}; leave one")
        found[target] = _numbers(name, answer() if callable(answer) else answer)
    return found


def _numbers(name: str, answer: Any) -> Any:
    try:
        array = np.asarray(answer.data if isinstance(answer, Tensor) else answer)
        if array.dtype.kind in "iufc":
            return _exact(array)
    except ValueError:  # rows of different lengths
        pass
    raise TypeError(f"grade: expected numbers as the answer for {name}, got {shown(answer)}")


def _exact(value: Any) -> Any:
    """As float64 or complex128."""
    return np.asarray(value, dtype=np.result_type(value, np.float64))


def _close(a: Any, b: Any, tolerance: float, parts: Iterable[Any] = ()) -> bool:
    """Whether two values agree up to rounding; of `parts` that cancel in the sum `b`, if they are given."""
    b = _exact(b)
    small = 0.01 * tolerance * float(np.max(np.abs(b), initial=0.0))
    cancelled = 1e-6 * max((float(np.max(np.abs(part), initial=0.0)) for part in parts), default=0.0)
    return a.shape == b.shape and np.allclose(a, b, rtol=tolerance, atol=max(small, cancelled))


# ---------------------------------------------------------------- common mistakes


class CommonMistakes:
    """What common mistakes give in place of the error signals of a derivation."""

    def __init__(self, walkthrough: Walkthrough) -> None:
        self._values = values_of((*walkthrough.given, *walkthrough.forward, *walkthrough.backward))
        self._squared = any("½" in s.formula and "²" in s.formula for s in walkthrough.forward)
        self._forward = {s.target: s for s in walkthrough.forward}

    def of(self, step: Step) -> Iterator[tuple[Any, str]]:
        """Wrong values for one error signal, each with the hint for it; more likely ones first."""
        users = {part.source for part in step.contributions} & self._forward.keys()
        counts = {n for user in users for n in _mean_counts(self._forward[user].expression)}
        return _mistakes(step, self._values, self._squared, sorted(counts))


def _hint(step: Step, answer: Any, mistakes: Iterable[tuple[Any, str]], tolerance: float) -> str:
    """The first common mistake that gives the student's value."""
    if not np.all(np.isfinite(answer)):
        return "your value is not a finite number"
    for mistaken, hint in mistakes:
        if (
            np.all(np.isfinite(mistaken))
            and not _close(np.asarray(mistaken), step.value, tolerance)
            and _close(answer, mistaken, tolerance)
        ):
            return hint
    if answer.shape != np.shape(step.value):
        return f"an error signal has the shape of its variable, {np.shape(step.value)}; yours has {answer.shape}"
    return ""


def _mistakes(
    step: Step, values: Mapping[Name, Any], squared: bool, counts: Iterable[int]
) -> Iterator[tuple[Any, str]]:
    right = _exact(step.value)
    yield -right, "the sign is wrong"
    several = step.contributions if len(step.contributions) > 1 else ()
    for i, part in enumerate(several):
        uses = f"{step.target} is used {len(several)} times, and every use adds its share"
        yield part.value, f"{uses}; you have only what comes from {part.source}: {part.formula}"
        yield right - part.value, f"{uses}; what comes from {part.source} is missing: {part.formula}"
        if i:
            yield part.running_sum, f"{uses}; you have only the first {i + 1} contributions"
    if right.ndim == 2:
        yield right.T, f"the transpose is missing: {step.target} has shape {right.shape}"
    for n in counts:
        yield n * right, f"the factor 1/{n} is missing: the loss is a mean of {n} numbers"
        yield right / n, f"there is a factor 1/{n} too much: it comes from the mean, once"
    for mistaken, hint in _mistaken_formulas(step.expression):
        try:
            yield compute(mistaken, values), hint
        except (ValueError, TypeError, IndexError):  # shapes that do not fit: nobody made this mistake
            continue
    for factor, text in ((0.5, "½"), (2.0, "2")):
        why = ": the ½ of the loss cancels the 2 of its square" if squared else ""
        yield factor * right, f"there is a factor {text} too much{why}"


def _mean_counts(e: Expression) -> Iterator[int]:
    """How many numbers each mean in a formula is of; of a sum divided by a whole number, that number."""
    match e:
        case Call(ops.mean, (inner,)):
            axis = e.params.get("axis")
            axes = range(len(inner.shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
            yield math.prod(inner.shape[i] for i in axes)
        case Call(ops.mse_loss, (y, _)):
            yield math.prod(y.shape)
        case Call(ops.divide, (total, Constant(value))) if is_call(total, ops.sum) and not np.shape(value):
            yield from _whole(value)
        case Product(number, (total,)) if is_call(total, ops.sum) and not _half_a_square(number, total):
            yield from _whole(1 / abs(number))
    for part in parts(e):
        yield from _mean_counts(part)


def _half_a_square(number: float, total: Expression) -> bool:
    """½ ‖y − t‖² is no mean of two numbers."""
    return abs(number) == 0.5 and "²" in write(total)


def _whole(number: Any) -> Iterator[int]:
    if number > 1 and abs(number - round(number)) < 1e-9:
        yield round(number)


def _mistaken_formulas(e: Expression) -> Iterator[tuple[Expression, str]]:
    """The formula with one mistake in it, and the hint for that mistake."""
    match e:
        case Call(ops.transpose | Form.ROW, (inner,)):
            yield inner, f"the transpose is missing: {write(e)}"
        case Call(ops.sum, (inner,)):
            yield inner, f"the sum is missing: {write(e)}"
            count = math.prod(inner.shape[i] for i in e.params["axis"]) or 1
            yield Product(1 / count, (e,), e.shape), f"it is the sum, not the mean: {write(e)}"
        case Call(ops.matmul, (left, right)) if len(left.shape) == len(right.shape) == 2:
            yield replace(e, args=(right, left)), f"the factors are in the wrong order: {write(e)}"
        case Product():
            for i, factor in enumerate(e.factors):
                rest = (*e.factors[:i], *e.factors[i + 1 :])
                yield Product(e.coefficient, rest or (Constant(1.0),), e.shape), f"{write(factor)} is missing"
            if e.coefficient not in (1, -1):
                yield replace(e, coefficient=1.0), f"the factor {write(Constant(abs(e.coefficient)))} is missing"
        case Sum():
            for i, term in enumerate(e.terms):
                turned = Product(-1.0, (term,), term.shape)
                yield Sum((*e.terms[:i], turned, *e.terms[i + 1 :]), e.shape), f"the sign of {write(term)} is wrong"
    for i, part in enumerate(parts(e)):
        for mistaken, hint in _mistaken_formulas(part):
            yield _with_part(e, i, mistaken), hint


def _with_part(e: Expression, i: int, part: Expression) -> Expression:
    changed = (*parts(e)[:i], part, *parts(e)[i + 1 :])
    match e:
        case Sum():
            return replace(e, terms=changed)
        case Product():
            return replace(e, factors=changed)
        case Call():
            return replace(e, args=changed)
    return e
