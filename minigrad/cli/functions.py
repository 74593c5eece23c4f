"""The functions and constants that the little language knows: what the tables of rules define, and no more."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

import minigrad as mg

__all__ = ["CONSTANTS", "FUNCTIONS", "meant", "signature"]

#: Every public function that computes: a new row in a table of rules is known here at once.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: value
    for name, value in vars(mg).items()
    if not name.startswith("_")
    and (
        isinstance(value, mg.Primitive)
        or (inspect.isfunction(value) and value.__module__.startswith("minigrad.rules."))
    )
}

CONSTANTS = {"pi": math.pi, "e": math.e}

#: Other names for them, in formulas and in other languages.
_ALIASES = {"ln": "log", "pow": "power"} | {
    value.symbol: name for name, value in FUNCTIONS.items() if isinstance(value, mg.Primitive) and value.symbol != name
}


def meant(name: str, names: Iterable[str] = (), aliases: dict[str, str] = _ALIASES) -> str:
    """What may have been meant by a name that is not known, as the end of a sentence.

    >>> meant("sigmod", FUNCTIONS), meant("σ"), meant("frobenius", FUNCTIONS)
    ('; did you mean sigmoid?', '; did you mean sigmoid?', '')
    """
    close = [aliases[name]] if name in aliases else get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def signature(name: str) -> inspect.Signature:
    """How a function is called, without the types.

    >>> print(signature("sum"))
    (x, axis=None, keepdims=False)
    """
    function = FUNCTIONS[name]
    full = inspect.signature(function.__call__ if isinstance(function, mg.Primitive) else function)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in full.parameters.values()]
    return inspect.Signature(bare)
