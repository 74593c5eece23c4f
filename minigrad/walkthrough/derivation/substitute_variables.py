"""Variables recognised in formulas by their definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minigrad.core.tensor import Tensor
from minigrad.notation import Expression, Name, Symbol
from minigrad.notation.expression import Call, replace_parts
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
        self._known: dict[Any, list[tuple[Tensor, Call]]] = {}
        for y, step in forward.items():
            self._learn(y, step.expression)
        graph = set(order)
        taken = {text for name in names.values() for text in (name.text, name.python)}
        for name, y in variables.items():
            outside = isinstance(y, Tensor) and y not in graph and y._primitive is not None and y._inputs
            if outside and all(x in graph for x in y._inputs if isinstance(x, Tensor)):
                parsed = Name.parse(y.name or name, y.ndim)
                if not {parsed.text, parsed.python} & taken:
                    self.names[y] = parsed
                    self._learn(y, call(y))

    def _learn(self, y: Tensor, definition: Expression) -> None:
        if isinstance(definition, Call) and all(isinstance(arg, Symbol) for arg in definition.args):
            self._known.setdefault(_key(definition), []).append((y, definition))

    def substituted(self, e: Expression) -> Expression:
        """The formula with variables in place of their definitions."""
        if isinstance(e, Call):
            for y, definition in self._known.get(_key(e), ()):
                if _have_equal_params(e, definition):
                    self.used[y] = definition
                    return Symbol(self.names[y], y.data)
        return replace_parts(e, self.substituted)


def _key(e: Call) -> Any:
    """What equal calls share, to look them up by: their operation and their symbols."""
    return e.operation, tuple(arg.name if isinstance(arg, Symbol) else None for arg in e.args)


def _have_equal_params(a: Call, b: Call) -> bool:
    """Whether two calls are known to have equal parameters: plain ones."""
    return a.params.keys() == b.params.keys() and all(
        isinstance(v, int | tuple | None) and v == b.params[key] for key, v in a.params.items()
    )
