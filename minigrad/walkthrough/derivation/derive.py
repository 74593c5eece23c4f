"""``mg.explain``: the forward and the backward pass of a live graph, in the lectures' error-signal notation.

The backward steps come from the same sweep that trains: it runs again with symbolic values in place of
arrays, so each rule records its formula while it computes. Each variable with a name gets a line; values
without a name are folded into the formula of the next one that has one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from minigrad.core.changed_rules.changed_rules import ChangedRules
from minigrad.core.grad_mode import enable_grad
from minigrad.core.graph import Operation, constant_operations, match_input, operation_of, sweep, topological_order
from minigrad.core.primitive import Primitive, Rule
from minigrad.core.recording.scopes import plain_arrays
from minigrad.core.tensor import Tensor
from minigrad.notation import Expression, Name, Symbol
from minigrad.notation import operations as ops
from minigrad.notation.expression import Constant, Form, size, symbols
from minigrad.notation.name import calling_frames, can_be_named, variable_names, variables_of
from minigrad.notation.simplify import call, is_call, with_powers
from minigrad.notation.symbolic import Symbolic
from minigrad.rules.reductions.sum import sum as sum_of
from minigrad.walkthrough.derivation.assign_names import assign_names
from minigrad.walkthrough.derivation.distinct_abbreviations import DistinctAbbreviations
from minigrad.walkthrough.derivation.local_derivative import local_derivative
from minigrad.walkthrough.derivation.source_lines import source_lines
from minigrad.walkthrough.derivation.step_order import BackwardOrder
from minigrad.walkthrough.derivation.substitute_variables import Definitions
from minigrad.walkthrough.derivation.symbolic_rules import symbolic_rules
from minigrad.walkthrough.replay import Replay
from minigrad.walkthrough.step import ChainRule, Contribution, Step
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["explain"]

_LONGEST = 16  # symbols and numbers in a readable formula: a part of a longer one gets a name,
_REPEATED = 3  # and so does a shorter one that would be repeated in several formulas


def explain(
    loss: Tensor, *, every_step: bool = False, max_shown: int = 6, rules: Mapping[Any, Any] | None = None
) -> Walkthrough:
    """Derive the backward pass of `loss` from its graph, with the numbers of this forward pass.

    Names come from ``t.named("z")``, else from the caller's variables, else from the model that a parameter
    belongs to. Call it before ``backward()``, which frees the graph.

    Arguments:
        loss: the result of the computation, a single number. Of an array its sum L is explained, so that every element
            has the error signal 1: ``mg.explain(mg.conv2d(x, w))``.
        every_step: whether every operation gets a line, named v₁, v₂ … where the program has no name for it.
        max_shown: arrays of up to this many rows and columns are shown number by number where they fit, larger ones
            by shape, range and norm.
        rules: other backward rules, as for ``loss.backward(rules=…)``. Lines that follow one of them are marked, and
            the error signals that are no derivatives then are named at the end. A rule that cannot be written as a
            formula, because it writes into an array or branches on numbers, is shown by its numbers.

    Raises:
        TypeError: if `loss` is not a Tensor, or a complex number; for `rules`, as ``backward``.
        RuntimeError: if it does not depend on any Tensor with requires_grad=True, or if its graph was freed.
        ValueError: if it has no element, or `max_shown` is below 1; for `rules`, as ``backward``.

    >>> import minigrad as mg
    >>> x, t = mg.Tensor(2.0), mg.Tensor(1.0)
    >>> w = mg.Tensor(0.5, requires_grad=True)
    >>> y = mg.sigmoid(w * x)
    >>> L = 0.5 * (y - t) ** 2
    >>> print(mg.explain(L))
    Given
      w = 0.5, x = 2, t = 1
    <BLANKLINE>
    Forward pass
      y = σ(w x)       = σ(0.5 · 2)            = 0.7311
      L = ½ (y − t)²   = ½ · (0.7311 − 1)²     = 0.03616
    <BLANKLINE>
    Backward pass
      L̄ = 1
      ȳ = L̄ (y − t)    = 1 · (0.7311 − 1)      = −0.2689
      w̄ = ȳ σ′(w x) x  = −0.2689 · 0.1966 · 2  = −0.1058
    <BLANKLINE>
    where σ′(w x) = y (1 − y)
    """
    caller = sys._getframe(1)
    if max_shown < 1:
        raise ValueError(f"explain: max_shown is the largest number of rows and columns to show, got {max_shown}")
    variables, lines = variables_of(caller), source_lines(calling_frames(caller))
    if isinstance(loss, Tensor) and loss.requires_grad and loss.size > 1 and loss.dtype.kind == "f":
        with enable_grad():  # a scalar is explained within no_grad, too
            total = sum_of(loss).named("L")
        return derive(total, variables, lines, every_step, "explain", max_shown, own_line=(loss,), rules=rules)
    return derive(loss, variables, lines, every_step, "explain", max_shown, rules=rules)


def derive(
    loss: Tensor,
    variables: Mapping[str, Any],
    lines: Mapping[int, str],
    every_step: bool,
    caller: str,
    max_shown: int = 6,
    copies: bool = True,
    own_line: tuple[Tensor, ...] = (),
    known: Mapping[int, Name] | None = None,
    rules: Mapping[Any, Any] | None = None,
    changed: ChangedRules | None = None,
) -> Walkthrough:
    """The walkthrough of a graph, with the caller's variables, and the source lines that compute them by identity.

    What is in `own_line` gets a line of its own, with or without a name. Without `copies` it holds until an array is
    written into; parameters of a large network are not copied. With `known` values have these names, by identity, and
    no others. Other backward rules are given as `rules`, or checked already, as `changed`.
    """
    if not isinstance(loss, Tensor):
        raise TypeError(f"{caller}: expected a Tensor, the result of a computation, got {type(loss).__name__}")
    if not loss.requires_grad:
        raise RuntimeError(
            f"{caller}: {loss._called()} does not depend on any Tensor with requires_grad=True, "
            "so there is no backward pass; create the parameters with mg.Tensor(…, requires_grad=True)"
        )
    if not loss.size:
        raise ValueError(f"{caller}: {loss._called()} has shape {loss.shape}, without any element")
    if loss.size != 1:
        raise ValueError(
            f"{caller}: {loss._called()} has shape {loss.shape}; a derivation starts at a single number: loss.mean()"
        )
    if loss.dtype.kind == "c":
        raise TypeError(
            f"{caller}: {loss._called()} is a complex number ({loss.dtype}), and a derivation starts at a real one; "
            "take its real part, mg.real(loss), or the square of its size, mg.real(loss * mg.conj(loss))"
        )
    order = topological_order(loss)
    needs_name = {id(y) for y in (order if every_step else own_line)}
    if rules:
        changed = ChangedRules(rules, order, caller, loss._called())
    while True:
        with plain_arrays():
            derivation = _Derivation(order, variables, lines, needs_name, copies, known, changed)
        if not derivation.too_long:
            return replace(derivation.walkthrough, max_shown=max_shown)
        needs_name |= derivation.too_long  # with names for these, the formulas that contain them are short


_ABBREVIATED = (ops.standardize, ops.local_response_norm)  # by a name that is made of their argument's: x̂, d_x
_HAS_WEIGHTS = (
    ops.matmul, ops.linear, ops.conv1d, ops.conv1d_input_grad, ops.conv2d, ops.conv2d_input_grad, ops.conv3d,
    ops.conv3d_input_grad,
)  # fmt: skip


class _Arrived(NamedTuple):
    """A contribution to an error signal, and the use that it comes from: an argument of `consumer`.

    `changed` names the operations whose changed rules gave it, from the error signal of the last line.
    """

    consumer: Tensor
    position: int
    signal: Symbolic
    changed: tuple[str, ...] = ()


class _Derivation:
    """Names the values of a graph and runs the sweep on symbolic values, recording the steps."""

    def __init__(
        self,
        order: list[Tensor],
        variables: Mapping[str, Any],
        lines: Mapping[int, str],
        needs_name: set[int],
        copies: bool,
        known: Mapping[int, Name] | None,
        changed: ChangedRules | None,
    ) -> None:
        self.too_long: set[int] = set()
        self._changed = changed
        self._changed_within: dict[Tensor, tuple[str, ...]] = {}  # an unnamed error signal follows these changed rules
        self._lines = lines
        self._distinct = DistinctAbbreviations()
        by_identity = variable_names(variables)
        constants = constant_operations(
            order, lambda x: can_be_named(x) and bool(getattr(x, "name", None) or id(x) in by_identity)
        )
        self._names, self._nameless = assign_names(order, constants, by_identity, needs_name, known)
        self._replay = Replay(order, constants.values(), self._names, copies=copies, changed=changed)
        self._differentiable = {name for y in order if (name := self._names.get(id(y))) is not None}
        self._uses = Counter(x for y in order for x in y._inputs or () if isinstance(x, Tensor))
        self._expressions: dict[int, Expression] = {}
        self._forward: dict[Tensor, Step] = {}
        for operation in constants.values():
            self._compute(operation)
        for operation in (operation_of(y) for y in order if not y.is_leaf):
            self._unroll(operation)
            self._name_argument(operation)
            self._compute(operation)
        if self.too_long:  # names for these may shorten the error signals of others
            return
        self._definitions = Definitions(
            order, self._forward, variables, self._names, lambda y: self._call(operation_of(y))
        )
        self._backward = BackwardOrder(order)
        self._arrived: dict[Tensor, list[_Arrived]] = {}
        self._owners: dict[Tensor, Tensor] = {}  # the variable whose formula absorbs an unnamed error signal
        loss = order[-1]
        sweep(
            loss,
            Symbolic(np.ones_like(loss.data)[()], Constant(1.0)),
            lift=lambda x: Symbolic(self._value(x), self._expression(x)),
            rules=self._rules,
            visit=self._visit,
        )
        for y, e in self._definitions.used.items():
            self._forward.setdefault(y, self._step(operation_of(y), e))
            self._replay.variables.setdefault(self._definitions.names[y], y)
        forward = tuple(self._forward[y] for y in sorted(self._forward, key=lambda y: y._order))
        backward = tuple(self._backward.in_order())
        self.walkthrough = Walkthrough(self._given(forward, backward), forward, backward, self._replay)

    # ------------------------------------------------------------------ forward

    def _compute(self, operation: Operation) -> None:
        """Give an output its expression, and a step if it has a name; else the formulas that use it contain it."""
        y, expression = operation.output, self._call(operation)
        name = self._names.get(id(y))
        if name is None and self._is_too_long(y, expression):
            name = self._request_name(y)
        elif name is not None:
            self._forward[y] = self._step(operation, expression)
        self._expressions[id(y)] = expression if name is None else Symbol(name, self._value(y))

    def _is_too_long(self, y: Tensor, e: Expression) -> bool:
        return size(e) > (_REPEATED if self._uses[y] > 1 else _LONGEST)

    def _unroll(self, operation: Operation) -> None:
        """Request names for the steps of a recurrence: without them, h = tanh(W tanh(W tanh(W h …)))."""
        if operation.primitive not in _HAS_WEIGHTS:
            return
        expressions = [(x, self._expression(x)) for x in operation.inputs]
        weights = {e.name for _, e in expressions if isinstance(e, Symbol) and len(e.shape) > 1}
        for x, e in expressions:
            if id(x) not in self._names and isinstance(x, Tensor) and weights & {s.name for s in symbols(e)}:
                self.too_long.add(id(x))

    def _name_argument(self, operation: Operation) -> None:
        """Request a name for what is normalized: its standardized values are written as that name with a hat."""
        if operation.primitive in _ABBREVIATED:
            x = operation.inputs[0]
            e = self._expression(x)
            while is_call(e, ops.reshape, Form.ROW):
                x, e = x._inputs[0], e.args[0]
            if not isinstance(e, Symbol):
                self.too_long.add(id(x))

    def _request_name(self, y: Tensor) -> Name:
        """Note that the formula of `y` is too long: the derivation will run again, with a name for `y`.

        Until then a placeholder stands for it: formulas that contain it twice would double at every operation.
        """
        self.too_long.add(id(y))
        return Name("…")

    def _call(self, operation: Operation) -> Expression:
        arguments = [self._expression(x) for x in operation.inputs]
        keywords = operation.primitive.keywords(operation.params)
        return call(operation.primitive, arguments, keywords, operation.output.shape)

    def _step(self, operation: Operation, e: Expression) -> Step:
        y = operation.output
        name = self._names.get(id(y)) or self._definitions.names[y]
        return Step(
            name,
            self._distinct(e),
            self._value(y),
            primitive=operation.primitive.name,
            source_line=self._lines.get(id(y)),
        )

    def _expression(self, x: Any) -> Expression:
        if id(x) not in self._expressions:
            name = self._names.get(id(x))
            value = self._value(x)
            self._expressions[id(x)] = Constant(value) if name is None else Symbol(name, value)
        return self._expressions[id(x)]

    def _value(self, x: Any) -> Any:
        """The value in the forward pass; a parameter may have changed since."""
        return self._replay.given.get(id(x), x.data if isinstance(x, Tensor) else x)

    def _given(self, forward: tuple[Step, ...], backward: tuple[Step, ...]) -> tuple[Step, ...]:
        """The variables in formulas that no step computes."""
        computed = {step.name for step in (*forward, *backward)}
        used = (symbol for step in (*forward, *backward) for symbol in symbols(step.expression))
        given = {s.name: s for s in used if s.name not in computed}
        return tuple(Step(name, s, s.value, nameless=name in self._nameless) for name, s in given.items())

    # ------------------------------------------------------------------ backward

    def _rules(self, primitive: Primitive) -> Iterator[Rule]:
        """An iterator: an operation on any number of arguments has infinitely many."""
        return (self._recorded(i, rule) for i, rule in enumerate(symbolic_rules(primitive, self._changed)))

    def _recorded(self, i: int, rule: Rule) -> Rule:
        """The rule, with its result recorded as a contribution to argument `i` of the current operation."""

        def recorded(y_bar: Any, y: Any, /, *values: Any, **params: Any) -> Any:
            consumer = self._current
            assert consumer._inputs is not None
            assert consumer._primitive is not None
            x = consumer._inputs[i]
            # The sweep lifts Tensors alone; arrays get the names of the caller's variables here.
            symbolic = [Symbolic(v, self._expression(v)) if id(v) in self._names else v for v in values]
            x_bar = match_input(rule(y_bar, y, *symbolic, **params), x, consumer._primitive.name)
            self._arrived.setdefault(x, []).append(
                _Arrived(consumer, i, x_bar, self._changed_on_the_way(consumer, i, x))
            )
            self._backward.contribution(x)
            return x_bar

        return recorded

    def _changed_on_the_way(self, consumer: Tensor, i: int, x: Tensor) -> tuple[str, ...]:
        """The changed rules that a contribution follows; notes that the error signal of `x` is no derivative then."""
        if self._changed is None:
            return ()
        found = (*self._changed_within.get(consumer, ()), *self._changed.names_at(consumer, i))
        if found or consumer in self._replay.not_derivatives:
            self._replay.not_derivatives.add(x)
        return tuple(dict.fromkeys(found))

    def _visit(self, y: Tensor, y_bar: Symbolic) -> Symbolic:
        self._current = y
        arrived = self._arrived.pop(y, [])
        name = self._names.get(id(y))
        if name is None:
            consumer = arrived[0].consumer
            self._owners[y] = self._owners.get(consumer, consumer)
            self._changed_within[y] = tuple(name for part in arrived for name in part.changed)
            if self._is_too_long(y, y_bar.expression):
                return Symbolic(y_bar.data, Symbol(self._request_name(y), y_bar.data))
            return y_bar
        contributions = self._contributions(arrived)
        step = Step(
            name.bar,
            self._readable(y_bar.expression),
            y_bar.data,
            contributions,
            self._chain_rule(name, y, arrived, contributions),
            arrived[0].consumer._primitive.name if len(arrived) == 1 else None,  # type: ignore[union-attr]
            self._lines.get(id(y)),
        )
        self._backward.add(y, step)
        return Symbolic(y_bar.data, Symbol(name.bar, y_bar.data))

    def _readable(self, e: Expression) -> Expression:
        """The formula with variables in place of their definitions, and powers in place of repeated factors."""
        return self._distinct(with_powers(self._definitions.substituted(e)))

    def _contributions(self, arrived: list[_Arrived]) -> tuple[Contribution, ...]:
        contributions: list[Contribution] = []
        running: Any = None
        for consumer, position, part, changed in arrived:
            running = part.data if running is None else part.data + running  # in the order of the sweep
            source = self._names[id(self._owners.get(consumer, consumer))]
            expression = self._readable(part.expression)
            derivative = None if changed else local_derivative(expression, source.bar)
            assert consumer._primitive is not None
            primitive = consumer._primitive.name
            contributions.append(
                Contribution(source, part.data, running, primitive, expression, derivative, consumer, position, changed)
            )
        return tuple(contributions)

    def _chain_rule(
        self, name: Name, y: Tensor, arrived: list[_Arrived], contributions: tuple[Contribution, ...]
    ) -> tuple[ChainRule, ...]:
        """One derivative for each variable computed from `y`, latest use last; none where arrays are involved."""
        derivatives: dict[Tensor, Expression] = {}
        for (consumer, *_), contribution in zip(arrived[::-1], contributions[::-1], strict=True):
            owner = self._owners.get(consumer, consumer)
            if contribution.derivative is None or owner.shape or y.shape:
                return ()
            derivatives[owner] = call(ops.add, (derivatives.get(owner, Constant(0.0)), contribution.derivative), {}, ())
        return tuple(
            ChainRule(self._names[id(owner)], name, self._is_partial(owner), derivative)
            for owner, derivative in derivatives.items()
        )

    def _is_partial(self, y: Tensor) -> bool:
        return len({s.name for s in symbols(self._forward[y].expression)} & self._differentiable) > 1
