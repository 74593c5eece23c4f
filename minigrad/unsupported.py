"""What to write instead of a name that minigrad does not have: attributes of arrays, functions of the package."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, NoReturn

import numpy as np

__all__ = ["explain_unsupported", "unknown_name"]

_WRITES = ("fill", "itemset", "partition", "put", "resize", "setfield", "sort", "setflags")

#: Attributes of PyTorch's Tensors and of arrays, and how minigrad says it.
_ELSEWHERE = {
    "clone": "t.copy()",
    "cpu": 't.to("cpu")',
    "cuda": 't.to("cuda")',
    "flat": "t.reshape(-1)",
    "double": "t.astype(float)",
    "float": 't.astype("float32")',
    "half": 't.astype("float16")',
    "long": "t.astype(int)",
    "numel": "t.size",
    "permute": "t.transpose(axes)",
    "requires_grad_": "t.requires_grad = True",
    "retain_grad": "mg.explain(loss), which shows every error signal",
    "unsqueeze": "np.expand_dims(t, axis)",
    "view": "t.reshape(shape)",
    "add_": "with mg.no_grad(): t += …",
    "sub_": "with mg.no_grad(): t -= …",
    "mul_": "with mg.no_grad(): t *= …",
    "div_": "with mg.no_grad(): t /= …",
    "copy_": "t.data = …",
    "fill_": "t.data = …",
    "zero_": "t.data = …, or t.grad = None for the gradient",
}


class _Unsupported:
    """An attribute that raises an AttributeError, which says what to write instead; ``hasattr`` does not find it.

    A ``__getattr__`` would serve any name, but slow down every other attribute.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        raise AttributeError(
            f"{owner.__name__} has no attribute {self.name!r}{_instead_of(self.name)}", name=self.name, obj=instance
        )


def explain_unsupported(cls: type) -> None:
    """Give `cls` an attribute that says what to write instead, for each that arrays have and it lacks."""
    for name in (*_ELSEWHERE, *vars(np.ndarray)):
        if not name.startswith("_") and not hasattr(cls, name):
            setattr(cls, name, _Unsupported(name))


def _instead_of(name: str) -> str:
    if name in _WRITES:
        return (
            ", for it would write into a value that a graph may still need; build a new Tensor instead (mg.where, "
            f"NumPy's functions), or change a parameter between training steps with t.data.{name}(…)"
        )
    if name in _ELSEWHERE:
        return f"; write {_ELSEWHERE[name]}"
    return f"; its array has one, through which no gradient flows: t.data.{name}"


def unknown_name(name: str, names: Iterable[str]) -> AttributeError:
    """The error of ``mg.tensor``: the package has no such name, and which one comes closest.

    >>> unknown_name("tensor", ["Tensor", "tensordot"])
    AttributeError("module 'minigrad' has no attribute 'tensor'; did you mean mg.Tensor?")
    """
    by_lower_case = {known.lower(): known for known in names}
    close = [] if name.startswith("_") else get_close_matches(name.lower(), by_lower_case, n=1)
    hint = f"; did you mean mg.{by_lower_case[close[0]]}?" if close else ""
    return AttributeError(f"module 'minigrad' has no attribute {name!r}{hint}")
