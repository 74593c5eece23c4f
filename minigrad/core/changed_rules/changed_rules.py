"""``loss.backward(rules={mg.relu: rule})``: other backward rules for one sweep.

A sweep takes the rules of an operation from the operation itself, or from a function that it is given. `ChangedRules`
is such a function. It belongs to one sweep: nothing changes for other sweeps, in this thread or in another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from minigrad.core.changed_rules.validate import checked_key, checked_rules, refuse_absent
from minigrad.core.tensor import Tensor

if TYPE_CHECKING:
    from minigrad.core.primitive import Primitive, Rule

__all__ = ["Call", "ChangedRules", "calls_of"]


class Call(NamedTuple):
    """How an operation is called in a graph: by how many arguments, and the keywords that its rules receive."""

    primitive: Primitive
    arguments: int
    keywords: tuple[str, ...]


def calls_of(order: Iterable[Tensor]) -> set[Call]:
    """The calls in a graph, also those within an operation that runs a graph of its own, as `checkpoint` does."""
    found: set[Call] = set()
    for y in order:
        if y._primitive is None:
            continue
        params = y._params or {}
        found.add(Call(y._primitive, len(y._inputs or ()), tuple(params)))
        if y._primitive.nested is not None:
            found |= params[y._primitive.nested].calls
    return found


class ChangedRules:
    """The rules of each operation for one sweep: those that were given, and its own for all others.

    Arguments:
        given: rules by operation, called as its own are: ``rule(y_bar, y, *arrays, **params)``. An operation with rules
            for several arguments has a tuple of rules, with ``None`` for each that stays; one on any number of
            arguments (`concatenate`) a function ``rule(i, y_bar, y, arrays, **params)``.
        order: the Tensors of the graph.
        caller: the function that errors name.
        root: the result, in words.

    Raises:
        TypeError: if `given` is not a dictionary, a key is not an operation, or a rule cannot be called as described.
        ValueError: if an operation does not occur in the graph, or if no rule is changed.
    """

    def __init__(self, given: Any, order: Iterable[Tensor], caller: str, root: str) -> None:
        if not isinstance(given, Mapping):
            raise TypeError(
                f"{caller}: rules is a dictionary of backward rules by operation, as in "
                f"{{mg.relu: lambda y_bar, y, x: y_bar}}; got {type(given).__name__}"
            )
        by_primitive: dict[Primitive, list[Call]] = {}
        for call in calls_of(order):
            by_primitive.setdefault(call.primitive, []).append(call)
        self._rules: dict[Primitive, tuple[Rule | None, ...] | Callable[..., Any]] = {}
        for key, rules in given.items():
            matches = checked_key(key, caller)
            primitive = next((p for p in by_primitive if matches(p)), None)
            if primitive is None:
                refuse_absent(key, by_primitive, caller, f"the graph of {root}")
            elif primitive in self._rules:
                raise ValueError(f"{caller}: rules has two entries for {primitive.name}; leave one")
            else:
                self._rules[primitive] = checked_rules(primitive, rules, by_primitive[primitive], caller)
        self.names = tuple(primitive.name for primitive in self._rules)

    def __call__(self, primitive: Primitive) -> Iterable[Rule]:
        """The rules of an operation, for `minigrad.core.graph.sweep`."""
        given = self._rules.get(primitive)
        if given is None:
            nested = primitive.nested is not None
            return (partial(rule, changed=self) for rule in primitive.rules) if nested else primitive.rules
        if not isinstance(given, tuple):
            return (partial(given, i) for i in count())
        own = enumerate(primitive.rules)
        return ((given[i] if i < len(given) else None) or rule for i, rule in own)

    def has(self, primitive: Primitive) -> bool:
        """Whether the rules of an operation are changed, or those of one within it."""
        return primitive in self._rules or primitive.nested is not None

    def changes(self, primitive: Primitive, i: int) -> bool:
        """Whether there is another rule for argument `i` of an operation."""
        given = self._rules.get(primitive)
        return (i < len(given) and given[i] is not None) if isinstance(given, tuple) else given is not None

    def names_at(self, y: Tensor, i: int) -> tuple[str, ...]:
        """The operations whose changed rules give what argument `i` of the operation that computed `y` receives."""
        primitive = y._primitive
        assert primitive is not None
        if self.changes(primitive, i):
            return (primitive.name,)
        if primitive.nested is None or primitive in self._rules:
            return ()
        within = {call.primitive for call in (y._params or {})[primitive.nested].calls}
        return tuple(changed.name for changed in self._rules if changed in within)
