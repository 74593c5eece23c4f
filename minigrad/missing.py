"""What to write in place of an attribute that arrays have, here or elsewhere, and Tensors do not."""

from __future__ import annotations

import numpy as np

__all__ = ["instead_of"]

_WRITES = ("fill", "itemset", "partition", "put", "resize", "setfield", "sort", "setflags")

#: Attributes of PyTorch's Tensors, and how NumPy and minigrad say it.
_ELSEWHERE = {
    "clone": "t.copy()",
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


def instead_of(name: str) -> str:
    """The end of the error message for an attribute that is missing.

    >>> instead_of("strides")
    '; its array has one, through which no gradient flows: t.data.strides'
    >>> instead_of("permute")
    '; write t.transpose(axes)'
    """
    if name.startswith("_"):
        return ""
    if name in _WRITES:
        return (
            ", for it would write into a value that a graph may still need; build a new Tensor instead (mg.where, "
            f"NumPy's functions), or change a parameter between training steps with t.data.{name}(…)"
        )
    if name in _ELSEWHERE:
        return f"; write {_ELSEWHERE[name]}"
    if name == "flat":
        return "; write t.reshape(-1)"
    if hasattr(np.ndarray, name):
        return f"; its array has one, through which no gradient flows: t.data.{name}"
    return ""
