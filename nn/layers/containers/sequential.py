"""Sequential: a chain of modules."""

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
                    f"Sequential: expected modules, got {type(module).__name__} for {name!r}; {_mend(module)}"
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
        modules = list(self)
        if isinstance(index, str):
            raise TypeError(f"Sequential: got {index!r} as an index, expected a number; by its name, model.{index}")
        if isinstance(index, int) and not -len(modules) <= index < len(modules):
            raise IndexError(f"Sequential: there is no module {index} among {len(modules)}, counted from 0")
        return modules[index]


def _mend(value: Any) -> str:
    """How to make a module of what is not one."""
    if isinstance(value, type):
        return f"construct the class: {value.__name__}(…)"
    if isinstance(value, dict):
        return "write Sequential(**layers)"
    if isinstance(value, list | tuple):
        return "write Sequential(*layers)"
    if callable(value):
        name = getattr(value, "__name__", type(value).__name__)
        return f"make a module of the function {name}, with a forward, as nn.ReLU is of mg.relu"
    return "pass layers that are constructed, as nn.ReLU()"
