"""The formulas of a picture: how a value is computed, what each use contributes, and local derivatives.

Those of a derivation where it has a line for the box, as `mg.explain` prints them; else they come from the rules of the
operations in the box, run on symbolic values.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np

from minigrad.core.graph import match_input
from minigrad.core.tensor import Tensor
from minigrad.drawing.contents.context import Context
from minigrad.drawing.graph.nodes import Node, Use
from minigrad.drawing.levels.grouping import Group
from minigrad.notation import Expression, Symbol, Symbolic
from minigrad.notation.expression import Constant, size, symbols
from minigrad.notation.simplify import call, with_powers
from minigrad.walkthrough.derivation.symbolic_rules import symbolic_rules
from minigrad.walkthrough.step import Contribution

__all__ = ["Formulas"]

_LONGEST = 24  # symbols and numbers in a formula that can still be read
_MOST_NODES = 40  # of a box that has a formula


class Formulas:
    """Looks formulas up in the derivation, or makes them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        walkthrough = context.walkthrough
        self._changed = walkthrough.replay.changed if walkthrough is not None else None
        self._forward = {step.name: step for step in walkthrough.forward} if walkthrough is not None else {}
        backward = walkthrough.backward if walkthrough is not None else ()
        self._contributions_of = {
            (id(part.consumer), part.position): part for step in backward for part in step.contributions
        }
        self._values: dict[Group, Expression | None] = {}
        self._contributed: dict[Use, Expression | None] = {}
        self._made: dict[Group, dict[Use, tuple[Symbolic, Symbolic]]] = {}

    def value(self, group: Group) -> Expression | None:
        """How the value of a box is computed from those of others; ``None`` for leaves, and where it is too long.

        Of a loop it is the formula of the last step.
        """
        if group not in self._values:
            self._values[group] = self._value(group)
        return self._values[group]

    def _value(self, group: Group) -> Expression | None:
        head = self._context.head(group)
        if head.kind != "operation" or head is self._context.graph.failed:
            return None
        name = self._context.name(head)
        step = self._forward.get(name) if name is not None else None
        if step is not None and (group.times > 1 or self._names_only(step.expression, group)):
            return step.expression
        if len(group.nodes) > _MOST_NODES * group.times:
            return None
        found = self._expression(head, group)
        return found if found is not None and size(found) <= _LONGEST else None

    def contribution(self, use: Use) -> Expression | None:
        """What a use adds to the error signal of its source, as a formula."""
        if use not in self._contributed:
            self._contributed[use] = self._contribution(use)
        return self._contributed[use]

    def _contribution(self, use: Use) -> Expression | None:
        derived = self._derived(use)
        if derived is not None:
            return derived.expression
        made = self._of_group(self._context.of[use.target]).get(use)
        return _readable(made[0]) if made is not None else None

    def derivative(self, use: Use) -> Expression | None:
        """The derivative of the consumer by this use, for numbers; its product with the error signal is added."""
        if self._is_changed(self._context.of[use.target]):
            return None
        derived = self._derived(use)
        if derived is not None and derived.derivative is not None:
            return derived.derivative
        made = self._of_group(self._context.of[use.target]).get(use)
        return _readable(made[1]) if made is not None and not made[1].shape else None

    def slope(self, use: Use) -> Any:
        """The derivative as a number."""
        made = self._of_group(self._context.of[use.target]).get(use)
        return made[1].data if made is not None and made[1].ndim == 0 else None

    def _is_changed(self, group: Group) -> bool:
        """Whether an operation in the box has a changed rule: what it passes back is no derivative."""
        changed = self._changed
        return changed is not None and any(node.primitive and changed.has(node.primitive) for node in group.nodes)

    # ------------------------------------------------------------------ from the derivation

    def _derived(self, use: Use) -> Contribution | None:
        """The contribution in the derivation, if it passes on the error signal of the box that the use is in."""
        found = self._contributions_of.get((id(use.target.value), use.position))
        consumer = self._context.name(self._context.head(self._context.of[use.target]))
        return found if found is not None and found.name == consumer else None

    def _names_only(self, e: Expression, group: Group) -> bool:
        """Whether a formula is written in what the box uses."""
        used = {self._context.name(use.source) for use in self._context.entering(group)}
        inside = {self._context.name(node) for node in group.nodes if node.kind != "operation"}
        return all(symbol.name in used | inside for symbol in symbols(e))

    # ------------------------------------------------------------------ from the rules

    def _expression(self, node: Node, group: Group, made: dict[Node, Expression] | None = None) -> Expression | None:
        """A value written with the names of other groups' values; ``None`` if one of them has no name."""
        made = {} if made is None else made
        for y in group.nodes:  # in the order of computation
            if y.kind != "operation":
                continue
            arguments = []
            for i, use in enumerate(self._context.arguments.get(y, ())):
                x = use.source
                if use.position != i:  # one between them was left out
                    return None
                inner = made.get(x) if self._context.of[x] is group else None
                if group.times > 1 and self._context.name(x) is not None:
                    inner = None  # of a loop, the formula of its last step
                argument = inner if inner is not None else self._symbol(x)
                if argument is None:
                    return None
                arguments.append(argument)
            assert y.primitive is not None
            shape = np.shape(self._context.array(y))
            made[y] = call(y.primitive, arguments, y.primitive.keywords(y.params), shape)
            if size(made[y]) > 2 * _LONGEST:
                return None
            if y is node:
                return made[y]
        return None

    def _symbol(self, x: Node) -> Expression | None:
        """The name of a value, or the number itself."""
        name, array = self._context.name(x), self._context.array(x)
        if name is not None:
            return Symbol(name, array[()])
        return None if x.kind in ("operation", "unrecorded") or array is None else Constant(array[()])

    def _of_group(self, group: Group) -> dict[Use, tuple[Symbolic, Symbolic]]:
        """Contributions and derivatives of all uses by a group, by its rules on symbolic values."""
        if group not in self._made:
            self._made[group] = self._sweep(group) if len(group.nodes) <= _MOST_NODES else {}
        return self._made[group]

    def _sweep(self, group: Group) -> dict[Use, tuple[Symbolic, Symbolic]]:
        context, head = self._context, self._context.head(group)
        name, head_signal = context.name(head), context.signal(head)
        if name is None or head_signal is None or context.outputs(group) != [head]:
            return {}
        values: dict[Node, Expression] = {}
        if self._expression(head, group, values) is None:
            return {}
        values[head] = Symbol(name, context.array(head)[()])
        one = np.ones_like(context.array(head))[()]
        signals = {head: (Symbolic(head_signal, Symbol(name.bar, head_signal)), Symbolic(one, Constant(1.0)))}
        found: dict[Use, tuple[Symbolic, Symbolic]] = {}
        with np.errstate(all="ignore"):
            for y in reversed(group.nodes):
                if y in signals:
                    for use, parts in self._contributions(y, values, signals[y]).items():
                        if context.of[use.source] is group and use.source.kind == "operation":
                            before = signals.get(use.source)
                            signals[use.source] = (
                                parts if before is None else (parts[0] + before[0], parts[1] + before[1])  # type: ignore[operator]
                            )
                        else:
                            found[use] = parts
        return found

    def _contributions(
        self, y: Node, values: dict[Node, Expression], y_bar: tuple[Symbolic, Symbolic]
    ) -> dict[Use, tuple[Symbolic, Symbolic]]:
        """What an operation passes on, from its error signal and from 1 in place of that of the box."""
        context, tensor = self._context, y.value
        uses = [use for use in context.arguments.get(y, ()) if context.signals and use in context.signals.contributions]
        if not uses or not isinstance(tensor, Tensor) or y.primitive is None:
            return {}
        lifted = [
            self._lifted(use.source, values, x) for use, x in zip(context.arguments[y], tensor._arrays(), strict=False)
        ]
        if len(lifted) != len(tensor._arrays()):
            return {}
        rules = list(islice(symbolic_rules(y.primitive, self._changed), len(lifted)))
        output = self._lifted(y, values, context.array(y)[()])
        found = {}
        for use in uses:
            x, name = use.source.value, y.primitive.name
            parts = (
                match_input(rules[use.position](part, output, *y.primitive.packed(lifted), **y.params), x, name)
                for part in y_bar
            )
            found[use] = (next(parts), next(parts))
        return found

    def _lifted(self, x: Node, values: dict[Node, Expression], array: Any) -> Any:
        """A value for the rules: with its formula, or as it is."""
        expression = values.get(x) or self._symbol(x)
        is_bare = expression is None or (isinstance(expression, Constant) and not isinstance(x.value, Tensor))
        return array if is_bare else Symbolic(array, expression)  # type: ignore[arg-type]


def _readable(value: Symbolic) -> Expression | None:
    """Its formula, with powers in place of repeated factors, unless it is too long."""
    return with_powers(value.expression) if size(value.expression) <= _LONGEST else None
