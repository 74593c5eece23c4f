"""Sequential: a chain of modules."""

from __future__ import annotations

from typing import Any

from nn.layers.containers.elements import require_free_name, require_module
from nn.layers.containers.numbered import Numbered
from nn.module import Module

__all__ = ["Sequential"]


class Sequential(Numbered[Module]):
    """A chain of modules: the output of each is the input of the next.

    Modules are named by their position (``"0"``, ``"1"``, …), or by keyword. It is changed as a list is: ``append``,
    ``extend``, ``insert``, ``pop``, ``model[0] = layer``, ``del model[-1]``; ``model[:2]`` is a chain of the first two.

    >>> import nn
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    >>> [name for name, _ in model.named_parameters()]
    ['0.weight', '0.bias', '2.weight', '2.bias']
    >>> nn.Sequential(hidden=nn.Linear(2, 3), out=nn.Linear(3, 1))
    Sequential(
      (hidden): Linear(2, 3)
      (out): Linear(3, 1)
    )
    """

    _kind = Module

    def __init__(self, *modules: Module, **named: Module) -> None:
        for name, module in {**{str(i): module for i, module in enumerate(modules)}, **named}.items():
            setattr(self, name, self._checked(name, module))

    def forward(self, x: Any) -> Any:
        """The output of the last module."""
        for module in list(vars(self).values()):  # not `in self`, which takes a tenth of a call of a module
            if isinstance(module, Module):
                x = module(x)
        return x

    def _checked(self, name: str, value: Any) -> Module:
        require_module(self, name, value)
        require_free_name(self, name)
        return value  # type: ignore[no-any-return]

    def _part(self, elements: dict[str, Module]) -> Sequential:
        return Sequential(**elements)
