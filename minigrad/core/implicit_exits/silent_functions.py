"""NumPy's functions that ask nobody: ``np.full(3, t)``, ``np.r_[s, t]``, ``a.fill(t)``, ``rng.normal(t)``.

Where an argument can take over, NumPy asks it; these functions do not, and copy the numbers of a Tensor into a plain
array, where its gradient ends without a word. Of a Tensor that requires gradients they are refused. Conversions that a
user writes, ``np.asarray(t)`` or ``float(t)``, are free.

NumPy's functions in Python ask a Tensor from a frame of their own. Those in C ask from the user's, whose instruction
has their name.
"""

from __future__ import annotations

import math
import os
import sys
from functools import cache
from types import FrameType
from typing import Any

import numpy as np

from minigrad.core.implicit_exits.operators_of_others import refuse_operator_of_another
from minigrad.user_frame import calling, is_installed, is_ours

__all__ = ["outside_numpy", "refuse_silent_function"]

_NUMPY = np.__path__[0] + os.sep  # numpy_financial is another package
_TESTING = os.path.join(_NUMPY, "testing")  # not imported here: it takes as long as all of minigrad

#: Conversions that NumPy writes in Python.
_CONVERSIONS = (
    *("array", "asanyarray", "asarray", "asarray_chkfinite", "asmatrix", "matrix", "require"),
    *("getdata", "masked_array", "MaskedArray"),
)

#: What makes a text of a number.
_TEXTS = ("format_float_positional", "format_float_scientific")

#: Functions and methods that NumPy writes in C, and does not let a Tensor take over.
_IN_C = ("arange", "broadcast", "dot", "fill", "fromiter", "nditer", "nested_iters", "put", "reduce")

_EVENLY = "mg.linspace(start, stop, num), or start + step * np.arange(n)"
_ITERATE = "for x in t.reshape(-1), whose elements are Tensors"
_CHOOSE = "mg.where(mask, a, b), which makes a new Tensor"
_INSTEAD = {
    "full": "np.full(shape, t, like=t), or mg.broadcast_to(t, shape)",
    "fill": "np.full(shape, t, like=t), or mg.broadcast_to(t, shape)",
    "fromiter": "np.array(list(…), like=t), or mg.stack([…])",
    "r_": "mg.concatenate([s, t]), of single numbers mg.stack([s, t]), and mg.linspace for a range",
    "c_": "mg.column_stack([s, t])",
    "fill_diagonal": "mg.where(np.eye(n, dtype=bool), t, a), which makes a new Tensor",
    "vectorize": "the function of t itself, or mg.stack([f(x) for x in t])",
    "dot": "a @ t, or mg.dot(a, t)",
    "Polynomial": "mg.polyval(coefficients, t), which begins with the highest power",
    "polyval": "mg.polyval(coefficients, t), which begins with the highest power",
    "as_strided": "mg.sliding_window_view(t, window)",
    "pad": "a constant array in which t stands: mg.where(mask, t, padded)",
    **dict.fromkeys(("arange", "mgrid", "ogrid"), _EVENLY),
    **dict.fromkeys(("broadcast", "nditer", "ndenumerate", "nested_iters"), _ITERATE),
    **dict.fromkeys(("put", "place", "putmask"), _CHOOSE),
    **dict.fromkeys(("max", "min"), "mg.maximum or mg.minimum of the result and t"),
    **dict.fromkeys(("choice", "permutation", "permuted", "shuffle"), "t[rng.permutation(len(t))]"),
    "reduce": "the ufunc of the result and t, as in np.add(np.add.reduce(a), t)",
    "sum": "the result + t",
    "prod": "the result * t",
}
_DRAW = "mean + deviation * rng.normal(size=shape), or another function of numbers that are drawn without t"
_COMPUTE = "functions of minigrad (mg.exp, mg.sum …), and mg.stack([…]) to join Tensors"


def outside_numpy(asking: FrameType) -> FrameType | None:
    """The frame that called NumPy, or `asking` itself where it is not NumPy's."""
    frame: FrameType | None = asking
    while frame is not None and _in_numpy(frame):
        frame = frame.f_back
    return frame


def _in_numpy(frame: FrameType) -> bool:
    """Whether it runs code of NumPy's; its tests are users of it."""
    file = frame.f_code.co_filename
    return file.startswith(_NUMPY) and not file.startswith(_TESTING)


def refuse_silent_function(x: Any, asking: FrameType, *, number: bool, in_list: bool = False) -> None:
    """Raise a TypeError if one of NumPy's functions copies the numbers of a Tensor, and nobody asked for numbers.

    Arguments:
        asking: the frame that asks for them.
        number: whether it asks for one number, and not for an array.
        in_list: whether the same instruction has asked for its array before, as of an element of a list.
    """
    user = outside_numpy(asking)
    if user is None or is_ours(user):
        return
    if is_installed(user):
        refuse_operator_of_another(x, user)
        return
    called = calling(user)
    if user is asking:
        refused = called in _IN_C or (called in _draws() and not (number and hasattr(math, called)))  # math.gamma
    else:  # a list of Tensors is what NumPy's function was given, and not `x`: that is a warning
        free = called in _CONVERSIONS or called in _TEXTS
        refused = not free and (not in_list if number else _is_argument(x, asking))
    if refused:
        instead = _DRAW if called in _draws() and called not in _INSTEAD else _INSTEAD.get(called, _COMPUTE)
        raise TypeError(
            f"{_words(called)} copies the numbers of {x._called('a Tensor')} (shape {x.shape}), and no gradient "
            f"would flow through them; write {instead}. If numbers are meant, pass t.numpy()"
        )


def _words(called: str) -> str:
    return f"the operator {called}" if called and not called.isidentifier() else f"{called or 'NumPy'}(…)"


def _is_argument(x: Any, frame: FrameType) -> bool:
    """Whether a variable of a function is `x`, or one of its keywords."""
    values = frame.f_locals.values()
    return any(value is x for value in values) or any(
        value is x for keywords in values if type(keywords) is dict for value in keywords.values()
    )


@cache
def _methods_of_generators() -> frozenset[str]:
    kinds = (np.random.Generator, np.random.RandomState)
    return frozenset(name for kind in kinds for name in dir(kind) if not name.startswith("_"))


def _draws() -> frozenset[str]:
    """The names of functions that draw random numbers; nothing can be drawn before its module is imported."""
    return _methods_of_generators() if "numpy.random" in sys.modules else frozenset()
