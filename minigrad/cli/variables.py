"""``w=0.5 x=[1,2]``: the variables given after the expression."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Collection, Sequence

import minigrad as mg
from minigrad.cli.functions import FUNCTIONS, suggestion
from minigrad.cli.language import number
from minigrad.cli.source import Source

__all__ = ["read_variables"]


def read_variables(words: Sequence[str], constants: str = "") -> dict[str, mg.Tensor]:
    """Named Tensors from words such as ``w=0.5``; all but the constants require gradients.

    Arguments:
        words: of the form NAME=VALUE, where VALUE is a number, an expression such as ``1/3``, or a nested list.
        constants: the names of those without an error signal, separated by commas.

    Raises:
        InputError: if a word is not of this form, a name is invalid or repeated, or a constant is not given.

    >>> read_variables(["w=1/2", "x=[1, 2]"], constants="x")
    {'w': Tensor(0.5, name='w', requires_grad=True), 'x': Tensor([1., 2.], name='x')}
    """
    fixed = [normalize_name(name) for name in constants.split(",")] if constants else []
    variables: dict[str, mg.Tensor] = {}
    for word in words:
        written, equals, _ = word.partition("=")
        if not equals:
            raise Source(word).error(
                0, len(word), "expected NAME=VALUE, such as w=0.5; put an expression with spaces in quotes"
            )
        name = normalize_name(written)
        if problem := _name_problem(name, variables):
            indent = len(written) - len(written.lstrip())
            raise Source(word).error(indent, max(indent + 1, len(written.rstrip())), problem)
        value = number(Source(word, start=len(written) + 1))
        variables[name] = mg.Tensor(value, requires_grad=name not in fixed, name=name)
    if constants:
        _check_constants(constants, variables)
    return variables


def normalize_name(name: str) -> str:
    """A name as Python's parser normalizes it: a letter with a bar becomes one character, however it was typed."""
    return unicodedata.normalize("NFKC", name.strip())


def _name_problem(name: str, others: Collection[str]) -> str | None:
    if name == "lambda":
        return "lambda is a Python keyword; call λ lam instead: lam=0.1"
    if not name.isidentifier() or keyword.iskeyword(name):
        return "this cannot be the name of a variable; names are words such as w, x1 or L_reg"
    if name.startswith("__"):
        return "a name must not begin with two underscores; choose another"
    if name in FUNCTIONS:
        return f"{name} is a function; choose another name for this variable"
    if name in others:
        return f"{name} is given a value twice; drop one of the two"
    return None


def _check_constants(constants: str, variables: Collection[str]) -> None:
    shown = f"--constant {constants}"
    end = len("--constant")
    for part in constants.split(","):
        start, end = end + 1, end + 1 + len(part)
        name = normalize_name(part)
        if name not in variables:
            problem = f"{name} is not given" if name else "a name is missing here"
            known = ", ".join(variables) or "the variables after the expression"
            raise Source(shown).error(
                start, end, f"{problem}; constants are among {known}{suggestion(name, variables, {})}"
            )
