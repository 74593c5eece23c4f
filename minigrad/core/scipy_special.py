"""SciPy's special functions on Tensors: ``scipy.special.gamma(t)`` reaches the same operation as ``mg.gamma(t)``.

Most of them are ufuncs, which hand their call to Tensors. Others are functions of Python that make plain arrays of
their arguments, through which no gradient flows: these are refused, and the error names ours.

Nothing here imports SciPy: whoever calls one of its functions has imported it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import signature
from types import FrameType
from typing import Any

import numpy as np

from minigrad.user_frame import calling

__all__ = ["refuse_array_in_scipy", "scipy_name", "special_function", "special_functions"]

#: minigrad's function for a function of ``scipy.special``, by its name there.
special_functions: dict[str, Callable[..., Any]] = {}


def special_function(function: Any) -> Callable[..., Any] | None:
    """minigrad's function for a ufunc of ``scipy.special``; ``None`` if it is not one, or has no derivative here."""
    return special_functions.get(function.__name__) if _is_of_scipy(function) else None


def scipy_name(ufunc: np.ufunc) -> str | None:
    """``scipy.special.airy``, or the function there that calls a ufunc without a public name; ``None`` for others."""
    if _is_of_scipy(ufunc):
        return f"scipy.special.{ufunc.__name__}"
    return _called_function(sys._getframe(1))


def _is_of_scipy(function: Any) -> bool:
    module = sys.modules.get("scipy.special")
    return isinstance(function, np.ufunc) and getattr(module, function.__name__, None) is function


def refuse_array_in_scipy(tensor: Any, asking: FrameType) -> None:
    """Raise a TypeError if a function of ``scipy.special`` asks for the array of a Tensor that requires gradients.

    Arguments:
        asking: the frame that asks.
    """
    name = _called_function(asking)
    if name is None:
        return
    ours = special_functions.get(name.rpartition(".")[2])
    way = ""
    if ours is not None:
        way = f"write mg.{ours.__name__}" + ("(t, axis=…)" if "axis" in signature(ours).parameters else "") + ", or "
    raise TypeError(
        f"{name} has no derivative: it makes a plain array of {tensor._called('a Tensor')} (shape "
        f"{tensor.shape}), which requires gradients; {way}call it on t.numpy() if no gradient needs to flow through it"
    )


def _called_function(frame: FrameType | None) -> str | None:
    """The function of ``scipy.special`` that was called from outside SciPy, and runs in one of these frames."""
    outermost = None
    while frame is not None and (module := frame.f_globals.get("__name__", "")).startswith(_BETWEEN):
        if module.startswith("scipy.special"):
            outermost = frame
        frame = frame.f_back
    if outermost is None:
        return None
    names = (outermost.f_code.co_name, calling(frame) if frame else "")  # which may be that of a wrapper
    public = [name for name in names if hasattr(sys.modules["scipy.special"], name)]
    return f"scipy.special.{public[0]}" if public else "a function of scipy.special"


#: Where a call may pass between a function of SciPy's and a Tensor.
_BETWEEN = ("scipy.", "numpy", "minigrad.core")
