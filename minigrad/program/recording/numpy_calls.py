"""NumPy's functions and methods as lines of a program: which may be recorded, and whose shapes depend on numbers.

A function is recorded if it is pure: it writes into none of its arguments, draws no random numbers, and reads no files.
What is not listed is refused, so that a function of a later NumPy is never recorded by mistake.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.program.recording.lines import Variable, variables_in

__all__ = ["ATTRIBUTES", "METHODS", "OPERATORS", "SPLITTING", "STATIC", "is_pure", "shape_depends_on_numbers"]

#: Python's operators by their special methods.
OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv,
    "floordiv": operator.floordiv, "mod": operator.mod, "pow": operator.pow, "matmul": operator.matmul,
    "and": operator.and_, "or": operator.or_, "xor": operator.xor, "lshift": operator.lshift,
    "rshift": operator.rshift, "divmod": divmod,
    "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge, "eq": operator.eq, "ne": operator.ne,
    "neg": operator.neg, "pos": operator.pos, "abs": abs, "invert": operator.invert,
}  # fmt: skip

#: Answered at once: their result follows from shapes and dtypes, which a program is written for.
STATIC = frozenset({
    np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.common_type, np.isrealobj, np.iscomplexobj,
    np.einsum_path,
})  # fmt: skip

#: How many elements they return depends on numbers: the program is right only while they return as many.
_SHAPE_DEPENDS_ON_NUMBERS = frozenset({
    np.nonzero, np.flatnonzero, np.argwhere, np.where, np.compress, np.extract, np.unique, np.unique_all,
    np.unique_counts, np.unique_inverse, np.unique_values, np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
    np.bincount, np.repeat, np.trim_zeros, np.delete, np.ix_, np.histogram_bin_edges, np.histogram,
})  # fmt: skip

_PURE = """
    all allclose amax amin angle any append apply_along_axis argmax argmin argpartition argsort array_equal
    array_equiv array_split around astype atleast_1d atleast_2d atleast_3d average block broadcast_arrays
    broadcast_to choose clip column_stack concatenate convolve copy corrcoef correlate count_nonzero cov cross
    cumprod cumsum cumulative_prod cumulative_sum diag diag_indices_from diagflat diagonal diff digitize dot dsplit
    dstack ediff1d einsum empty_like expand_dims fix flip fliplr flipud full_like gradient hsplit hstack i0 imag
    inner insert interp isclose iscomplex isin isneginf isposinf isreal kron lexsort matrix_transpose max mean
    median meshgrid min moveaxis nan_to_num nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin
    nanpercentile nanprod nanquantile nanstd nansum nanvar ones_like outer pad packbits partition percentile
    permute_dims piecewise poly polyval prod ptp quantile ravel ravel_multi_index real real_if_close resize reshape
    roll rollaxis rot90 round searchsorted select sinc sort sort_complex split squeeze stack std sum swapaxes take
    take_along_axis tensordot tile trace transpose trapezoid tril tril_indices_from triu triu_indices_from
    unpackbits unravel_index unstack unwrap vander var vdot vsplit vstack zeros_like
"""

_LINALG = """
    cholesky cond cross det diagonal eig eigh eigvals eigvalsh inv lstsq matmul matrix_norm matrix_power matrix_rank
    matrix_transpose multi_dot norm outer pinv qr slogdet solve svd svdvals tensordot tensorinv tensorsolve trace
    vecdot vector_norm
"""

_pure: set[Any] = set(_SHAPE_DEPENDS_ON_NUMBERS)
_pure.update(getattr(np, name) for name in _PURE.split() if hasattr(np, name))
_pure.update(getattr(np.linalg, name) for name in _LINALG.split() if hasattr(np.linalg, name))
_pure.update(f for name, f in vars(np.fft).items() if callable(f) and not name.startswith("_"))


def is_pure(function: Callable[..., Any]) -> bool:
    """Whether a function of NumPy may be a line of a program."""
    return function in _pure


#: Functions whose arguments after the first are numbers to compute with, and not lengths, axes or repetitions.
_SHAPE_FOLLOWS_FROM_SHAPES = frozenset({
    "allclose", "append", "array_equal", "array_equiv", "average", "choose", "clip", "convolve", "correlate",
    "digitize", "dot", "einsum", "inner", "interp", "isclose", "isin", "kron", "outer", "ravel_multi_index",
    "searchsorted", "select", "take", "take_along_axis", "vdot", "where",
})  # fmt: skip
_follows = frozenset(getattr(np, name) for name in _SHAPE_FOLLOWS_FROM_SHAPES)
_operators = frozenset(OPERATORS.values())
#: How many arrays they return depends on a number of parts.
SPLITTING = frozenset({np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit})
_METHODS_THAT_SELECT = frozenset({"nonzero", "compress", "repeat"})


def shape_depends_on_numbers(function: Callable[..., Any], args: tuple[Any, ...], params: dict[str, Any]) -> bool:
    """Whether a call may return another shape for other numbers, though its arguments have the same shapes.

    Arguments:
        function: an operator, a method, or a function or ufunc of NumPy.
        args, params: what it is called with, with variables in place of arrays.
    """
    if isinstance(function, np.ufunc) or function in _operators:
        return False
    if function is operator.getitem:
        return index_selects(args[1])
    if function is np.where and len(args) > 1:
        return False
    if function in _SHAPE_DEPENDS_ON_NUMBERS or getattr(function, "__name__", "") in _METHODS_THAT_SELECT:
        return True
    if any(map(is_whole, variables_in(params))):
        return True
    follows = function in _follows or (isinstance(function, Method) and function.__name__ in _SHAPE_FOLLOWS_FROM_SHAPES)
    return not follows and any(map(is_whole, variables_in(args[1:])))


def index_selects(index: Any) -> bool:
    """Whether the shape of ``x[index]`` depends on numbers: those of a mask, or of the limits of a slice."""
    for part in index if isinstance(index, tuple | list) else (index,):
        if isinstance(part, slice) and next(variables_in(part), None) is not None:
            return True
        if any(v.dtype == bool or v.type is bool for v in variables_in(part)):
            return True
    return False


def is_whole(v: Variable) -> bool:
    """Whether its numbers are whole numbers or truth values, as lengths and axes are."""
    return v.type in (int, bool) if v.dtype is None else v.dtype.kind in "biu"


#: Methods of arrays that change nothing.
_METHODS = """
    all any argmax argmin argpartition argsort astype choose clip compress conj conjugate copy cumprod cumsum diagonal
    dot flatten get max mean min nonzero prod ravel repeat reshape round searchsorted squeeze std sum swapaxes take
    trace transpose var
"""
METHODS = frozenset(_METHODS.split())

#: Attributes of arrays that are arrays themselves.
ATTRIBUTES = ("T", "mT", "real", "imag")


class Method:
    """``x.sum(axis=0)`` as a function of x."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, x: Any, *args: Any, **params: Any) -> Any:
        return getattr(x, self.__name__)(*args, **params)


class Attribute:
    """``x.T`` as a function of x."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, x: Any) -> Any:
        return getattr(x, self.__name__)


_methods: dict[str, Method] = {name: Method(name) for name in METHODS}
_attributes: dict[str, Attribute] = {name: Attribute(name) for name in ATTRIBUTES}
method, attribute = _methods.__getitem__, _attributes.__getitem__
