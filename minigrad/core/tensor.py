"""Tensor: a value, its error signal, its name, and how it was computed.

The operators and the methods that compute (``+``, ``[…]``, ``sum``, ``reshape``, ``backward`` …) are
attached by ``minigrad.methods``, once the operations are defined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from minigrad.array_checks import (
    NUMBERS,
    assignable,
    is_list_of_numbers,
    numeric_copy,
    parts_of_list,
    refuse_non_numeric,
    require_bool,
    require_floating,
)
from minigrad.core.conversions import Conversions
from minigrad.core.dispatch import from_numpy
from minigrad.core.implicit_exits.lost_gradient_warning import warn_if_differentiated
from minigrad.core.named_scope import Scope, innermost
from minigrad.core.recording.arrays import call_of_array
from minigrad.core.recording.origin import UNKNOWN, Origin, detached_origin, origin, origin_in_graph
from minigrad.core.recording.scopes import recordings
from minigrad.core.writes.record import writes
from minigrad.device import device_of, to_device
from minigrad.recorder import writer, writers

if TYPE_CHECKING:
    from minigrad.core.gradients.backward_hooks import Hook
    from minigrad.core.primitive import Primitive
    from minigrad.core.tensor_methods import ArrayMethods
else:
    ArrayMethods = object

__all__ = ["Tensor"]

_next_order = count().__next__
_new = object.__new__
_array, _LISTS = np.ndarray, (list, tuple)  # constants: a union would be built at every call


class Tensor(Conversions, ArrayMethods):
    """An array that remembers how it was computed, so that it can be differentiated.

    Arguments:
        data: a number, a nested list, or a NumPy or CuPy array of any shape. Arrays are copied.
        requires_grad: whether ``backward`` should compute the error signal of this Tensor.
        dtype: as in NumPy; by default the one that NumPy chooses for `data`.
        device: ``"cpu"``, or ``"cuda"`` for a GPU; by default that of `data`.
        name: its name in formulas and pictures.

    Attributes:
        grad: the error signal dL/d(self) that ``backward`` has accumulated, an array of the same shape
            and dtype; ``None`` before. After ``backward(create_graph=True)`` it is a Tensor itself.
        name: a string or ``None``.
        requires_grad: a bool, which may be changed for a leaf of a floating type.

    Raises:
        TypeError: if `data` is not numeric, holds Tensors or is masked, or requires gradients and is not floating.
        ValueError: if `data` is a nested list whose parts differ in length.

    >>> import minigrad as mg
    >>> w = mg.Tensor(3.0, requires_grad=True)
    >>> loss = w * w + 1
    >>> loss.backward()
    >>> float(w.grad)
    6.0
    """

    __slots__ = (
        "__weakref__",
        "_data",
        "_hooks",
        "_inputs",
        "_order",
        "_origin",
        "_params",
        "_primitive",
        "_requires_grad",
        "_scope",
        "_values",
        "_written",
        "name",
    )

    # A Tensor is its own graph node. `_inputs` are the arguments of the call that computed it (Tensors and
    # constants), `_values` the same as plain arrays, as the forward pass saw them, `_params` the keywords and
    # what the forward pass saved. References run from outputs to inputs only: there are no cycles, so a graph
    # is freed by reference counting when its last output is dropped. `_order` numbers Tensors in the order of
    # their creation: an output comes after its inputs. `_written` is the number at which a leaf was last written
    # into. `_origin` is how a constant was computed; a Tensor of a graph has none. Those
    # two and `_hooks` are unset in most Tensors.

    _data: Any
    name: str | None
    _requires_grad: bool
    _primitive: Primitive | None
    _inputs: tuple[Any, ...] | None
    _values: tuple[Any, ...] | None
    _params: dict[str, Any] | None
    _scope: Scope | None
    _order: int
    _origin: Origin
    _written: int
    _hooks: list[Hook]

    #: Whether ``x += 1`` computes a new Tensor even of a leaf: of the arguments of a function being differentiated.
    _is_argument = False

    #: Above that of a DataFrame: ``series * t`` is then ours, and its result a Tensor with its graph.
    __pandas_priority__ = 5000

    def __init__(
        self,
        data: ArrayLike | Tensor,
        *,
        requires_grad: bool = False,
        dtype: DTypeLike | None = None,
        device: str | None = None,
        name: str | None = None,
    ) -> None:
        if isinstance(data, _LISTS) and holds_tensors(data):
            raise TypeError(
                f"Tensor: got a {type(data).__name__} that holds Tensors; a new Tensor would be cut from their graphs. "
                "Join them by mg.stack([…]), or write [t.item() for t in …] if no gradient needs to flow"
            )
        given: Any = data
        if isinstance(data, Tensor):
            warn_if_differentiated(data, "Write t itself, or t.copy()")
            given = data.data
        if type(given) in NUMBERS or device_of(given) == "cpu":
            value = numeric_copy(given, "Tensor", dtype)
        else:
            value = given.astype(given.dtype if dtype is None else dtype)  # a copy
            refuse_non_numeric(value.dtype, "Tensor", type(data).__name__)
        if device is not None:
            value = to_device(value, device)
        if requires_grad is not False and requires_grad is not True:
            require_bool("Tensor: requires_grad", requires_grad)
        if requires_grad and value.dtype.kind != "f":
            require_floating("Tensor", value.dtype)
        self._data = value[()]  # a 0-d array becomes a NumPy scalar, whose arithmetic is five times faster
        self._grad = None
        self.name = name
        self._requires_grad = requires_grad
        self._start_as_leaf()
        if given is not data:
            self._origin = detached_origin(data)
        elif recordings and call_of_array(data) is not None:
            self._origin = origin_in_graph(None, (data,), {})

    def _start_as_leaf(self) -> None:
        """Give it its place in the graphs to come: computed by nothing, after all that exists."""
        self._primitive = self._params = self._scope = self._origin = None
        self._inputs = self._values = ()
        self._order = _next_order()

    # ------------------------------------------------------------------ its value

    @property
    def data(self) -> Any:
        """The value: a NumPy array, usually a NumPy scalar if the shape is ``()``; on a GPU a CuPy array.

        A computed Tensor's array is read-only while a graph needs it (not enforced on GPUs). A leaf's may be written
        into at any time: after ``w.data -= 0.1 * w.grad``, ``backward`` refuses graphs that need what was there before.
        It does not notice writes by index, ``w.data[0] = 1``; ``mg.detect_anomaly`` does.

        A leaf may also be given another array, ``w.data = w.data - 0.1 * w.grad``. A floating leaf keeps its dtype:
        the values are converted. The array is shared; it is copied if it is read-only or needs conversion.
        One of another shape resets `grad`.

        Raises:
            TypeError: in an assignment, if the value is not numeric, or not floating where gradients are required.
            RuntimeError: in an assignment to a computed Tensor, whose graph needs the value.
        """
        if self._inputs and type(self._data) is np.ndarray:
            view = self._data.view()
            view.flags.writeable = False
            return view
        return self._data

    @data.setter
    def data(self, value: Any) -> None:
        if value is self._data and (type(value) is _array or not isinstance(value, np.generic)):
            self._written = written = _next_order()  # w.data -= … has changed it in place
            writes.note(value, written)
            if self._grad is not None:
                self._outdated = True
            return
        if self._primitive is not None:
            raise RuntimeError(
                f"data: {self._called()} was made by {self._primitive.name}, and its graph needs the value; "
                "compute it again from other values, or take t.detach(), which has no graph"
            )
        if writers:
            writer()  # waits for what another thread records
        given = value
        if isinstance(value, Tensor):
            warn_if_differentiated(value, "Compute with t itself in place of this leaf")
            given = value.data
        self._data = assignable(given, f"data: {self._called()}", self._data, requires_grad=self._requires_grad)
        writes.latest = _next_order()
        self._outdate_grad()

    # ------------------------------------------------------------------ its shape, type and origin

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._data.shape  # type: ignore[no-any-return]

    @property
    def dtype(self) -> np.dtype[Any]:
        """The NumPy dtype of the value; of a leaf it can be set, which converts its value and its `grad`."""
        return self._data.dtype  # type: ignore[no-any-return]

    @dtype.setter
    def dtype(self, dtype: DTypeLike) -> None:
        self._convert(np.dtype(dtype))
        writes.latest = _next_order()

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._data.size  # type: ignore[no-any-return]

    @property
    def device(self) -> str:
        """Where the value is: ``"cpu"``, or ``"cuda:0"`` for the first GPU; `to` moves it."""
        return device_of(self._data)

    @property
    def itemsize(self) -> int:
        """The number of bytes of an element."""
        return self.data.itemsize  # type: ignore[no-any-return]

    @property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return self.data.nbytes  # type: ignore[no-any-return]

    @property
    def is_leaf(self) -> bool:
        """Whether it was created by the user, not computed; gradients accumulate in leaves."""
        return self._primitive is None

    @property
    def scope(self) -> Scope | None:
        """The scope in which it was recorded; ``None`` if it was not."""
        return self._scope

    # ------------------------------------------------------------------ its error signal and its name

    @property
    def requires_grad(self) -> bool:
        """Whether ``backward`` computes its error signal; see the attributes above."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        require_bool("requires_grad", value)
        if value:
            require_floating("requires_grad", self.dtype)
        if not value and self._primitive is not None:
            raise RuntimeError(
                f"requires_grad: {self._called()} was made by {self._primitive.name} and is a part of a graph; "
                "take t.detach(), through which no gradient flows, or set it for the leaves"
            )
        self._requires_grad = bool(value)

    def zero_grad(self) -> None:
        """Reset the accumulated error signal to ``None``."""
        self.grad = None

    def detach(self) -> Tensor:
        """The same value, sharing memory, without the graph: a constant in what follows."""
        y = new_output(self.data, None, (), (), None, False)
        if recordings:
            y._origin = detached_origin(self)
        elif self._primitive is not None or self._origin is not None:
            y._origin = UNKNOWN
        return y

    def named(self, name: str) -> Tensor:
        """Set its name in formulas and pictures, and return it: ``z = (w * x + b).named("z")``."""
        self.name = name
        return self

    # ------------------------------------------------------------------ as a sequence

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError(f"len: {self._called()} is a single number (shape ()), which has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self == value))

    def _arrays(self) -> tuple[Any, ...]:
        """The values of its inputs, as the forward pass saw them, one by one; none after the graph was freed."""
        if self._primitive is not None and self._primitive.as_list and self._values:
            return self._values[0]  # type: ignore[no-any-return]
        return self._values or ()

    def _called(self, nameless: str = "this Tensor") -> str:
        """Its name in error messages."""
        return f"Tensor {self.name!r}" if self.name else nameless

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if hasattr(type(self), name)]  # without the unsupported

    # ------------------------------------------------------------------ identity and writing

    # `==` compares element by element, as in NumPy; a Tensor is a dictionary key by identity.
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


def new_output(
    data: Any,
    primitive: Primitive | None,
    inputs: tuple[Any, ...],
    values: tuple[Any, ...],
    params: dict[str, Any] | None,
    needs_grad: bool,
) -> Tensor:
    """The output of a call of `primitive`; the call is recorded if an input requires gradients, but under `no_grad`."""
    y = _new(Tensor)
    y._data = data
    y._grad = y.name = None
    y._order = _next_order()
    scope = innermost()[0]
    if needs_grad and scope is not None:
        y._requires_grad = True
        y._primitive = primitive
        y._inputs, y._values = inputs, values
        y._params = params
        y._scope = scope
        if scope.on_record is not None:
            scope.on_record(y)
    else:
        y._requires_grad = False
        y._primitive = y._params = y._scope = None
        y._inputs = y._values = ()
        if primitive is None:
            y._origin = None
        else:
            y._origin = UNKNOWN if scope is None else origin(primitive, inputs, params, scope)
    return y


def leaf(value: Any, grad: Any = None, name: str | None = None, requires_grad: bool = True) -> Tensor:
    """A leaf that shares its memory with `value`."""
    x = new_output(value, None, (), (), None, False)
    x._grad, x.name, x._requires_grad = grad, name, requires_grad
    return x


def without_graph(value: Any, name: str | None) -> Tensor:
    """A Tensor that a compiled function computed from parameters: it requires gradients, and a sweep cannot pass it."""
    x = leaf(value, name=name)
    x._inputs = None
    return x


def holds_tensors(nested: Any) -> bool:
    """Whether a nested list contains a Tensor at any depth."""
    return not is_list_of_numbers(nested) and any(isinstance(part, Tensor) for part in parts_of_list(nested))
