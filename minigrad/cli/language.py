"""The expression language of the command line: ``z = w*x + b; y = sigmoid(z); 0.5*(y - t)**2``.

It looks like Python and is parsed by Python, but Python never runs it: an evaluator walks the syntax tree and rejects,
with carets, all that is not part of the language. Numbers are 64-bit floats, so ``9**9**9**9`` is infinite at once.
Integers are needed only where something is counted: axes, shapes, classes, indices.
"""

from __future__ import annotations

import warnings
from ast import Assign, Expr
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.cli.evaluator import Evaluator
from minigrad.cli.source import Source
from minigrad.cli.unsupported_syntax import EXPECTED_VALUE

__all__ = ["Program", "number", "run"]


@dataclass(frozen=True)
class Program:
    """The result of a text.

    Attributes:
        loss: the value of the last statement, with its graph; named L unless the text names it.
        unused: the variables, given or assigned, that were never read.
    """

    loss: mg.Tensor
    unused: tuple[str, ...]


def run(text: str, variables: Mapping[str, mg.Tensor]) -> Program:
    """Evaluate the statements of a text.

    Raises:
        InputError: if a part of it cannot be parsed or computed, or is not allowed; or if the value of the last
            statement is not a single finite number that depends on a variable.

    >>> w = mg.Tensor(3.0, requires_grad=True, name="w")
    >>> run("z = 2*w; z**2", {"w": w}).loss
    Tensor(36., name='L', made by power)
    """
    source = Source(text)
    statements = source.parse()
    if not statements:
        raise source.error(0, 1, "there is no expression here; write one, such as (w*x - t)**2")
    evaluator = Evaluator(source, variables, statements)
    with _without_warnings():
        for statement in statements[:-1]:
            evaluator.assign(statement)
        last = statements[-1]
        loss = evaluator.assign(last) if isinstance(last, Assign) else evaluator.expression(last)
    part = last.value if isinstance(last, Assign | Expr) else last
    evaluator.check_loss(loss, part)
    if loss.name is None:
        names = chain("L", (f"L{i}" for i in count(1)))
        loss.named(next(name for name in names if name not in evaluator.names))
    return Program(loss, evaluator.unused(loss))


def number(source: Source) -> Any:
    """The value of a single expression without variables: a number, or an array for a list.

    Raises:
        InputError: if it is not.

    >>> number(Source("1/4")), number(Source("[1, 2]"))
    (np.float64(0.25), array([1., 2.]))
    """
    statements = source.parse()
    if len(statements) != 1:
        raise source.error_at(statements[1], EXPECTED_VALUE) if statements else source.error(10**9, 0, EXPECTED_VALUE)
    evaluator = Evaluator(source, None, [])
    with _without_warnings():
        value = evaluator.expression(statements[0])
    if evaluator.not_finite is not None:
        raise source.error_at(evaluator.not_finite, "this is not a finite number; " + EXPECTED_VALUE)
    return value


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Silence NumPy's warnings of divisions by zero and overflows; the final check reports those that matter."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield
