"""Abbreviations in formulas, told apart: x̂ in a batch normalization, and x̂₂ in a layer normalization of the same x."""

from __future__ import annotations

from dataclasses import replace

from minigrad.notation import Expression, Name
from minigrad.notation.expression import Abbreviation, replace_parts

__all__ = ["DistinctAbbreviations"]


class DistinctAbbreviations:
    """Numbers the abbreviations of a derivation that have the same name and another meaning."""

    def __init__(self) -> None:
        self._meanings: dict[Name, list[Expression]] = {}

    def __call__(self, e: Expression) -> Expression:
        """The formula with names that have one meaning each."""
        if isinstance(e, Abbreviation):
            e = replace(e, name=self._name(e))
        return replace_parts(e, self)

    def _name(self, e: Abbreviation) -> Name:
        meanings = self._meanings.setdefault(e.name, [])
        if e.meaning not in meanings:
            meanings.append(e.meaning)
        number = meanings.index(e.meaning)
        return e.name if not number else replace(e.name, index=f"{e.name.index}{number + 1}")
