"""Operations whose rules share what one of them computes on the way, so that it is not computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from minigrad.core.primitive import Primitive, Rule

__all__ = ["SharingPrimitive"]


class _SharingRules(tuple[Rule, ...]):
    """Whenever a sweep asks for the rules, they get a dictionary of their own."""

    def __iter__(self) -> Iterator[Rule]:
        shared: dict[str, Any] = {}
        return (partial(rule, shared=shared) for rule in super().__iter__())


class SharingPrimitive(Primitive):
    """A primitive whose rules receive a dictionary, by the keyword ``shared``, to leave results in for each other.

    It lasts for one visit of one output by a sweep. Arguments as those of `Primitive`.
    """

    def __init__(self, name: str, forward: Callable[..., Any], *rules: Rule, **settings: Any) -> None:
        super().__init__(name, forward, *rules, **settings)
        self.rules = _SharingRules(rules)
