"""All arrays of a tree as one vector, for optimizers that know nothing but vectors, such as SciPy's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from minigrad.array_checks import refuse_lossy
from minigrad.core.tensor import Tensor
from minigrad.device import to_device_of
from minigrad.pytree import tree_leaves, tree_unflatten
from minigrad.rules.manipulation.conversion import astype
from minigrad.rules.manipulation.join import concatenate
from minigrad.transforms.traced_function import described, dtype_kind
from minigrad.typing import Array

__all__ = ["ravel_pytree"]


def ravel_pytree(tree: Any) -> tuple[Array, Callable[[Array], Any]]:
    """All arrays of a tree as one vector, and the function that makes such a tree of a vector.

    Both directions record: derivatives flow through the vector and through the tree that `unravel` returns.

    Arguments:
        tree: nested lists, tuples and dictionaries of floating arrays, Tensors and numbers, as `grad` takes them.

    Returns:
        The vector, with the elements of each array row by row; a Tensor if the tree holds one, and of the widest dtype
        in the tree. And ``unravel(vector)``, a tree of the same structure, shapes and dtypes.

    Raises:
        TypeError: if the tree holds anything but floating numbers.
        ValueError: by `unravel`, if the vector has another length.

    SciPy's optimizers change one vector, and take a function that returns the loss and its gradient. This fits a line
    to three points:

    >>> import minigrad as mg
    >>> import numpy as np
    >>> from scipy.optimize import minimize
    >>> x, t = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])
    >>> def loss(model):
    ...     return mg.mean((model["slope"] * x + model["intercept"] - t) ** 2)
    >>> vector, unravel = mg.ravel_pytree({"slope": 0.0, "intercept": 0.0})
    >>> found = minimize(mg.value_and_grad(lambda vector: loss(unravel(vector))), vector, jac=True)
    >>> {name: round(float(value), 4) for name, value in unravel(found.x).items()}
    {'slope': 2.0, 'intercept': 1.0}
    """
    leaves = [_as_leaf(leaf, "ravel_pytree: the tree") for leaf in tree_leaves(tree)]
    structure = tree_unflatten(tree, lambda: None)  # a copy: the caller may change the tree
    shapes, dtypes = [leaf.shape for leaf in leaves], [leaf.dtype for leaf in leaves]
    sizes = [prod(shape) for shape in shapes]

    def unravel(vector: Array) -> Any:
        vector = _as_leaf(vector, "unravel: the vector")
        if vector.shape != (sum(sizes),):
            raise ValueError(f"unravel: got an array of shape {vector.shape}, expected a vector of length {sum(sizes)}")
        copy = not isinstance(vector, Tensor)  # an optimizer may write into its vector
        parts = zip(_split(vector, sizes), shapes, dtypes, strict=True)
        arrays = (astype(part.reshape(shape), dtype, copy=copy)[()] for part, shape, dtype in parts)
        return tree_unflatten(structure, arrays.__next__)

    return (concatenate(leaves, axis=None) if leaves else np.zeros(0)), unravel


def _split(vector: Array, sizes: Sequence[int]) -> list[Array]:
    """The parts of these sizes, by halves of halves.

    The error signal of a part is as long as what it was taken from. To take all n parts from the vector itself would
    take n times as long as to read it, and by halves it takes log n times as long.
    """
    if len(sizes) < 2:
        return [vector] * len(sizes)
    middle = len(sizes) // 2
    end = sum(sizes[:middle])
    return _split(vector[:end], sizes[:middle]) + _split(vector[end:], sizes[middle:])


def _as_leaf(leaf: Any, what: str) -> Array:
    refuse_lossy(leaf, what)
    array = leaf if isinstance(leaf, Tensor) else to_device_of(leaf)
    kind = dtype_kind(array)
    if kind not in "biufc":
        raise TypeError(f"{what} is or holds {described(leaf)}, expected floating arrays and numbers")
    if kind != "f":
        raise TypeError(
            f"{what} is or holds an array of dtype {array.dtype}, expected floating numbers; write 2.0 instead of 2, "
            "or convert it with astype(float). A complex array is two leaves, its real and its imaginary part"
        )
    return array
