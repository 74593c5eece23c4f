"""The dtypes of safetensors files, and what they are in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["DTYPES", "NAMES", "REFUSED"]

#: By the format's names, in little-endian order. NumPy has no bfloat16: its numbers are the upper halves of float32.
DTYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype(np.bool_),
    "BF16": np.dtype("<u2"),
    **{f"{kind.upper()}{8 * size}": np.dtype(f"<{kind}{size}") for kind in "ui" for size in (1, 2, 4, 8)},
    **{f"F{8 * size}": np.dtype(f"<f{size}") for size in (2, 4, 8)},
    "C64": np.dtype("<c8"),
}

#: The format's names by those of NumPy.
NAMES = {dtype.name: name for name, dtype in DTYPES.items() if name != "BF16"}

#: Dtypes of the format that are refused, with their names.
REFUSED = {
    "F4": "4-bit floats",
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), "6-bit floats"),
    **dict.fromkeys(("F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), "float8"),
}
