"""Rules: what adds the nodes of an operation to the graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Rule", "Rules"]


@dataclass(frozen=True)
class Rule:
    """How an operation is written.

    Attributes:
        function: ``function(g, *arrays, **params)`` adds nodes to the graph `g` and returns the value of the output.
            Arrays are values, and Python's numbers themselves.
        mixed: whether the arrays keep their own dtypes; otherwise they come in that of the output.
    """

    function: Callable[..., Any]
    mixed: bool = False


class Rules(dict[str, Rule]):
    """The rules of a subject, by the names of minigrad's operations; those of NumPy are ``numpy.greater`` and so on."""

    def of(self, *names: str, mixed: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorator: the function is the rule of these operations."""

        def enter(function: Callable[..., Any]) -> Callable[..., Any]:
            self.update(dict.fromkeys(names, Rule(function, mixed)))
            return function

        return enter

    def rows(self, rows: dict[str, Callable[..., Any]]) -> None:
        """Rules that are one line each."""
        self.update({name: Rule(function) for name, function in rows.items()})
