"""Containers: modules that consist of other modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nn.module import Module

__all__ = ["Sequential"]


class Sequential(Module):
    """A chain of modules: the output of each is the input of the next.

    Modules are named by their position (``"0"``, ``"1"``, …), or by keyword.

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

    def __init__(self, *modules: Module, **named: Module) -> None:
        chain = {**{str(i): module for i, module in enumerate(modules)}, **named}
        for name, module in chain.items():
            if not isinstance(module, Module):
                raise TypeError(
                    f"Sequential: expected modules, got {type(module).__name__} for {name!r}; "
                    "pass the modules themselves (Sequential(*layers) for a list), nn.ReLU() for a function"
                )
            if hasattr(Module, name):
                raise ValueError(f"Sequential: {name!r} is a method of every module; choose another name")
            setattr(self, name, module)

    def forward(self, x: Any) -> Any:
        """The output of the last module."""
        for module in self:
            x = module(x)
        return x

    def __iter__(self) -> Iterator[Module]:
        return (module for module in vars(self).values() if isinstance(module, Module))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, index: int) -> Module:
        return list(self)[index]
