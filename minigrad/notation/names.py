"""Names as formulas show them: Greek letters for their English names, and the bar of an error signal."""

from __future__ import annotations

import unicodedata
from types import FrameType
from typing import Any

import numpy as np

from minigrad.tensor import Tensor

__all__ = ["bar", "can_be_named", "pretty", "variable_names", "width"]

_MACRON = "\N{COMBINING MACRON}"

_GREEK = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}")
    for name in (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu"),
        *("xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
    )
} | dict.fromkeys(("lam", "lamb", "lambd", "lamda", "lambda", "lambda_"), "λ")


def pretty(name: str) -> str:
    """The name as formulas write it.

    >>> pretty("lam"), pretty("sigma_2"), pretty("L_reg")
    ('λ', 'σ_2', 'L_reg')
    """
    if name in _GREEK:
        return _GREEK[name]
    head, _, index = name.partition("_")
    return f"{_GREEK.get(head, head)}_{index}" if index else name


def bar(name: str) -> str:
    """The name of the error signal: a bar over every letter, the index left as it is.

    >>> bar("y"), bar("L_reg"), bar("h1")
    ('ȳ', 'L̄_reg', 'h̄1')
    """
    head, underscore, index = name.partition("_")
    barred = "".join(c + _MACRON if c.isalpha() else c for c in head)
    return unicodedata.normalize("NFC", barred) + underscore + index


def width(text: str) -> int:
    """How many columns of a terminal a text takes: combining marks take none."""
    return sum(not unicodedata.combining(c) for c in text)


def variable_names(caller: FrameType) -> dict[int, str]:
    """What a caller's variables, local before global, call the Tensors and arrays they hold, by identity.

    The first of several names counts; names with a leading underscore do not. Before Python 3.13, asking a
    frame for its variables makes it keep them, deleted or not, until it returns.
    """
    names: dict[int, str] = {}
    variables = dict(caller.f_locals)
    for name, value in caller.f_globals.items():
        variables.setdefault(name, value)  # a global that is hidden by a local cannot lend its name
    for name, value in variables.items():
        if can_be_named(value) and name.isidentifier() and not name.startswith("_"):  # pytest has @py_assert1
            names.setdefault(id(value), name)
    return names


def can_be_named(value: Any) -> bool:
    """Whether a value is a variable of a derivation, and not a number that stands in a formula itself."""
    return isinstance(value, Tensor | np.ndarray)
