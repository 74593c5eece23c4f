"""The NumPy functions that CuPy has, with their parameters: ``python -m tests.helpers.cupy_names`` writes the list.

A machine without CuPy compares what the rules call with the list, cupy_names.txt. Where CuPy is installed, with or
without a GPU, a test compares the list with CuPy.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).with_suffix(".txt")

#: The functions of ``cupyx.scipy.special`` that the kernels call.
SPECIAL = (
    *(
        "beta",
        "betainc",
        "betaln",
        "erf",
        "erfc",
        "erfcinv",
        "erfcx",
        "erfinv",
        "gamma",
        "gammainc",
        "gammaincc",
        "gammaln",
        "gammasgn",
        "i0e",
        "i1e",
        "j0",
        "j1",
    ),
    *("log_ndtr", "ndtr", "ndtri", "polygamma", "psi", "rgamma", "y0", "y1", "yn"),
)

_SPACES = {"": np, "linalg.": np.linalg, "fft.": np.fft, "lib.stride_tricks.": np.lib.stride_tricks}


def listed() -> dict[str, tuple[str, ...]]:
    """The parameters of each function and method in the list; ``*`` and ``**`` mark variadic ones."""
    rows = [line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {name: tuple(parameters) for name, *parameters in rows}


def found() -> dict[str, tuple[str, ...]]:
    """The same for the installed CuPy."""
    import cupy

    names: dict[str, tuple[str, ...]] = {}
    for prefix, space in _SPACES.items():
        module = import_module(f"cupy.{prefix}".rstrip("."))
        for name in dir(module):
            function = getattr(module, name)
            if not name.startswith("_") and hasattr(space, name) and callable(function) and type(function) is not type:
                names[prefix + name] = _parameters(function)
    for name in dir(cupy.ndarray):
        method = getattr(cupy.ndarray, name)
        if not name.startswith("_"):
            names[f"ndarray.{name}"] = _parameters(method)[1:] if callable(method) else ()
        elif callable(method) and hasattr(np.ndarray, name) and not hasattr(object, name):
            names[f"ndarray.{name}"] = ()
    special = import_module("cupyx.scipy.special")
    return names | {f"special.{name}": ("*args",) for name in SPECIAL if hasattr(special, name)}


def _parameters(function: Any) -> tuple[str, ...]:
    if type(function).__name__ == "ufunc":
        return ("*args", "out", "dtype")
    try:
        parameters = inspect.signature(function).parameters.values()
        return tuple(str(p.replace(annotation=p.empty, default=p.empty)) for p in parameters)
    except ValueError:  # written in Cython, which puts the signature before the docstring
        text = re.match(r"[\w.]+\((.*?)\)", inspect.getdoc(function) or "")
        parts = [part.split("=")[0].split()[-1] for part in text[1].split(",")] if text and text[1] else []
        return tuple(part for part in parts if part != "*")


def main() -> None:
    """Write the list."""
    import cupy

    lines = [" ".join((name, *parameters)) for name, parameters in sorted(found().items())]
    FILE.write_text("\n".join([f"# CuPy {cupy.__version__}", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
