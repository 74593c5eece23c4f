"""ParameterList: parameters that are counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nn.layers.containers.elements import as_parameter, line_of, refuse_call_of
from nn.layers.containers.numbered import Numbered
from nn.module import Parameter

__all__ = ["ParameterList"]


class ParameterList(Numbered[Parameter]):
    """A list of parameters: ``weights[0]``, ``weights[-1]``, ``weights[:2]``, a loop, and a list's methods.

    Arguments:
        values: parameters, or arrays and Tensors, of which new parameters are made.

    Raises:
        TypeError: if one is none of these, or not floating.

    >>> import nn, numpy as np
    >>> nn.ParameterList([np.ones(2), np.zeros((2, 3))])
    ParameterList(
      (0): Parameter of shape (2,), float64
      (1): Parameter of shape (2, 3), float64
    )
    """

    _kind = Parameter

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        for i, value in enumerate([] if values is None else self._listed(values)):
            setattr(self, str(i), self._checked(str(i), value))

    def forward(self, *_: Any, **__: Any) -> Any:
        """An error that says how its parameters are used."""
        raise refuse_call_of(self, "compute with its parameters: for w in self.weights: …")

    def __repr__(self) -> str:
        lines = [line_of(name, parameter) for name, parameter in self._elements().items()]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"]) if lines else f"{type(self).__name__}()"

    def _checked(self, name: str, value: Any) -> Parameter:
        return as_parameter(self, name, value)

    def _part(self, elements: dict[str, Parameter]) -> ParameterList:
        return ParameterList(elements.values())
