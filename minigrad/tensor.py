"""Tensor: a value, its error signal, its name, and how it was made.

The operators and the methods that compute (``+``, ``[…]``, ``sum``, ``reshape``, ``backward`` …) are
attached by ``minigrad.methods``, once the operations are defined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from minigrad.dispatch import from_numpy
from minigrad.recording import Scope

if TYPE_CHECKING:
    from minigrad.primitive import Primitive

__all__ = ["Tensor"]

_next_order = count().__next__
_new = object.__new__


class Tensor:
    """An array that remembers how it was computed, so that it can be differentiated.

    Arguments:
        data: a number, a nested list, or an array of any shape. Arrays are copied.
        requires_grad: whether ``backward`` should compute the error signal of this Tensor.
        dtype: as in NumPy; what NumPy makes of `data` if not given.
        name: how formulas and pictures call it.

    Attributes:
        data: the value, a NumPy array; where the shape is ``()`` mostly a NumPy scalar, which computes faster.
        grad: the error signal dL/d(self) that ``backward`` has accumulated, an array of the same shape
            and dtype; ``None`` before. After ``backward(create_graph=True)`` it is a Tensor itself.
        name: a string or ``None``.
        requires_grad: a bool.

    Raises:
        TypeError: if `data` is not numeric or holds Tensors, or if gradients are asked of a type that is not floating.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True)
    >>> loss = w * w + 1
    >>> loss.backward()
    >>> float(w.grad)
    6.0
    """

    __slots__ = (
        "__weakref__",
        "_inputs",
        "_order",
        "_params",
        "_primitive",
        "_scope",
        "_values",
        "data",
        "grad",
        "name",
        "requires_grad",
    )

    # A Tensor is its own graph node. `_inputs` are the arguments of the call that made it (Tensors and
    # constants), `_values` the same as plain arrays, as the forward pass saw them, `_params` the
    # keywords and what the forward pass kept. References run from outputs to inputs alone: no cycle,
    # so a graph dies by reference count the moment its last output is dropped. `_order` counts
    # Tensors as they are made: an output is always younger than its inputs.

    data: Any
    grad: Any
    name: str | None
    requires_grad: bool
    _primitive: Primitive | None
    _inputs: tuple[Any, ...] | None
    _values: tuple[Any, ...] | None
    _params: dict[str, Any] | None
    _scope: Scope | None
    _order: int

    def __init__(
        self,
        data: ArrayLike | Tensor,
        *,
        requires_grad: bool = False,
        dtype: DTypeLike | None = None,
        name: str | None = None,
    ) -> None:
        if isinstance(data, list | tuple) and any(isinstance(part, Tensor) for part in data):
            raise TypeError(
                f"Tensor: got a {type(data).__name__} that holds Tensors; a new Tensor would be cut from their graphs. "
                "Keep them apart, or write [float(t) for t in …] if no gradient needs to flow"
            )
        value = np.array(data.data if isinstance(data, Tensor) else data, dtype=dtype)
        if value.dtype.kind not in "biufc":
            raise TypeError(
                f"Tensor: expected numbers, got {type(data).__name__} of dtype {value.dtype}; "
                "convert it to an array of floats first"
            )
        if requires_grad and value.dtype.kind != "f":
            raise TypeError(
                f"Tensor: only floating types may require gradients, got {value.dtype}; "
                "write 2.0 instead of 2, or pass dtype=float"
            )
        self.data = value[()]  # a 0-d array becomes a NumPy scalar, whose arithmetic is five times faster
        self.grad = None
        self.name = name
        self.requires_grad = requires_grad
        self._primitive = self._params = self._scope = None
        self._inputs = self._values = ()
        self._order = _next_order()

    # ------------------------------------------------------------------ what it is

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self.data.shape  # type: ignore[no-any-return]

    @property
    def dtype(self) -> np.dtype[Any]:
        """The NumPy dtype of the value."""
        return self.data.dtype  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.data.ndim  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.data.size  # type: ignore[no-any-return]

    @property
    def is_leaf(self) -> bool:
        """Whether it was given rather than computed; leaves are where gradients accumulate."""
        return self._primitive is None

    @property
    def scope(self) -> Scope | None:
        """The scope in which it was recorded; ``None`` if it was not."""
        return self._scope

    # ------------------------------------------------------------------ its error signal and its name

    def zero_grad(self) -> None:
        """Forget the accumulated error signal."""
        self.grad = None

    def detach(self) -> Tensor:
        """The same value, sharing memory, cut from the graph: a constant to what follows."""
        return made(self.data, None, (), (), None, None)

    def named(self, name: str) -> Tensor:
        """Give it the name that formulas and pictures use, and return it: ``z = (w * x + b).named("z")``."""
        self.name = name
        return self

    # ------------------------------------------------------------------ leaving minigrad

    def numpy(self) -> Any:
        """The value as a NumPy array, sharing memory."""
        return np.asarray(self.data)

    def item(self) -> float | int | bool:
        """The value of a Tensor with one element, as a Python number.

        Raises:
            ValueError: if there is more than one element.
        """
        if self.size != 1:
            raise ValueError(f"item: {self._called()} has {self.size} elements (shape {self.shape}), expected one")
        return self.data.item()  # type: ignore[no-any-return]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Any:
        return np.array(self.data, dtype=dtype, copy=copy)

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __bool__(self) -> bool:
        return bool(self.data)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError(f"len: {self._called()} is a single number (shape ()), which has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self.size == 1 and spec else str(self)

    def __repr__(self) -> str:
        text = np.array2string(np.asarray(self.data), separator=", ", prefix="Tensor(")
        details = [text]
        if self.name is not None:
            details.append(f"name={self.name!r}")
        if self.dtype not in (np.float64, np.int64, np.bool_):
            details.append(f"dtype={self.dtype}")
        if self._primitive is not None:
            details.append(f"made by {self._primitive.name}")
        elif self.requires_grad:
            details.append("requires_grad=True")
        return f"Tensor({', '.join(details)})"

    def _called(self) -> str:
        """How error messages call it."""
        return f"Tensor {self.name!r}" if self.name else "this Tensor"

    # ------------------------------------------------------------------ identity and writing

    # `==` compares element by element, as in NumPy; a Tensor is a dictionary key by its identity.
    __hash__ = object.__hash__

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError(
            f"{self._called()} cannot be written into: a graph may still need its value. "
            "Build a new Tensor instead, for example mg.where(mask, value, t); "
            "to change a parameter between training steps write into t.data[…]"
        )

    # ------------------------------------------------------------------ NumPy's functions on Tensors

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return from_numpy(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        return from_numpy(function, "__call__", args, kwargs)

    if TYPE_CHECKING:  # attached by minigrad.methods
        T: Tensor
        mT: Tensor

        def backward(
            self, grad: ArrayLike | Tensor | None = None, *, retain_graph: bool = False, create_graph: bool = False
        ) -> None: ...

        def __add__(self, other: Any) -> Tensor: ...
        def __radd__(self, other: Any) -> Tensor: ...
        def __sub__(self, other: Any) -> Tensor: ...
        def __rsub__(self, other: Any) -> Tensor: ...
        def __mul__(self, other: Any) -> Tensor: ...
        def __rmul__(self, other: Any) -> Tensor: ...
        def __truediv__(self, other: Any) -> Tensor: ...
        def __rtruediv__(self, other: Any) -> Tensor: ...
        def __pow__(self, other: Any) -> Tensor: ...
        def __rpow__(self, other: Any) -> Tensor: ...
        def __matmul__(self, other: Any) -> Tensor: ...
        def __rmatmul__(self, other: Any) -> Tensor: ...
        def __neg__(self) -> Tensor: ...
        def __getitem__(self, index: Any) -> Tensor: ...
        def __lt__(self, other: Any) -> Any: ...
        def __le__(self, other: Any) -> Any: ...
        def __gt__(self, other: Any) -> Any: ...
        def __ge__(self, other: Any) -> Any: ...
        def exp(self) -> Tensor: ...
        def log(self) -> Tensor: ...
        def sqrt(self) -> Tensor: ...
        def tanh(self) -> Tensor: ...
        def sigmoid(self) -> Tensor: ...
        def relu(self) -> Tensor: ...
        def sum(self, axis: Any = None, keepdims: bool = False) -> Tensor: ...
        def mean(self, axis: Any = None, keepdims: bool = False) -> Tensor: ...
        def max(self, axis: Any = None, keepdims: bool = False) -> Tensor: ...
        def min(self, axis: Any = None, keepdims: bool = False) -> Tensor: ...
        def argmax(self, axis: int | None = None) -> Any: ...
        def reshape(self, *shape: Any) -> Tensor: ...
        def transpose(self, *axes: Any) -> Tensor: ...
        def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor: ...
        def trace(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor: ...
        def dot(self, other: Any) -> Tensor: ...


def made(
    data: Any,
    primitive: Primitive | None,
    inputs: tuple[Any, ...],
    values: tuple[Any, ...],
    params: dict[str, Any] | None,
    scope: Scope | None,
) -> Tensor:
    """The output of a call of `primitive`; `scope` is ``None`` where the call is not to be recorded."""
    y = _new(Tensor)
    y.data = data
    y.grad = y.name = None
    y._scope = scope
    y._order = _next_order()
    if scope is None:
        y.requires_grad = False
        y._primitive = y._params = None
        y._inputs = y._values = ()
    else:
        y.requires_grad = True
        y._primitive = primitive
        y._inputs = inputs
        y._values = values
        y._params = params
    return y
