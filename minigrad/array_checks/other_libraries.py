"""What NumPy would lose of a frame, a labelled array or another library's tensor: labels, missing values, gradients.

``np.asarray`` asks such an object for its numbers, and gets them without a word about the rest. Where something of its
meaning is lost, it is refused, with what to write. No library is imported: an object comes from one that has been.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["loss_of_meaning", "way_to_numbers"]

_NUMERIC = "biufc"


def loss_of_meaning(value: Any) -> str | None:
    """What `value` is, what would be lost, and what to write instead; ``None`` if its numbers say everything.

    >>> loss_of_meaning(np.ones(3)), loss_of_meaning("text")
    (None, None)
    """
    for cls in type(value).__mro__[:-1]:
        check = _CHECKS.get(cls.__module__.partition(".")[0])
        if check is not None:
            return check(value)
    return None


def way_to_numbers(value: Any) -> str:
    """What to write for an object of which NumPy makes no array of numbers; empty if there is no ready way."""
    if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
        return "; write np.from_dlpack(x)"
    dtype = getattr(value, "dtype", None)
    if isinstance(value, np.ndarray) and dtype is not None and dtype.names:
        return f"; take a field, a[{dtype.names[0]!r}], or np.lib.recfunctions.structured_to_unstructured(a)"
    return ""


# ---------------------------------------------------------------- pandas

_AS_NUMBERS = {
    "categories": "x.cat.codes for class numbers from 0, or x.astype(float) where categories are numbers",
    "text": "pd.Categorical(x).codes, or pd.get_dummies(x, dtype=float)",
    "dates": "(x - x.min()).dt.total_seconds()",
    "durations": "x.dt.total_seconds()",
    "objects": "x.astype(float)",
}


def _of_pandas(value: Any) -> str | None:
    if hasattr(value, "dtypes") and hasattr(value, "columns"):
        return _of_frame(value)
    if not hasattr(value, "dtype"):  # pd.NA, a timestamp
        return "pd.NA, a missing value, which arrays do not have" if type(value).__name__ == "NAType" else None
    dtype, kind = value.dtype, _kind(value)
    what = f"a pandas {type(value).__name__} of dtype {dtype}"
    if kind is not None:
        return f"{what}, which holds {kind}, not numbers; write {_AS_NUMBERS[kind]}"
    if isinstance(dtype, np.dtype):
        return None
    missing = int(value.isna().sum())  # NaN of NumPy's own types is a number
    if missing and not str(dtype).startswith("Sparse"):
        return f"{what} with missing values ({missing}), which arrays do not have; write x.dropna() or x.fillna(0.0)"
    return None


def _of_frame(frame: Any) -> str | None:
    columns = [(name, column.dtype, _kind(column)) for name, column in frame.items()]
    for name, dtype, kind in columns:
        if kind is not None:
            return (
                f"a pandas DataFrame whose column {name!r} of dtype {dtype} holds {kind}, not numbers; of x = "
                f"frame[{name!r}] write {_AS_NUMBERS[kind]}, or leave it out: frame.drop(columns=[{name!r}])"
            )
    if all(isinstance(dtype, np.dtype) for _, dtype, _ in columns):
        if len({dtype.kind == "b" for _, dtype, _ in columns}) > 1:
            return "a pandas DataFrame with columns of booleans and of numbers; write x.astype(float)"
        return None
    missing = int(frame.isna().sum().sum())
    if missing:
        return f"a pandas DataFrame with missing values ({missing}); write x.dropna().astype(float), or x.fillna(0.0)…"
    own = ", ".join(f"{name!r} ({dtype})" for name, dtype, _ in columns if not isinstance(dtype, np.dtype))
    return f"a pandas DataFrame with columns of pandas's own types, {own}; write x.astype(float)"


def _kind(column: Any) -> str | None:
    """What a column holds in place of numbers."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype):
        if dtype.kind == "O" and len(column) and all(isinstance(value, str) for value in column.to_numpy()[:100]):
            return "text"  # as of pandas before 3
        kinds = {"O": "objects", "M": "dates", "m": "durations"}
        return None if dtype.kind in _NUMERIC else kinds.get(dtype.kind, "text")
    name = type(dtype).__name__
    if name == "CategoricalDtype":
        return "categories"
    if name == "DatetimeTZDtype" or getattr(dtype, "kind", "") == "M":
        return "dates"
    if getattr(dtype, "kind", "O") == "m":
        return "durations"
    numeric = getattr(dtype, "_is_numeric", False) or getattr(dtype, "_is_boolean", False)
    return None if numeric else "text" if "str" in str(dtype) else "objects"


# ---------------------------------------------------------------- polars, Arrow


def _of_polars(value: Any) -> str | None:
    name = type(value).__name__
    if name == "LazyFrame":
        return "a polars LazyFrame, whose numbers are not computed yet; write x.collect()"
    if name not in ("Series", "DataFrame"):
        return None
    for column in value.get_columns() if name == "DataFrame" else [value]:
        where = f"a polars {name}" + f" whose column {column.name!r} is" * (name == "DataFrame")
        kind = str(column.dtype)
        if not column.dtype.is_numeric() and not kind.startswith(("Boolean", "Array")):
            mend = next((mend for start, mend in _OF_POLARS.items() if kind.startswith(start)), "x.cast(pl.Float64)")
            return f"{where} of {kind}, not numbers; of the column x write {mend}"
        if column.null_count():
            return (
                f"{where} of {kind} with missing values ({column.null_count()}), which arrays do not have; write "
                "x.drop_nulls() or x.fill_null(0.0)"
            )
    return None


_OF_POLARS = {
    "Categorical": "x.to_physical() for numbers from 0",
    "Enum": "x.to_physical() for numbers from 0",
    "String": "x.cast(pl.Categorical).to_physical() for numbers from 0, or x.to_dummies()",
    "Date": "(x - x.min()).dt.total_seconds()",
    "Duration": "x.dt.total_seconds()",
    "List": "x.list.to_array(n), for lists of the same length n",
}


def _of_arrow(value: Any) -> str | None:
    columns = getattr(value, "columns", None) or [value]
    missing = sum(getattr(column, "null_count", 0) for column in columns)
    what = f"a pyarrow {type(value).__name__}"
    if missing:
        return f"{what} with missing values ({missing}), which arrays do not have; write x.drop_null()"
    if any(str(getattr(column, "type", "")).startswith("dictionary") for column in columns):
        return f"{what} of dictionary type, not numbers; write x.indices for numbers from 0, or x.dictionary_decode()"
    return None


# ---------------------------------------------------------------- xarray, PyTorch, SciPy


def _of_xarray(value: Any) -> str | None:
    name = type(value).__name__
    if name == "Dataset":
        first = next(iter(value.data_vars), "name")
        return f"an xarray Dataset of {len(value.data_vars)} variables; choose one, as in ds[{first!r}].to_numpy()"
    dims = getattr(value, "dims", ())
    if not dims:
        return None
    named = ", ".join(map(repr, dims))
    return (
        f"an xarray {name} with the dimensions {named}, and Tensors have no names of axes and no coordinates; write "
        f"x.transpose({named}).to_numpy() for its numbers with the axes in this order"
    )


def _of_torch(value: Any) -> str | None:
    if not hasattr(value, "requires_grad") or not hasattr(value, "numpy"):
        return None
    if value.requires_grad:
        return "a PyTorch tensor that requires gradients, which do not flow between the two libraries; write x.detach()"
    if value.device.type != "cpu":
        return f"a PyTorch tensor on {str(value.device)!r}; write x.cpu()"
    try:
        value.numpy()
    except (TypeError, RuntimeError) as error:
        mend = "write x.float()" if "BFloat16" in str(error) else str(error)
        return f"a PyTorch tensor of {value.dtype}, of which there is no NumPy array: {mend}"
    return None


def _of_scipy(value: Any) -> str | None:
    return f"a SciPy {type(value).__name__}, which is sparse; write x.toarray()" if hasattr(value, "toarray") else None


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "pandas": _of_pandas,
    "polars": _of_polars,
    "pyarrow": _of_arrow,
    "xarray": _of_xarray,
    "torch": _of_torch,
    "scipy": _of_scipy,
}
