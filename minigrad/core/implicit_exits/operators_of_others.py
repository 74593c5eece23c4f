"""``frame @ t``: an operator of another library's object that takes the numbers of a Tensor, and says nothing.

A library that asks a Tensor for its array makes a picture of it, or a table: that is free. But arithmetic that it does
in place of minigrad's, because its object stands on the left, ends the gradient. NumPy's own objects ask first; pandas
gives way where Tensors have the greater ``__pandas_priority__``, except in products of matrices and in its methods.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

from minigrad.user_frame import calling, is_installed, is_ours

__all__ = ["refuse_operator_of_another"]

_OPERATORS = frozenset({"+", "-", "*", "/", "//", "**", "@", "+=", "-=", "*=", "/=", "//=", "**=", "@="})

#: Methods of frames and series, also with an r in front, and functions of NumPy that they answer.
_METHODS = frozenset({"add", "sub", "mul", "div", "truediv", "floordiv", "mod", "pow", "dot", "matmul"})
_CHOICES = frozenset({"where", "mask", "clip"})


def refuse_operator_of_another(x: Any, asking: FrameType) -> None:
    """Raise a TypeError if an installed library asks for the array of `x` to do arithmetic on the user's line.

    Arguments:
        asking: the library's frame.
    """
    frame: FrameType | None = asking
    while frame is not None and is_installed(frame):
        outermost, frame = frame, frame.f_back
    if frame is None or is_ours(frame):
        return
    called = calling(frame)
    library = outermost.f_globals.get("__name__", "").partition(".")[0]
    is_method = called.removeprefix("r") in _METHODS or called in _CHOICES
    if called in _OPERATORS or (is_method and library in ("pandas", "polars")):
        what = f"the operator {called}" if called in _OPERATORS else f"{called}(…)"
        raise TypeError(
            f"{what} of {library} copies the numbers of {x._called('a Tensor')} (shape {x.shape}), and no gradient "
            f"would flow through them; make a Tensor of the other object, mg.Tensor(x) @ t. If numbers are meant, "
            "write t.numpy()"
        )
