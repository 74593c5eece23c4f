"""ParameterDict: parameters by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nn.layers.containers.elements import as_parameter, line_of, refuse_call_of
from nn.layers.containers.keyed import Keyed
from nn.module import Parameter

__all__ = ["ParameterDict"]


class ParameterDict(Keyed[Parameter]):
    """A dictionary of parameters: ``scales["left"]``, ``keys``, ``items``, ``values``, ``update``, ``pop``.

    Arguments:
        parameters: a dictionary, or pairs of a name and a parameter; of arrays and Tensors new parameters are made.

    Raises:
        TypeError: if a name is not a string, or a value is not a parameter, an array or a Tensor, or not floating.
        ValueError: if a name is empty, has a dot, or is that of a method.

    >>> import nn, numpy as np
    >>> nn.ParameterDict({"scale": np.ones(2)})
    ParameterDict(
      (scale): Parameter of shape (2,), float64
    )
    """

    _kind = Parameter

    def __init__(self, parameters: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        self.update({} if parameters is None else parameters)

    def forward(self, *_: Any, **__: Any) -> Any:
        """An error that says how its parameters are used."""
        raise refuse_call_of(self, 'compute with its parameters: self.scales["left"] * x')

    def __repr__(self) -> str:
        lines = [line_of(name, parameter) for name, parameter in self.items()]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"]) if lines else f"{type(self).__name__}()"

    def _checked(self, name: str, value: Any) -> Parameter:
        return as_parameter(self, name, value)
