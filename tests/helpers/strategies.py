"""Hypothesis strategies for the tests of operations: shapes, axes, dtypes, memory layouts."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

__all__ = ["axes", "broadcasting_shapes", "dtypes", "laid_out", "layouts", "shapes"]

dtypes = st.sampled_from([np.float32, np.float64])


def shapes(least: int = 0, most: int = 3, *, empty: bool = True) -> st.SearchStrategy[tuple[int, ...]]:
    """Shapes with `least` to `most` axes, of lengths 0 to 4, or 1 to 4 unless `empty`."""
    return hnp.array_shapes(min_dims=least, max_dims=most, min_side=0 if empty else 1, max_side=4)


@st.composite
def broadcasting_shapes(draw: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes that broadcast together: leading axes are missing, or axes have length 1."""
    result = draw(shapes())
    return tuple(
        tuple(draw(st.sampled_from([1, n])) for n in result[draw(st.integers(0, len(result))) :]) for _ in range(2)
    )  # type: ignore[return-value]


def axes(ndim: int) -> st.SearchStrategy[int | tuple[int, ...] | None]:
    """The axis argument of a reduction: None, one axis, or several in any order, negative ones included."""
    if not ndim:
        return st.none()
    one = st.integers(-ndim, ndim - 1)
    several = st.lists(one, min_size=1, max_size=ndim, unique_by=lambda i: i % ndim).map(tuple)
    return st.none() | one | several


layouts = st.sampled_from(["C", "Fortran", "reversed", "strided", "transposed", "0-strided"])


def laid_out(a: Any, layout: str) -> Any:
    """The same values in another memory layout, read-only: no operation writes into its arguments."""
    match layout if a.ndim else "C":
        case "C":
            view = np.array(a, order="C")
        case "Fortran":
            view = np.array(a, order="F")
        case "reversed":
            view = np.flip(np.flip(a).copy())
        case "strided":
            wide = np.zeros((*a.shape, 3), a.dtype)
            wide[..., 1] = a
            view = wide[..., 1]
        case "transposed":
            view = np.moveaxis(np.array(np.moveaxis(a, 0, -1), order="C"), -1, 0)
        case "0-strided":  # as after broadcasting, if all slices along the first axis are equal
            same = len(a) and (a == a[:1]).all()
            view = np.broadcast_to(a[0], a.shape) if same else a.copy()
    view.flags.writeable = False
    np.testing.assert_array_equal(view, a)
    return view
