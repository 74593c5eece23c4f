"""Pieces of a derivation as MathML: what the static page, notebooks and the player have in common."""

from __future__ import annotations

from html import escape
from typing import Any

from minigrad.notation import Expression, Name, mathml, typeset_formula, typeset_value
from minigrad.notation.layout import Identifier
from minigrad.notation.values import is_small, summary
from minigrad.walkthrough.step import ChainRule, typeset_numbers

__all__ = ["formula", "in_math", "name_of", "numbers", "term", "value_of"]


def in_math(*parts: str) -> str:
    """Elements of MathML as a formula of their own."""
    return f"<math>{''.join(parts)}</math>"


def name_of(name: Name) -> str:
    """A variable."""
    return mathml(Identifier(name))


def formula(e: Expression) -> str:
    """A formula with names."""
    return mathml(typeset_formula(e, flat=False))


def numbers(e: Expression) -> str:
    """The formula with numbers and small matrices in place of names; empty where that adds nothing."""
    layout = typeset_numbers(e)
    return "" if layout is None else mathml(layout)


def value_of(value: Any) -> str:
    """A number, a vector, a small matrix, or a summary of a larger array."""
    return mathml(typeset_value(value)) if is_small(value) else f"<mtext>{escape(summary(value))}</mtext>"


def term(rule: ChainRule) -> str:
    """A term of the chain rule, ``ȳ dy/dz``."""
    d = f"<mo>{rule.d}</mo>" if rule.partial else "<mi>d</mi>"
    above, below = (f"<mrow>{d}{name_of(name)}</mrow>" for name in (rule.above, rule.below))
    return f"{name_of(rule.above.bar)}<mfrac>{above}{below}</mfrac>"
