"""The functions and constants of the expression language: those that the tables of rules define."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

import minigrad as mg

__all__ = ["CONSTANTS", "FUNCTIONS", "signature", "suggestion"]

#: Every public operation, including new rows in the tables of rules.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: value
    for name, value in vars(mg).items()
    if not name.startswith("_")
    and (
        isinstance(value, mg.Primitive)
        or (inspect.isfunction(value) and (inspect.unwrap(value).__module__ or "").startswith("minigrad.rules."))
    )
}

CONSTANTS = {"pi": math.pi, "e": math.e}

#: Their names in formulas and in other languages.
_ALIASES = {"ln": "log", "pow": "power"} | {
    value.symbol: name for name, value in FUNCTIONS.items() if isinstance(value, mg.Primitive) and value.symbol != name
}


def suggestion(name: str, names: Iterable[str] = (), aliases: dict[str, str] = _ALIASES) -> str:
    """A suggestion for an unknown name, to end an error message with; empty if no name is close.

    >>> suggestion("sigmod", FUNCTIONS), suggestion("σ"), suggestion("frobenius", FUNCTIONS)
    ('; did you mean sigmoid?', '; did you mean sigmoid?', '')
    """
    close = [aliases[name]] if name in aliases else get_close_matches(name, names)
    return f"; did you mean {close[0]}?" if close else ""


def signature(name: str) -> inspect.Signature:
    """The signature of a function, without types.

    >>> print(signature("sum"))
    (x, axis=None, dtype=None, *, keepdims=False, initial=None, where=True)
    """
    function = FUNCTIONS[name]
    full = inspect.signature(function)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in full.parameters.values()]
    return inspect.Signature(bare)
