"""One line of a derivation, and one contribution to an error signal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.notation import (
    Expression,
    Name,
    printable,
    typeset_formula,
    typeset_value,
    write,
    write_numbers,
    write_python,
)
from minigrad.notation import operations as ops
from minigrad.notation.expression import (
    Abbreviation,
    Call,
    Constant,
    Derivative,
    Form,
    Product,
    Sum,
    Symbol,
    parts,
    symbols,
)
from minigrad.notation.layout import Layout

__all__ = ["Contribution", "Step"]


@dataclass(frozen=True, eq=False)  # arrays cannot be compared with ==
class Contribution:
    """What one use of a variable contributes to its error signal.

    Attributes:
        name: the variable that was computed from it, whose error signal is passed on.
        value: the contribution, a NumPy array or scalar.
        running_sum: the sum of the contributions so far, including this one.
        primitive: the name of the operation whose rule gave it.
        expression: its formula as a tree.
        derivative: the local derivative as a tree; ``None`` where arrays are involved.
        consumer, position: the use itself: argument number `position` of the operation that computed `consumer`, which
            may be a part of the formula of `name`.
        changed_rules: the operations on the way from `name` whose rules were changed, by name; usually none.
    """

    name: Name
    value: Any
    running_sum: Any
    primitive: str
    expression: Expression = field(repr=False)
    derivative: Expression | None = field(repr=False)
    consumer: Tensor = field(repr=False)
    position: int = field(repr=False)
    changed_rules: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """That variable, by its name in the program."""
        return self.name.source

    @property
    def formula(self) -> str:
        """The formula as text: ``z̄ x``."""
        return write(self.expression)

    @property
    def numbers(self) -> str:
        """The formula with numbers in place of names; empty where arrays are involved."""
        return in_numbers(self.expression)

    @property
    def local_derivative(self) -> str:
        """The factor of the error signal of `source`, as text: ``x``. Empty where arrays are involved."""
        return "" if self.derivative is None else write(self.derivative)


@dataclass(frozen=True, eq=False)
class Step:
    """One line of a derivation: ``variable = formula = numbers = value``.

    Attributes:
        name: the variable, as a `Name`: LaTeX prints arrays in bold.
        expression: the formula as a tree.
        value: the result, a NumPy array or scalar.
        contributions: the contributions to an error signal in the order of the sweep, one for each use.
        chain_rule: the same as the chain rule writes it, for scalars: ``x̄ dx/dt + ȳ dy/dt``.
        primitive: the name of the operation that computed the variable, or whose rule gave its error signal;
            ``None`` for the error signal that the sweep starts from, and where several rules contribute.
        source_line: where the program computes the variable, ``lecture.py:7: z = w * x + b``, if that can be found.
        nameless: whether it is a given array that has no name in the program, and is called c₁ here.
    """

    name: Name
    expression: Expression = field(repr=False)
    value: Any
    contributions: tuple[Contribution, ...] = ()
    chain_rule: tuple[ChainRule, ...] = ()
    primitive: str | None = None
    source_line: str | None = None
    nameless: bool = False

    @property
    def target(self) -> str:
        """The variable's name in the program: ``z`` for z and for z̄."""
        return self.name.source

    @property
    def changed_rules(self) -> tuple[str, ...]:
        """The operations whose changed rules this line follows, by name; usually none."""
        return tuple(dict.fromkeys(name for part in self.contributions for name in part.changed_rules))

    @property
    def path(self) -> str:
        """A parameter's path in its model, ``conv1.weight``; empty if that is its name already."""
        return printable(self.target) if "." in self.target and self.target != self.variable else ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The variables in the formula, by their names in the program; none for a given variable."""
        return tuple(dict.fromkeys(s.name.source for s in symbols(self.expression) if s.name != self.name))

    @property
    def variable(self) -> str:
        """The variable as text: ``z``, or ``z̄`` for an error signal."""
        return self.name.text

    @property
    def formula(self) -> str:
        """The formula as text: ``ȳ σ′(z)``. Empty for a given variable."""
        given = isinstance(self.expression, Symbol) and self.expression.name == self.name
        return "" if given else write(self.expression)

    @property
    def numbers(self) -> str:
        """The formula with numbers in place of names; empty where arrays are involved, or where it adds nothing."""
        return in_numbers(self.expression)

    @property
    def python(self) -> str:
        """The formula as a line of Python: ``z_bar = y_bar * (y * (1 - y))``."""
        return f"{self.name.python} = {write_python(self.expression)}"

    @property
    def local_derivative(self) -> str:
        """The local derivatives as text: ``dy/dz = σ′(z) = y (1 − y)``. Empty where arrays are involved."""
        return "; ".join(rule.text for rule in self.chain_rule)

    def term(self, part: Contribution) -> str:
        """A contribution as the chain rule writes it, ``R̄ dR/dw``; empty if its variable contributes several times."""
        return self._terms.get(part.name, "")

    @cached_property
    def _terms(self) -> dict[Name, str]:
        uses = Counter(part.name for part in self.contributions)
        return {rule.above: rule.term for rule in self.chain_rule if uses[rule.above] == 1}


@dataclass(frozen=True)
class ChainRule:
    """The derivative of one variable with respect to another: ∂z/∂w = x.

    Attributes:
        above, below: the two variables, z and w.
        partial: whether `above` depends on other variables, too.
        derivative: x, from the rules.
    """

    above: Name
    below: Name
    partial: bool
    derivative: Expression

    @property
    def d(self) -> str:
        """∂, or d where `above` depends on `below` alone."""
        return "∂" if self.partial else "d"

    @property
    def quotient(self) -> str:
        """``dy/dz``."""
        return f"{self.d}{self.above.text}/{self.d}{self.below.text}"

    @property
    def term(self) -> str:
        """Its term in the chain rule: ``ȳ dy/dz``."""
        return f"{self.above.bar.text} {self.quotient}"

    @property
    def text(self) -> str:
        """``dy/dz = σ′(z) = y (1 − y)``: a derivative with a name is followed by its formula."""
        meaning = [write(self.derivative.meaning)] if isinstance(self.derivative, Derivative) else []
        return " = ".join([self.quotient, write(self.derivative), *meaning])


#: Operations whose formulas are shown with vectors and matrices of numbers in place of names.
_SHOWN_WITH_MATRICES = (
    ops.matmul, ops.transpose, Form.ROW, ops.power, ops.sigmoid, ops.tanh, ops.relu, ops.softmax,
)  # fmt: skip


def typeset_numbers(e: Expression) -> Layout | None:
    """The formula with numbers and small matrices in place of names; ``None`` where that adds nothing."""
    if isinstance(e, Symbol | Constant) or not _shows_numbers(e):
        return None
    return typeset_formula(e, flat=False, leaf=typeset_value)


def _shows_numbers(e: Expression) -> bool:
    if isinstance(e, Symbol | Constant):
        return np.size(e.value) <= 9 and np.ndim(e.value) <= 2
    if isinstance(e, Abbreviation):
        return False
    if isinstance(e, Call) and e.shape and e.operation not in _SHOWN_WITH_MATRICES:
        column = e.operation is ops.reshape and e.shape[1:] == (1,)
        return column and _shows_numbers(e.args[0])
    shapes = {len(part.shape) for part in parts(e)} if isinstance(e, Sum | Product) else set()
    return not {1, 2} <= shapes and all(map(_shows_numbers, parts(e)))  # a vector for each row would be a column


def in_numbers(e: Expression) -> str:
    """The formula with numbers in place of names; empty where that adds nothing, or does not fit on a line."""
    if isinstance(e, Symbol | Constant) or not _all_scalars(e):
        return ""
    return write_numbers(e)


def _all_scalars(e: Expression) -> bool:
    return e.shape == () and all(_all_scalars(part) for part in parts(e))
