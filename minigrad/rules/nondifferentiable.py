"""NumPy's functions without a derivative: on Tensors they give what they give on the values, plain arrays.

They are of three kinds: questions, answered by a yes, an index, a set or a text (``np.argmax``, ``np.isnan``,
``np.unique``); step functions, whose derivative is 0 wherever there is one (``np.floor``, ``np.round``); and new
arrays that have no more than the shape and type of the argument (``np.zeros_like``).
"""

from __future__ import annotations

from types import MethodType
from typing import Any

import numpy as np

from minigrad.core.dispatch import numpy_functions
from minigrad.core.tensor import Tensor
from minigrad.device import refuse_mixed

__all__ = ["nondifferentiable", "unwrap"]


def unwrap(value: Any) -> Any:
    """The value itself for Tensors and named values, also within tuples, lists and dictionaries."""
    if isinstance(value, Tensor) or hasattr(value, "__apply__"):
        return value.data
    if type(value) is tuple or type(value) is list:
        return type(value)([unwrap(v) for v in value])
    if type(value) is dict:
        return {key: unwrap(v) for key, v in value.items()}
    return value


class nondifferentiable:
    """A NumPy function without a derivative, for use on Tensors; as an attribute of a class it is a method.

    Arguments:
        function: NumPy's function.
        constant_in: of how many arguments, counted from the first, it is a step function. The others do have a
            derivative, the weights of a histogram for one: a Tensor that requires gradients is refused there.
    """

    def __init__(self, function: Any, constant_in: int | None = None) -> None:
        self.function = function
        self.constant_in = constant_in
        self.__name__ = function.__name__
        self.__doc__ = f"``np.{function.__name__}``, computed on the values: a plain array, with no derivative."
        numpy_functions[function] = self

    def __call__(self, *args: Any, **params: Any) -> Any:
        if "out" in params:
            out = params["out"]
            if any(isinstance(array, Tensor) for array in (out if isinstance(out, tuple) else (out,))):
                raise TypeError(f"np.{self.__name__} does not write into a Tensor, which a graph may need; drop out=")
        if self.constant_in is not None:
            for value in (*args[self.constant_in :], *params.values()):
                if isinstance(value, Tensor) and value.requires_grad:
                    raise TypeError(
                        f"np.{self.__name__} has no derivative in minigrad yet for {value._called()}; "
                        "pass t.numpy() if no gradient needs to flow through it"
                    )
        args, params = unwrap(args), unwrap(params)
        try:
            return self.function(*args, **params)
        except Exception:
            refuse_mixed(self.__name__, *args, *params.values())
            raise

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)


# fmt: off

_QUESTIONS = (
    # element by element
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal,
    np.logical_and, np.logical_or, np.logical_not, np.logical_xor,
    np.isnan, np.isinf, np.isfinite, np.isposinf, np.isneginf, np.isnat, np.signbit, np.isreal, np.iscomplex,
    np.isclose, np.isin,
    # of the whole
    np.any, np.all, np.allclose, np.array_equal, np.array_equiv, np.count_nonzero, np.linalg.matrix_rank,
    # where something is
    np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort, np.argpartition, np.lexsort, np.searchsorted,
    np.digitize, np.nonzero, np.flatnonzero, np.argwhere, np.ix_, np.unravel_index, np.ravel_multi_index,
    np.diag_indices_from, np.tril_indices_from, np.triu_indices_from,
    # which different elements there are: labels and categories
    np.unique, np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values,
    np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
    # about the array
    np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.min_scalar_type, np.common_type,
    np.isrealobj, np.iscomplexobj, np.shares_memory, np.may_share_memory, np.einsum_path,
    # as text, or in a file
    np.array_repr, np.array_str, np.array2string, np.save, np.savez, np.savez_compressed, np.savetxt,
)
_STEP_FUNCTIONS = (
    np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.around, np.spacing,
    # of integers alone
    np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift, np.bitwise_count,
    np.gcd, np.lcm, np.packbits, np.unpackbits,
)
_NEW_ARRAYS = (np.zeros_like, np.ones_like, np.empty_like)
# fmt: on

for _constant in (*_QUESTIONS, *_STEP_FUNCTIONS, *_NEW_ARRAYS):
    nondifferentiable(_constant)
for _with_weights in (np.full_like, np.bincount, np.histogram, np.histogram_bin_edges, np.histogramdd):
    nondifferentiable(_with_weights, constant_in=1)
nondifferentiable(np.histogram2d, constant_in=2)
