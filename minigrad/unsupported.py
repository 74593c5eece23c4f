"""What to write in place of an attribute that arrays have, here or elsewhere, and Tensors do not."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

__all__ = ["explain_unsupported"]

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
    "requires_grad_": "mg.Tensor(…, requires_grad=True)",
    "retain_grad": "mg.explain(loss), which shows every error signal",
    "unsqueeze": "np.expand_dims(t, axis)",
    "view": "t.reshape(shape)",
}


class _Missing:
    """In the place of an attribute, says what to write instead; ``hasattr`` does not find it.

    A ``__getattr__`` would serve any name, and slow down every attribute that there is.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> NoReturn:
        raise AttributeError(
            f"{owner.__name__} has no attribute {self.name!r}{_instead_of(self.name)}", name=self.name, obj=instance
        )


def explain_unsupported(cls: type) -> None:
    """Let what `cls` lacks of the attributes of arrays say what to write instead."""
    for name in (*_ELSEWHERE, *vars(np.ndarray)):
        if not name.startswith("_") and not hasattr(cls, name):
            setattr(cls, name, _Missing(name))


def _instead_of(name: str) -> str:
    if name in _WRITES:
        return (
            ", for it would write into a value that a graph may still need; build a new Tensor instead (mg.where, "
            f"NumPy's functions), or change a parameter between training steps with t.data.{name}(…)"
        )
    if name in _ELSEWHERE:
        return f"; write {_ELSEWHERE[name]}"
    return f"; its array has one, through which no gradient flows: t.data.{name}"
