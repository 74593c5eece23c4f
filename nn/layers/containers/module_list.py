"""ModuleList: modules that are counted, and called by the module that holds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nn.layers.containers.elements import refuse_call_of, require_module
from nn.layers.containers.numbered import Numbered
from nn.module import Module

__all__ = ["ModuleList"]


class ModuleList(Numbered[Module]):
    """A list of modules: ``layers[0]``, ``layers[-1]``, ``layers[:2]``, a loop over them, and a list's methods.

    A Python list of modules as an attribute has its parameters found as well. This one can be changed later, and stand
    in another container.

    Arguments:
        modules: the modules in their order.

    Raises:
        TypeError: if one is not a module.
        NotImplementedError: in a call; `Sequential` is a chain that can be called.

    >>> import nn
    >>> layers = nn.ModuleList([nn.Linear(2, 3), nn.ReLU()]).append(nn.Linear(3, 1))
    >>> len(layers), layers[-1]
    (3, Linear(3, 1))
    >>> list(layers.state_dict())
    ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    _kind = Module

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        for i, module in enumerate([] if modules is None else self._listed(modules)):
            setattr(self, str(i), self._checked(str(i), module))

    def forward(self, *_: Any, **__: Any) -> Any:
        """An error that says how its modules are called."""
        raise refuse_call_of(
            self, "loop over it, for layer in self.layers: x = layer(x), or write nn.Sequential(*self.layers)"
        )

    def _checked(self, name: str, value: Any) -> Module:
        return require_module(self, name, value)

    def _part(self, elements: dict[str, Module]) -> ModuleList:
        return ModuleList(elements.values())
