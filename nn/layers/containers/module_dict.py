"""ModuleDict: modules by name, called by the module that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nn.layers.containers.elements import refuse_call_of, require_module
from nn.layers.containers.keyed import Keyed
from nn.module import Module

__all__ = ["ModuleDict"]


class ModuleDict(Keyed[Module]):
    """A dictionary of modules: ``branches["left"]``, ``keys``, ``items``, ``values``, ``update``, ``pop``.

    A Python dictionary of modules as an attribute has its parameters found as well.

    Arguments:
        modules: a dictionary, or pairs of a name and a module.

    Raises:
        TypeError: if a name is not a string, or a value is not a module.
        ValueError: if a name is empty, has a dot, or is that of a method.
        NotImplementedError: in a call.

    >>> import nn
    >>> branches = nn.ModuleDict({"left": nn.Linear(2, 3), "right": nn.Linear(2, 1)})
    >>> list(branches), branches["right"]
    (['left', 'right'], Linear(2, 1))
    """

    _kind = Module

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] | None = None) -> None:
        self.update({} if modules is None else modules)

    def forward(self, *_: Any, **__: Any) -> Any:
        """An error that says how its modules are called."""
        raise refuse_call_of(self, 'call one of its modules: self.branches["left"](x)')

    def _checked(self, name: str, value: Any) -> Module:
        return require_module(self, name, value)
