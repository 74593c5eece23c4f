"""Each function of NumPy that asks its arguments is one that a program may call, or is known not to be."""

from __future__ import annotations

from typing import Any

import numpy as np

from minigrad.program.recording.numpy_calls import STATIC, is_pure

#: Functions that write into an argument or a file, draw from what they are not given, or show text.
NOT_RECORDED = {
    "array2string", "array_repr", "array_str", "busday_count", "busday_offset", "copyto", "datetime_as_string",
    "fill_diagonal", "is_busday", "isnat", "may_share_memory", "place", "printoptions", "put",
    "put_along_axis", "putmask", "save",
    "savetxt", "savez", "savez_compressed", "shares_memory",
}  # fmt: skip
#: What a program has no use for yet: other ways to say the same, and functions that give neither arrays nor numbers.
NOT_YET = {
    "apply_over_axes", "asanyarray", "asarray", "bartlett", "blackman", "bmat", "choose", "concat", "cond", "eigvals",
    "histogram2d", "histogramdd", "iscomplexobj", "linspace", "logspace", "geomspace", "mask_indices", "select",
    "polyadd", "polyder", "polydiv", "polyfit", "polyint", "polymul", "polysub", "pow", "roots", "sort_complex",
    "asfarray", "in1d", "require",
}  # fmt: skip


def dispatched(module: Any) -> set[str]:
    """The public functions that hand themselves to ``__array_function__``."""
    return {
        name
        for name, f in vars(module).items()
        if not name.startswith("_") and hasattr(f, "__wrapped__") and callable(f) and not isinstance(f, type)
    }


def test_every_function_is_classified() -> None:
    names = dispatched(np)
    assert len(names) > 200
    unknown = {
        name
        for name in names
        if not is_pure(getattr(np, name)) and getattr(np, name) not in STATIC and name not in NOT_RECORDED | NOT_YET
    }
    assert unknown == set()
    assert not [name for name in NOT_RECORDED if hasattr(np, name) and is_pure(getattr(np, name))]
