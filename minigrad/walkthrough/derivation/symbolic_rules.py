"""The rules of an operation for symbolic values, its own and changed ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minigrad.core.changed_rules.changed_rules import ChangedRules
from minigrad.core.primitive import Primitive, Rule
from minigrad.notation.expression import Constant
from minigrad.notation.symbolic import Symbolic, rules_with_named_derivatives

__all__ = ["symbolic_rules"]


def symbolic_rules(primitive: Primitive, changed: ChangedRules | None) -> Iterable[Rule]:
    """Rules that give a formula with its value; in place of those of the operation those that `changed` has for it."""
    if changed is None or not changed.has(primitive):
        return rules_with_named_derivatives(primitive)
    rules = enumerate(changed(primitive))
    return (_formula_or_numbers(rule) if changed.changes(primitive, i) else rule for i, rule in rules)


def _formula_or_numbers(rule: Rule) -> Rule:
    """A changed rule on symbolic values: its formula, or its numbers where it cannot be written as one.

    Minigrad's own rules are written so that symbols pass through them. One that a user writes for a sweep need not be:
    it may write into a copy, branch on numbers, or return a constant array. Its numbers are right in any case.
    """

    def symbolic(*args: Any, **params: Any) -> Symbolic:
        number = rule(*map(_plain, args), **params)
        try:
            found = rule(*args, **params)
        except Exception:  # whatever a function raises that expects an array
            found = None
        same = isinstance(found, Symbolic) and _equal(found.data, number)
        return found if same else Symbolic(number, Constant(number))

    return symbolic


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.data if isinstance(value, Symbolic) else value


def _equal(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and bool(np.all((a == b) | ((a != a) & (b != b))))
