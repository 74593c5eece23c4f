"""NumPy's functions without a derivative: of Tensors they give plain arrays, computed on the values.

They answer a question (``np.argmax``, ``np.isnan``, ``np.unique``), are piecewise constant (``np.floor``,
``np.round``), or take no more than the shape and dtype of their argument (``np.zeros_like``).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any

import numpy as np

from minigrad.array_checks import refuse_depth
from minigrad.core.dispatch import numpy_functions
from minigrad.core.implicit_exits.lost_gradient_warning import warn_if_differentiated
from minigrad.core.recording.arrays import noted, values_of
from minigrad.core.recording.scopes import recordings
from minigrad.core.scipy_special import special_functions
from minigrad.core.tensor import Tensor
from minigrad.device import refuse_mixed
from minigrad.kernels.elementwise.special.gamma_functions import gammasgn

__all__ = ["NondifferentiableFunction", "unwrap"]


def unwrap(value: Any, depth: int = 0) -> Any:
    """The values of Tensors and symbolic values, also within tuples, lists and dictionaries."""
    if isinstance(value, Tensor):
        return values_of(value) if recordings else value.data
    if hasattr(value, "__apply__"):
        return value.data
    if type(value) is tuple or type(value) is list:
        refuse_depth(depth)
        return type(value)([unwrap(v, depth + 1) for v in value])
    if type(value) is dict:
        refuse_depth(depth)
        return {key: unwrap(v, depth + 1) for key, v in value.items()}
    return value


class NondifferentiableFunction:
    """A function of arrays without a derivative, for use on Tensors; as an attribute of a class it is a method.

    Arguments:
        function: a function of NumPy, or composed of such functions.
        constant_args: the number of leading arguments in which the function is piecewise constant; ``None`` means
            all. In the others, such as the weights of a histogram, a Tensor that requires gradients is refused.
    """

    def __init__(self, function: Callable[..., Any], constant_args: int | None = None) -> None:
        self.function = function
        self.constant_args = constant_args
        self.__name__ = function.__name__
        self.__doc__ = f"``np.{function.__name__}`` of the values: a plain array, without a derivative."

    def __call__(self, *args: Any, **params: Any) -> Any:
        if "out" in params:
            out = params["out"]
            if any(isinstance(array, Tensor) for array in (out if isinstance(out, tuple) else (out,))):
                raise TypeError(
                    f"np.{self.__name__} does not write into a Tensor, whose value a graph may need; drop out="
                )
        if self.constant_args is not None:
            for value in (*args[self.constant_args :], *params.values()):
                if isinstance(value, Tensor) and value.requires_grad:
                    raise TypeError(
                        f"np.{self.__name__} has no derivative in minigrad with respect to {value._called()}; "
                        "pass t.numpy() if it needs no gradient"
                    )
        if self.function in _OF_ELEMENTS:
            for value in (*args, *params.values()):
                if isinstance(value, Tensor):
                    warn_if_differentiated(value, "Select its elements by index, t[np.unique(t, return_index=True)[1]]")
        arrays, settings = unwrap(args), unwrap(params)
        try:
            y = self.function(*arrays, **settings)
        except Exception:
            refuse_mixed(self.__name__, *arrays, *settings.values())
            raise
        return y if self.function in _NEW_ARRAYS else noted(y, self.function, args, settings)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)


# fmt: off

_LOGIC = (
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.logical_and, np.logical_or, np.logical_not, np.logical_xor, np.any, np.all,
    np.isnan, np.isinf, np.isfinite, np.isposinf, np.isneginf, np.isnat, np.signbit, np.isreal, np.iscomplex,
    np.isclose, np.allclose, np.array_equal, np.array_equiv,
)
_SEARCHING = (
    np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort, np.argpartition, np.lexsort, np.searchsorted,
    np.digitize, np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero,
)
_INDICES = (
    np.ix_, np.unravel_index, np.ravel_multi_index, np.diag_indices_from, np.tril_indices_from, np.triu_indices_from,
)
_SETS = (
    np.unique, np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values,
    np.isin, np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
)
#: What returns elements of its argument, or what is computed from them, which do have a slope.
_OF_ELEMENTS = frozenset({
    np.unique, np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values,
    np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d, np.ix_, np.histogram_bin_edges,
})
_PROPERTIES = (
    np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.min_scalar_type, np.common_type,
    np.isrealobj, np.iscomplexobj, np.shares_memory, np.may_share_memory, np.einsum_path, np.linalg.matrix_rank,
)
_TEXT_AND_FILES = (
    np.array_repr, np.array_str, np.array2string, np.save, np.savez, np.savez_compressed, np.savetxt,
)
_ROUNDING = (
    np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.around, np.spacing,
)
_INTEGERS = (
    np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift, np.bitwise_count,
    np.gcd, np.lcm, np.packbits, np.unpackbits,
)
_NEW_ARRAYS = (np.zeros_like, np.ones_like, np.empty_like)

#: Functions that do have a derivative with respect to their later arguments: a fill value, or weights.
_CONSTANT_ARGS: dict[Callable[..., Any], int] = {
    **dict.fromkeys((np.bincount, np.histogram, np.histogram_bin_edges, np.histogramdd), 1), np.histogram2d: 2,
}
# fmt: on

for _function in (
    *(*_LOGIC, *_SEARCHING, *_INDICES, *_SETS, *_PROPERTIES),
    *(*_TEXT_AND_FILES, *_ROUNDING, *_INTEGERS, *_NEW_ARRAYS),
):
    numpy_functions[_function] = NondifferentiableFunction(_function)
for _with_derivative, _count in _CONSTANT_ARGS.items():
    numpy_functions[_with_derivative] = NondifferentiableFunction(_with_derivative, constant_args=_count)
special_functions["gammasgn"] = NondifferentiableFunction(gammasgn)
special_functions["round"] = NondifferentiableFunction(np.rint)  # which rounds halves to even numbers, too
