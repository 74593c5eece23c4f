"""Variables recognised in formulas by what they were computed from."""

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
        made: Callable[[Tensor], Expression],
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
                    self._known.append((y, made(y)))

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
                        self.used[y] = definition
                        return Symbol(self.names[y], y.data)
                return replace(e, args=tuple(map(self.recognised, e.args)))
            case Derivative():
                return replace(e, arg=self.recognised(e.arg))
        return e


def _alike(a: Call, b: Expression) -> bool:
    """Whether two calls compute the same, as far as can be seen from names and plain parameters."""
    return (
        isinstance(b, Call)
        and a.operation == b.operation
        and all(isinstance(arg, Symbol) for arg in (*a.args, *b.args))
        and a.args == b.args
        and a.params.keys() == b.params.keys()
        and all(isinstance(v, int | tuple | None) and v == b.params[key] for key, v in a.params.items())
    )
