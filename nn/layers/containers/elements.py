"""What containers hold: checked when it is put in, with a mend for what people put there instead."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from nn.module import Module, Parameter
from nn.printed_text import printable

__all__ = ["as_parameter", "line_of", "refuse_call_of", "require_free_name", "require_module"]


def require_module(container: Any, name: str, value: Any) -> Module:
    """The value, if it is a module."""
    if isinstance(value, Module):
        return value
    called = type(container).__name__
    raise TypeError(f"{called}: expected modules, got {type(value).__name__} for {name!r}; {_mend(called, value)}")


def as_parameter(container: Any, name: str, value: Any) -> Parameter:
    """The value as a parameter, itself if it is one; of an array or a Tensor a new one."""
    if isinstance(value, Parameter):
        return value
    if isinstance(value, mg.Tensor | np.ndarray):
        return Parameter(value)
    raise TypeError(
        f"{type(container).__name__}: expected parameters, got {type(value).__name__} for {name!r}; "
        "write nn.Parameter(…)"
    )


def require_free_name(container: Any, name: Any) -> None:
    """Refuse a name that cannot be an attribute and a part of a path."""
    called = type(container).__name__
    if not isinstance(name, str):
        raise TypeError(f"{called}: the name is {name!r}, expected a string, as {str(name)!r}")
    if not name or "." in name:
        raise ValueError(f"{called}: the name is {name!r}; it becomes a part of a path, and has no dot")
    if hasattr(type(container), name):
        raise ValueError(f"{called}: {name!r} is a method of every {_kind(container, name)}; choose another name")


def refuse_call_of(container: Any, instead: str) -> NotImplementedError:
    """The error of a call of a container that is not a layer."""
    return NotImplementedError(f"{type(container).__name__} holds its elements, and is not called; {instead}")


def line_of(name: str, parameter: Parameter) -> str:
    """The line of a parameter in the repr of its container."""
    return f"  ({printable(name)}): Parameter of shape {parameter.shape}, {parameter.dtype}"


def _kind(container: Any, name: str) -> str:
    return "module" if hasattr(Module, name) else type(container).__name__


def _mend(container: str, value: Any) -> str:
    """How to make a module of what is not one."""
    if isinstance(value, type):
        return f"construct the class: {value.__name__}(…)"
    if isinstance(value, dict):
        return "write Sequential(**layers)" if container == "Sequential" else "write nn.ModuleDict(layers)"
    if isinstance(value, list | tuple):
        return "write Sequential(*layers)" if container == "Sequential" else "write nn.ModuleList(layers) for it"
    if callable(value):
        name = getattr(value, "__name__", type(value).__name__)
        return f"make a module of the function {name}, with a forward, as nn.ReLU is of mg.relu"
    return "pass layers that are constructed, as nn.ReLU()"
