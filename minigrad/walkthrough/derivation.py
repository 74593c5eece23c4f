"""``mg.explain``: the forward and the backward pass of a live graph, in the lectures' error-signal notation.

The backward steps come from the very sweep that trains: it is run once more with named values in place
of arrays, so each rule writes down its formula while it computes. Variables with a name get a line of
their own; what lies between them is folded into the formula of the next one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from minigrad.graph import sweep, topological_order, unbroadcast
from minigrad.notation import Expression, Name, Symbol
from minigrad.notation.expression import Call, Constant, Product, Sum, size, symbols
from minigrad.notation.named import Named, rules_with_named_derivatives
from minigrad.notation.names import variable_names, variables_of
from minigrad.notation.simplify import call
from minigrad.primitive import Primitive, Rule
from minigrad.tensor import Tensor
from minigrad.walkthrough.naming import names_of
from minigrad.walkthrough.replay import Replay
from minigrad.walkthrough.source import source_lines
from minigrad.walkthrough.step import ChainRule, Contribution, Step
from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["explain"]

_LONGEST = 16  # symbols and numbers in a formula that can still be read: a part of a longer one gets a name,
_REPEATED = 3  # and so does a shorter one that would stand in several places


def explain(loss: Tensor, *, every_step: bool = False) -> Walkthrough:
    """Derive the backward pass of `loss` from its graph, with the numbers of this forward pass.

    Names come from ``t.named("z")``, else from the caller's variables, else from the model that a parameter
    belongs to. Call it before ``backward()``, which frees the graph.

    Arguments:
        loss: the Tensor that the computation ended in, a single number.
        every_step: give each operation a line of its own, named v₁, v₂ … where the program has no name.

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
    return derive(loss, variables_of(caller), source_lines(caller), every_step, "explain")


def derive(
    loss: Tensor, variables: Mapping[str, Any], lines: Mapping[str, str], every_step: bool, asked_by: str
) -> Walkthrough:
    """The walkthrough of a graph whose caller has these variables, computed on these lines."""
    if not isinstance(loss, Tensor):
        raise TypeError(f"{asked_by}: expected the Tensor that a computation ended in, got {type(loss).__name__}")
    if not loss.requires_grad:
        raise RuntimeError(
            f"{asked_by}: {loss._called()} does not depend on any Tensor with requires_grad=True, "
            "so there is no backward pass; create the parameters with mg.Tensor(…, requires_grad=True)"
        )
    if loss.size != 1:
        raise ValueError(
            f"{asked_by}: {loss._called()} has shape {loss.shape}; a derivation starts at a single number: loss.mean()"
        )
    order = topological_order(loss)
    wanted = {id(y) for y in order} if every_step else set()
    while True:
        derivation = _Derivation(order, variables, lines, wanted)
        if not derivation.too_long:
            return derivation.walkthrough
        wanted |= derivation.too_long  # with these named, the formulas that held them are short


_WITH_WEIGHTS = ("matmul", "linear", "conv2d")


class _Derivation:
    """Names every value of a graph and runs the sweep on the named values, writing down the steps."""

    def __init__(
        self, order: list[Tensor], variables: Mapping[str, Any], lines: Mapping[str, str], wanted: set[int]
    ) -> None:
        self.too_long: set[int] = set()
        self._lines = {id(x): lines[name] for name, x in variables.items() if name in lines}
        self._names = names_of(order, variable_names(variables), wanted)
        self._replay = Replay(order, self._names)
        self._differentiable = {name for y in order if (name := self._names.get(id(y))) is not None}
        self._uses = Counter(x for y in order for x in y._inputs or () if isinstance(x, Tensor))
        self._expressions: dict[int, Expression] = {}
        self._forward: dict[Tensor, Step] = {}
        for y in order:
            self._compute(y)
        if self.too_long:  # with these named, the error signals of others may not be
            return
        self._definitions = _Definitions(order, self._forward, variables, self._names, self._expression)
        self._backward = _Lines(order)
        self._arrived: dict[Tensor, list[tuple[Tensor, Named]]] = {}
        self._owners: dict[Tensor, Tensor] = {}  # an error signal without a name belongs to a formula of this one
        loss = order[-1]
        sweep(
            loss,
            Named(np.ones_like(loss.data)[()], Constant(1.0)),
            lift=lambda x: Named(x.data, self._expression(x)),
            rules=self._rules,
            visit=self._visit,
        )
        for y, e in self._definitions.used.items():
            self._forward[y] = self._step(y, e)
        forward = tuple(self._forward[y] for y in sorted(self._forward, key=lambda y: y._order))
        backward = tuple(self._backward.in_order())
        self.walkthrough = Walkthrough(self._given(forward, backward), forward, backward, self._replay)

    # ------------------------------------------------------------------ forward

    def _compute(self, y: Tensor) -> None:
        """Give `y` its expression; a step if it has a name, else it is folded into what uses it."""
        if y._primitive is None:
            return
        made = self._made(y)
        self._unroll(y)
        name = self._names.get(id(y))
        if name is None and self._is_too_long(y, made):
            name = self._set_apart(y)
        elif name is not None:
            self._forward[y] = self._step(y, made)
        self._expressions[id(y)] = made if name is None else Symbol(name, y.data)

    def _is_too_long(self, y: Tensor, e: Expression) -> bool:
        return size(e) > (_REPEATED if self._uses[y] > 1 else _LONGEST)

    def _unroll(self, y: Tensor) -> None:
        """Have the rounds of a loop named: without, h = tanh(W tanh(W tanh(W h …)))."""
        assert y._primitive is not None
        if y._primitive.name not in _WITH_WEIGHTS:
            return
        weights = {e.name for x in y._inputs or () if isinstance(e := self._expression(x), Symbol) and len(e.shape) > 1}
        for x in y._inputs or ():
            inside = symbols(self._expression(x))
            if id(x) not in self._names and isinstance(x, Tensor) and weights & {s.name for s in inside}:
                self.too_long.add(id(x))

    def _set_apart(self, y: Tensor) -> Name:
        """Note that a formula is too long: the derivation is made again, with a name for this part of it.

        It goes on with a placeholder, for formulas that hold it twice would double at every operation.
        """
        self.too_long.add(id(y))
        return Name("…")

    def _made(self, y: Tensor) -> Expression:
        assert y._primitive is not None
        arguments = [self._expression(x) for x in y._inputs or ()]
        params = {key: v for key, v in (y._params or {}).items() if key not in y._primitive.keeps}
        return call(y._primitive.name, y._primitive.symbol, arguments, params, y.shape)

    def _step(self, y: Tensor, e: Expression) -> Step:
        name = self._names.get(id(y)) or self._definitions.names[y]
        assert y._primitive is not None
        inputs = tuple(dict.fromkeys(s.name.source for s in symbols(e)))
        return Step(
            name,
            name.source,
            e,
            y.data,
            primitive=y._primitive.name,
            source_line=self._lines.get(id(y)),
            inputs=inputs,
        )

    def _expression(self, x: Any) -> Expression:
        if id(x) not in self._expressions:
            name = self._names.get(id(x))
            value = self._replay.given.get(id(x), x.data if isinstance(x, Tensor) else x)
            self._expressions[id(x)] = Constant(value) if name is None else Symbol(name, value)
        return self._expressions[id(x)]

    @staticmethod
    def _given(forward: tuple[Step, ...], backward: tuple[Step, ...]) -> tuple[Step, ...]:
        """The variables that formulas use and no step computes."""
        computed = {step.name for step in (*forward, *backward)}
        used = (symbol for step in (*forward, *backward) for symbol in symbols(step.expression))
        given = {s.name: s for s in used if s.name not in computed}
        return tuple(Step(name, name.source, symbol, symbol.value) for name, symbol in given.items())

    # ------------------------------------------------------------------ backward

    def _rules(self, primitive: Primitive) -> list[Rule]:
        rules = rules_with_named_derivatives(primitive)
        return [self._noted(i, rule) for i, rule in enumerate(rules)]

    def _noted(self, i: int, rule: Rule) -> Rule:
        """The rule, with its result noted as a contribution to argument `i` of the operation under way."""

        def noted(y_bar: Any, y: Any, *values: Any, **params: Any) -> Any:
            consumer = self._current
            assert consumer._inputs is not None
            x = consumer._inputs[i]
            # The sweep names Tensors alone; arrays are called as the caller's variables are.
            known = [Named(v, self._expression(v)) if id(v) in self._names else v for v in values]
            x_bar = unbroadcast(rule(y_bar, y, *known, **params), x.shape)
            self._arrived.setdefault(x, []).append((consumer, x_bar))
            self._backward.arrives(x)
            return x_bar

        return noted

    def _visit(self, y: Tensor, y_bar: Named) -> Named:
        self._current = y
        arrived = self._arrived.pop(y, [])
        name = self._names.get(id(y))
        if name is None:
            consumer = arrived[0][0]
            self._owners[y] = self._owners.get(consumer, consumer)
            if self._is_too_long(y, y_bar.expression):
                return Named(y_bar.data, Symbol(self._set_apart(y), y_bar.data))
            return y_bar
        contributions = self._contributions(arrived)
        step = Step(
            name.bar,
            name.source,
            self._definitions.recognised(y_bar.expression),
            y_bar.data,
            contributions,
            self._chain_rule(name, y, arrived, contributions),
            arrived[0][0]._primitive.name if len(arrived) == 1 else None,  # type: ignore[union-attr]
            self._lines.get(id(y)),
        )
        self._backward.add(y, step)
        return Named(y_bar.data, Symbol(name.bar, y_bar.data))

    def _contributions(self, arrived: list[tuple[Tensor, Named]]) -> tuple[Contribution, ...]:
        contributions: list[Contribution] = []
        running: Any = None
        for consumer, part in arrived:
            running = part.data if running is None else part.data + running  # as the sweep adds them
            source = self._names[id(self._owners.get(consumer, consumer))]
            expression = self._definitions.recognised(part.expression)
            slope = without(expression, source.bar)
            assert consumer._primitive is not None
            contributions.append(Contribution(source, part.data, running, consumer._primitive.name, expression, slope))
        return tuple(contributions)

    def _chain_rule(
        self, name: Name, y: Tensor, arrived: list[tuple[Tensor, Named]], contributions: tuple[Contribution, ...]
    ) -> tuple[ChainRule, ...]:
        """One derivative for each variable computed from `y`, latest use last; nothing where arrays are involved."""
        slopes: dict[Tensor, Expression] = {}
        for (consumer, _), contribution in zip(arrived[::-1], contributions[::-1], strict=True):
            owner = self._owners.get(consumer, consumer)
            if contribution.slope is None or owner.shape or y.shape:
                return ()
            slopes[owner] = call("add", "+", (slopes.get(owner, Constant(0.0)), contribution.slope), {}, ())
        return tuple(
            ChainRule(self._names[id(owner)], name, self._is_partial(owner), slope) for owner, slope in slopes.items()
        )

    def _is_partial(self, y: Tensor) -> bool:
        return len({s.name for s in symbols(self._forward[y].expression)} & self._differentiable) > 1


class _Lines:
    """The backward steps; those of leaves stand where their error signals are complete, as in the lecture."""

    def __init__(self, order: list[Tensor]) -> None:
        self._steps: list[Step] = []
        self._leaves: dict[Tensor, Step] = {}
        self._complete_after: dict[Tensor, int] = {}
        self._first_use: dict[Tensor, int] = {}
        for y in order:
            for x in y._inputs or ():
                if isinstance(x, Tensor):
                    self._first_use.setdefault(x, len(self._first_use))

    def arrives(self, x: Tensor) -> None:
        """A contribution to the error signal of `x`: the last one completes it."""
        self._complete_after[x] = len(self._steps)

    def add(self, y: Tensor, step: Step) -> None:
        if y.is_leaf:
            self._leaves[y] = step
        else:
            self._steps.append(step)

    def in_order(self) -> list[Step]:
        steps = [(k, -1, step) for k, step in enumerate(self._steps)]
        steps += [
            (self._complete_after.get(x, 0) - 1, self._first_use.get(x, 0), step) for x, step in self._leaves.items()
        ]
        return [step for *_, step in sorted(steps, key=lambda line: line[:2])]


class _Definitions:
    """Recognises in a formula what a variable of the caller was computed by: softmax(z) where y = softmax(z).

    Such a variable need not be in the graph of the loss: ``y = mg.softmax(z)`` beside
    ``L = mg.cross_entropy(z, t)`` makes the lecture's z̄ = y − t.
    """

    def __init__(
        self,
        order: list[Tensor],
        forward: Mapping[Tensor, Step],
        variables: Mapping[str, Any],
        names: Mapping[int, Name],
        expression: Callable[[Any], Expression],
    ) -> None:
        self.used: dict[Tensor, Expression] = {}
        self.names: dict[Tensor, Name] = {}
        self._known: list[tuple[Tensor, Expression]] = [(y, step.expression) for y, step in forward.items()]
        graph = set(order)
        taken = {text for name in names.values() for text in (name.text, name.python)}
        for name, y in variables.items():
            outside = isinstance(y, Tensor) and y not in graph and y._primitive is not None and y._inputs
            if outside and all(x in graph for x in y._inputs if isinstance(x, Tensor)):
                parsed = Name.parse(y.name or name, y.ndim)
                if not {parsed.text, parsed.python} & taken:
                    self.names[y] = parsed
                    e = call(y._primitive.name, "", [expression(x) for x in y._inputs], y._params or {}, y.shape)
                    self._known.append((y, replace(e, symbol=y._primitive.symbol) if isinstance(e, Call) else e))
        for y, step in forward.items():
            self.names[y] = step.name

    def recognised(self, e: Expression) -> Expression:
        """The formula with variables in place of what they were computed by."""
        match e:
            case Sum():
                return replace(e, terms=tuple(map(self.recognised, e.terms)))
            case Product():
                return replace(e, factors=tuple(map(self.recognised, e.factors)))
            case Call():
                for y, definition in self._known:
                    if _alike(e, definition):
                        if y.requires_grad and definition is not None:
                            self.used[y] = definition
                        return Symbol(self.names[y], y.data)
                return replace(e, args=tuple(map(self.recognised, e.args)))
        return e


def _alike(a: Call, b: Expression) -> bool:
    """Whether two calls compute the same, as far as can be seen from names and plain parameters."""
    return (
        isinstance(b, Call)
        and a.name == b.name
        and all(isinstance(arg, Symbol) for arg in (*a.args, *b.args))
        and a.args == b.args
        and a.params.keys() == b.params.keys()
        and all(isinstance(v, int | tuple | None) and v == b.params[key] for key, v in a.params.items())
    )


def without(e: Expression, name: Name) -> Expression | None:
    """What a formula multiplies the symbol of this name by; ``None`` if it is no multiple of it."""
    match e:
        case Symbol():
            return Constant(1.0) if e.name == name else None
        case Sum():
            slopes = [without(term, name) for term in e.terms]
            return None if None in slopes else Sum(tuple(slopes), e.shape)  # type: ignore[arg-type]
        case Product():
            inside = [i for i, factor in enumerate(e.factors) if any(s.name == name for s in symbols(factor))]
            slope = without(e.factors[inside[0]], name) if len(inside) == 1 else None
            if slope is None:
                return None
            rest: Expression = Constant(e.coefficient)
            for i, factor in enumerate(e.factors):
                rest = call("multiply", "", (rest, slope if i == inside[0] else factor), {}, e.shape)
            return rest
        case Call(name="divide", args=(above, below)):
            slope = without(above, name)
            return None if slope is None else call("divide", "/", (slope, below), {}, e.shape)
    return None
