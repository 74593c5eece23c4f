"""Variables recognised in formulas by their definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from minigrad.core.tensor import Tensor
from minigrad.notation import Expression, Name, Symbol
from minigrad.notation.expression import Call, Derivative, Product, Sum
from minigrad.walkthrough.step import Step

__all__ = ["Definitions"]


class Definitions:
    """Replaces expressions in formulas by the variables that they define: softmax(z) by y, where y = softmax(z).

    The variable need not be in the graph of the loss: ``y = mg.softmax(z)`` together with
    ``L = mg.cross_entropy(z, t)`` gives the lecture's z̄ = y − t.
    """

    def __init__(
        self,
        order: list[Tensor],
        forward: Mapping[Tensor, Step],
        variables: Mapping[str, Any],
        names: Mapping[int, Name],
        call: Callable[[Tensor], Expression],
    ) -> None:
        self.used: dict[Tensor, Expression] = {}
        self.names = {y: step.name for y, step in forward.items()}
        self._known: list[tuple[Tensor, Expression]] = [(y, step.expression) for y, step in forward.items()]
        graph = set(order)
        taken = {text for name in names.values() for text in (name.text, name.python)}
        for name, y in variables.items():
            outside = isinstance(y, Tensor) and y not in graph and y._primitive is not None and y._inputs
            if outside and all(x in graph for x in y._inputs if isinstance(x, Tensor)):
                parsed = Name.parse(y.name or name, y.ndim)
                if not {parsed.text, parsed.python} & taken:
                    self.names[y] = parsed
                    self._known.append((y, call(y)))

    def substituted(self, e: Expression) -> Expression:
        """The formula with variables in place of their definitions."""
        match e:
            case Sum():
                return replace(e, terms=tuple(map(self.substituted, e.terms)))
            case Product():
                return replace(e, factors=tuple(map(self.substituted, e.factors)))
            case Call():
                for y, definition in self._known:
                    if _equal(e, definition):
                        self.used[y] = definition
                        return Symbol(self.names[y], y.data)
                return replace(e, args=tuple(map(self.substituted, e.args)))
            case Derivative():
                return replace(e, arg=self.substituted(e.arg))
        return e


def _equal(a: Call, b: Expression) -> bool:
    """Whether two calls are known to be equal, by their operation, symbols and plain parameters."""
    return (
        isinstance(b, Call)
        and a.operation == b.operation
        and all(isinstance(arg, Symbol) for arg in (*a.args, *b.args))
        and a.args == b.args
        and a.params.keys() == b.params.keys()
        and all(isinstance(v, int | tuple | None) and v == b.params[key] for key, v in a.params.items())
    )
