"""The functions of NumPy and of ``scipy.special``, and what each does with a Tensor that requires gradients."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.fft
import numpy.lib.recfunctions
from numpy.testing.overrides import get_overridable_numpy_array_functions, get_overridable_numpy_ufuncs
from scipy import special

from minigrad.core.dispatch import _CREATE, named_for_users, numpy_functions
from minigrad.core.scipy_special import special_function
from minigrad.core.tensor import Tensor
from minigrad.rules.nondifferentiable import NondifferentiableFunction
from minigrad.unsupported import _Unsupported

__all__ = [
    *("CONVERSION", "KINDS", "NUMPY", "PLAIN", "RECORDED", "REFUSED", "SPECIAL", "holds_gradients", "kind_of"),
    *("namespaces", "tensors_in"),
]

RECORDED, PLAIN, CONVERSION, REFUSED = KINDS = ("recorded", "plain", "conversion", "refused")

#: Every function and ufunc that NumPy hands over to its arguments.
NUMPY: list[Any] = sorted(
    {*get_overridable_numpy_array_functions(), *get_overridable_numpy_ufuncs()},
    key=lambda f: (getattr(f, "__module__", None) or "", f.__name__),
)

#: The public functions of ``scipy.special``, by name.
SPECIAL: dict[str, Any] = {
    name: function
    for name in special.__all__
    if callable(function := getattr(special, name)) and not inspect.isclass(function)
}

#: Functions there that are written in Python, and record the ufuncs that they call.
_COMPOSED = ("ivp", "jvp", "softplus", "yvp")

#: Methods of arrays that turn them into something else, as their names say.
_WAYS_OUT = ("item", "tolist")


def kind_of(function: Any) -> str:
    """Recorded; plain, for it has no derivative; a conversion, which makes an array of a list or a shape; refused."""
    name = function.__name__
    ours = numpy_functions.get(function) or special_function(function)
    if ours is not None:
        return PLAIN if isinstance(ours, NondifferentiableFunction) else RECORDED
    if name in _CREATE and named_for_users(function) == f"np.{name}":
        return CONVERSION
    return RECORDED if name in _COMPOSED and SPECIAL[name] is function else REFUSED


def tensors_in(found: Any) -> list[Tensor]:
    """The Tensors of a result: itself, or those in lists, tuples and arrays of objects."""
    if isinstance(found, np.ndarray | np.poly1d) and np.asarray(found).dtype == object:
        found = np.ravel(np.asarray(found)).tolist()
    if isinstance(found, tuple | list):
        return [t for part in found for t in tensors_in(part)]
    return [found] if isinstance(found, Tensor) else []


def holds_gradients(found: Any) -> bool:
    return any(t.requires_grad for t in tensors_in(found))


def _kind_of_method(name: str) -> str:
    ours = inspect.getattr_static(Tensor, name)
    if isinstance(ours, _Unsupported):
        return REFUSED
    return CONVERSION if name in _WAYS_OUT else PLAIN if isinstance(ours, NondifferentiableFunction) else RECORDED


def namespaces() -> Mapping[str, Mapping[str, list[str]]]:
    """The names in each namespace of each kind: ``namespaces()["np.linalg"]["recorded"]``."""
    found: dict[str, dict[str, list[str]]] = {}

    def enter(space: str, name: str, kind: str) -> None:
        names = found.setdefault(space, {kind: [] for kind in KINDS})[kind]
        if name not in names:  # np.eye and what it calls with like=
            names.append(name)

    for function in NUMPY:
        space, _, name = named_for_users(function).rpartition(".")
        if space:  # but for ufuncs of texts
            enter(space, name, kind_of(function))
    for name, method in vars(np.ndarray).items():
        if not name.startswith("_") and callable(method):
            enter("np.ndarray", name, _kind_of_method(name))
    for name, function in SPECIAL.items():
        enter("scipy.special", name, kind_of(function) if hasattr(function, "__name__") else REFUSED)
    return found
