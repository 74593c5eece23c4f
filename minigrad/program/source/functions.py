"""How a program calls functions: NumPy's by their names, minigrad's kernels by imports, primitives by the registry."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from minigrad.core.primitive import Primitive, _registered, _registered_name
from minigrad.core.scipy_special import scipy_name
from minigrad.device import as_plain_array
from minigrad.program.runtime import operation

__all__ = ["Functions"]

_SPACES: tuple[tuple[str, Any], ...] = (("np", np), ("np.linalg", np.linalg), ("np.fft", np.fft))


class Functions:
    """The functions that a program calls, and what it imports for them.

    Attributes:
        imports: what is imported from each module.
        definitions: the lines that look primitives up.
        unsaved: what another process could not import, in words.
        namespace: what the module finds without an import: functions that have no name of their own.
    """

    def __init__(self, taken: set[str]) -> None:
        self.imports: dict[str, list[str]] = {}
        self.definitions: list[str] = []
        self.unsaved: list[str] = []
        self.namespace: dict[str, Any] = {}
        self._taken = taken
        self._names: dict[Any, str] = {}

    def name(self, function: Any) -> str:
        """How it is called, imported on the first call."""
        known = self._names.get(function)
        if known is None:
            known = self._names[function] = self._numpy(function) or self._imported(function)
        return known

    def _numpy(self, function: Any) -> str | None:
        if function is as_plain_array:
            return "np.asarray"
        owner = getattr(function, "__self__", None)
        if isinstance(owner, np.ufunc):  # np.add.reduce
            space = self._numpy(owner)
            return f"{space}.{function.__name__}" if space else None
        name = getattr(function, "__name__", "")
        for space, module in _SPACES:
            if name and getattr(module, name, None) is function:
                return f"{space}.{name}"
        return "divmod" if function is divmod else "abs" if function is abs else None

    def _imported(self, function: Any) -> str:
        if isinstance(function, Primitive):
            forward = function.forward
            if _is_importable(forward) and forward.__module__.startswith("minigrad.kernels."):
                return self._import(forward)
            return self._looked_up(function)
        if _is_importable(function):
            return self._import(function)
        name = self._free(getattr(function, "__name__", None) or type(function).__name__.lower())
        self.namespace[name] = function
        self.unsaved.append(f"{name}, which is defined within a function")
        return name

    def _import(self, function: Callable[..., Any]) -> str:
        module, own = str(_module(function)), function.__name__
        name = self._free(own.lstrip("_"))
        self.imports.setdefault(module, []).append(own if name == own else f"{own} as {name}")
        return name

    def _looked_up(self, primitive: Primitive) -> str:
        name = self._free(primitive.name.lstrip("_"))
        key = _registered_name(primitive)
        if not _is_registered(primitive, key):
            self.namespace[name] = primitive.forward
            self.unsaved.append(f"{primitive.name}, an operation that another one of its name has replaced")
            return name
        self.name(operation)
        self.definitions.append(f'{name} = {self.name(operation)}("{key}")')
        module = key.rpartition(".")[0]
        if module == "__main__":
            self.unsaved.append(f"{primitive.name}, an operation of your own that is defined in the program itself")
        elif module and not _is_found(module):
            self.unsaved.append(f"{primitive.name}, an operation of your own that {module} does not define")
        return name

    def _free(self, name: str) -> str:
        name = name if name.isidentifier() else "function"
        free, k = name, 1
        while free in self._taken:
            k += 1
            free = f"{name}_{k}"
        self._taken.add(free)
        return free


def _is_importable(function: Any) -> bool:
    module, name = _module(function), getattr(function, "__name__", None)
    if not module or not name or module == "__main__":
        return False
    try:
        found: ModuleType = import_module(module)
    except ImportError:
        return False
    return getattr(found, name, None) is function


def _module(function: Any) -> str | None:
    """The module from which it is imported; SciPy's ufuncs do not tell it."""
    if isinstance(function, np.ufunc) and (name := scipy_name(function)):
        return name.rpartition(".")[0]
    return getattr(function, "__module__", None)


def _is_registered(primitive: Primitive, key: str) -> bool:
    try:
        return _registered(key) is primitive
    except LookupError:
        return False


def _is_found(module: str) -> bool:
    try:
        import_module(module)
    except ImportError:
        return False
    return True
