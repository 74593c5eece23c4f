"""The forward and the backward pass of a live graph as steps, in the lectures' error-signal notation.

The backward steps come from the very sweep that trains: it is run once more with named values in place
of arrays, so each rule writes down its formula while it computes. Variables with a name get a line of
their own; what lies between them is folded into the formula of the next one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np

from minigrad.graph import sweep, topological_order
from minigrad.notation.expression import Constant, Expression, Symbol, call
from minigrad.notation.named import Named, rules_with_named_derivatives
from minigrad.notation.names import bar, can_be_named, pretty, variable_names, width
from minigrad.notation.text import number, write
from minigrad.primitive import Primitive, Rule
from minigrad.tensor import Tensor

__all__ = ["Step", "Walkthrough", "explain"]


@dataclass(frozen=True)
class Step:
    """One line of a derivation: ``variable = formula = numbers = value``.

    Attributes:
        variable: what is computed: ``z``, or ``z̄`` for an error signal.
        formula: from which other variables, as text.
        numbers: the formula with numbers for the variables; empty where arrays are involved.
        value: the result, a NumPy array or scalar.
    """

    variable: str
    formula: str
    numbers: str
    value: Any


@dataclass(frozen=True)
class Walkthrough:
    """The steps of a forward and a backward pass; printing it shows the derivation."""

    forward: tuple[Step, ...]
    backward: tuple[Step, ...]

    def __str__(self) -> str:
        columns = [
            [step.variable, step.formula, step.numbers, _show(step.value)] for step in self.forward + self.backward
        ]
        widths = [max(width(text) for text in column) for column in zip(*columns, strict=True)]
        lines = [_line(cells, widths) for cells in columns]
        split = len(self.forward)
        return "\n".join(["Forward pass", *lines[:split], "", "Backward pass", *lines[split:]])

    __repr__ = __str__


def explain(loss: Tensor) -> Walkthrough:
    """Derive the backward pass of `loss` from its graph, with the numbers of this forward pass.

    Names come from ``t.named("z")``, else from the caller's variables. Call it before ``backward()``,
    which frees the graph.

    Raises:
        TypeError: if `loss` is not a Tensor.
        RuntimeError: if it does not depend on any Tensor with requires_grad=True, or if its graph was freed.
        ValueError: if it has more than one element.

    >>> import minigrad as mg
    >>> x, t = mg.Tensor(2.0), mg.Tensor(1.0)
    >>> w = mg.Tensor(0.5, requires_grad=True)
    >>> y = mg.sigmoid(w * x)
    >>> L = 0.5 * (y - t) ** 2
    >>> print(mg.explain(L))
    Forward pass
      y = σ(w x)       = σ(0.5 · 2)            = 0.7311
      L = ½ (y − t)²   = ½ · (0.7311 − 1)²     = 0.03616
    <BLANKLINE>
    Backward pass
      L̄ = 1                                    = 1
      ȳ = L̄ (y − t)    = 1 · (0.7311 − 1)      = −0.2689
      w̄ = ȳ σ′(w x) x  = −0.2689 · 0.1966 · 2  = −0.1058
    """
    if not isinstance(loss, Tensor):
        raise TypeError(f"explain: expected the Tensor that a computation ended in, got {type(loss).__name__}")
    if not loss.requires_grad:
        raise RuntimeError(
            f"explain: {loss._called()} does not depend on any Tensor with requires_grad=True, "
            "so there is no backward pass; create the parameters with mg.Tensor(…, requires_grad=True)"
        )
    if loss.size != 1:
        raise ValueError(
            f"explain: {loss._called()} has shape {loss.shape}; a derivation starts at a single number: loss.mean()"
        )
    return _Derivation(loss, variable_names(sys._getframe(1))).walkthrough


class _Derivation:
    """Names every value of a graph and runs the sweep on the named values, writing down the steps."""

    def __init__(self, loss: Tensor, variables: dict[int, str]) -> None:
        self._variables = variables
        self._expressions: dict[int, Expression] = {}
        self._loss = loss
        self._leaf_names = _numbered("v")
        order = topological_order(loss)
        values = {id(x): x for y in order for x in (y, *(y._inputs or ()))}
        self._taken = {getattr(x, "name", None) or variables.get(i) for i, x in values.items()}
        forward = tuple(step for y in order if (step := self._forward(y)) is not None)
        self._backward: list[Step] = []
        self._leaves: list[Step] = []
        sweep(
            loss,
            Named(np.ones_like(loss.data)[()], Constant(1.0)),
            lift=lambda x: Named(x.data, self._expression(x)),
            rules=self._rules,
            visit=self._visit,
        )
        # The sweep meets the youngest leaf first; a lecture lists w̄ before b̄, as they were made.
        self.walkthrough = Walkthrough(forward, (*self._backward, *reversed(self._leaves)))

    def _forward(self, y: Tensor) -> Step | None:
        """Give `y` its expression; a step if it has a name, else it is folded into what uses it."""
        primitive = y._primitive
        if primitive is None:
            return None
        arguments = [self._expression(x) for x in y._inputs or ()]
        made = call(primitive.name, primitive.symbol, arguments, y._params or {}, y.shape)
        name = self._name(y)
        if name is None:
            self._expressions[id(y)] = made
            return None
        self._expressions[id(y)] = Symbol(name, y.data)
        return Step(name, write(made), _in_numbers(made), y.data)

    def _rules(self, primitive: Primitive) -> tuple[Rule, ...]:
        return tuple(self._with_named_arrays(rule) for rule in rules_with_named_derivatives(primitive))

    def _with_named_arrays(self, rule: Rule) -> Rule:
        """The rule, with arrays called as the caller's variables are; the sweep names Tensors alone."""

        def named(x: Any) -> Any:
            return Named(x, self._expression(x)) if isinstance(x, np.ndarray) and self._name(x) is not None else x

        return lambda y_bar, y, *values, **params: rule(y_bar, y, *map(named, values), **params)

    def _visit(self, y: Tensor, y_bar: Named) -> Named:
        name = self._name(y)
        if name is None:
            return y_bar
        signal = bar(name)
        steps = self._leaves if y.is_leaf else self._backward
        steps.append(Step(signal, write(y_bar.expression), _in_numbers(y_bar.expression), y_bar.data))
        return Named(y_bar.data, Symbol(signal, y_bar.data))

    def _expression(self, x: Any) -> Expression:
        if id(x) not in self._expressions:
            name = self._name(x) if can_be_named(x) else None
            self._expressions[id(x)] = Constant(x) if name is None else Symbol(name, getattr(x, "data", x))
        return self._expressions[id(x)]

    def _name(self, x: Any) -> str | None:
        name = getattr(x, "name", None) or self._variables.get(id(x))
        if name is None and x is self._loss:
            name = self._variables[id(x)] = next(n for n in chain("L", _numbered("L")) if n not in self._taken)
        if name is None and isinstance(x, Tensor) and x.is_leaf:
            name = self._variables[id(x)] = next(n for n in self._leaf_names if n not in self._taken)
        return None if name is None else pretty(name)


def _numbered(letter: str) -> Iterator[str]:
    return (f"{letter}{i}" for i in count(1))


def _in_numbers(e: Expression) -> str:
    """The formula with numbers in place of variables; empty where that says nothing new, or not in a line."""
    if isinstance(e, Symbol | Constant) or not _all_scalars(e):
        return ""
    return write(e, leaf=lambda s: number(s.value))


def _all_scalars(e: Expression) -> bool:
    parts: Any = getattr(e, "terms", None) or getattr(e, "factors", None) or getattr(e, "args", ())
    return e.shape == () and all(_all_scalars(part) for part in parts)


def _line(cells: list[str], widths: list[int]) -> str:
    """One row of the table. Combining bars take no column, so ``str.ljust`` would misalign it."""
    variable, formula, numbers, value = (text + " " * (n - width(text)) for text, n in zip(cells, widths, strict=True))
    if not widths[2]:
        return f"  {variable} = {formula}  = {value}".rstrip()
    return f"  {variable} = {formula}  {'=' if numbers.strip() else ' '} {numbers}  = {value}".rstrip()


def _show(value: Any) -> str:
    if np.ndim(value) == 0:
        return number(value)
    if np.size(value) <= 6:
        text = np.array2string(np.asarray(value), precision=4, separator=", ")
        return " ".join(text.split())
    return f"array {np.shape(value)}, {number(np.min(value))} … {number(np.max(value))}"
