"""A Tensor as something else: Python numbers, NumPy arrays, other libraries' arrays, text, copies and pickles."""

from __future__ import annotations

import sys
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import DTypeLike

from minigrad.array_checks import NUMERIC, refuse_lossy, require_floating
from minigrad.core.implicit_exits.array_of_tensors import has_been_asked, note_question, number_asked, watch_array
from minigrad.core.implicit_exits.lost_gradient_warning import warn_if_differentiated
from minigrad.core.implicit_exits.silent_functions import refuse_silent_function
from minigrad.core.named_scope import current_scope
from minigrad.core.scipy_special import refuse_array_in_scipy
from minigrad.device import refuse_mixed, to_device_of, to_host
from minigrad.recorder import writer, writers
from minigrad.user_frame import warn

__all__ = ["Conversions", "as_signal"]

#: The slots that tie a Tensor to graphs; a copy starts without them.
_PLACE_IN_GRAPH = {"_hooks", "_inputs", "_order", "_origin", "_params", "_primitive", "_scope", "_values", "_written"}

_state_of: Callable[[Any], Any] = object.__getstate__  # the attributes of `__dict__`, if there is one, and the slots


class Conversions:
    """The conversions of a Tensor, and the protocols behind ``float(t)``, ``np.asarray(t)`` and ``str(t)``."""

    __slots__ = ("_grad", "_outdated")

    _grad: Any
    _outdated: bool  # whether the value has changed since `_grad` was computed; unset in most Tensors

    if TYPE_CHECKING:
        name: str | None
        requires_grad: bool
        _requires_grad: bool
        _data: Any
        _primitive: Any
        _inputs: Any
        _origin: Any
        _order: int
        _is_argument: bool

        @property
        def data(self) -> Any: ...
        @data.setter
        def data(self, value: Any) -> None: ...
        @property
        def shape(self) -> tuple[int, ...]: ...
        @property
        def dtype(self) -> np.dtype[Any]: ...
        @property
        def size(self) -> int: ...
        @property
        def device(self) -> str: ...

        def copy(self) -> Any: ...
        def _called(self, nameless: str = "this Tensor") -> str: ...
        def _start_as_leaf(self) -> None: ...

    @property
    def grad(self) -> Any:
        """The error signal dL/d(self), an array of this shape and dtype; ``None`` before ``backward``.

        Raises:
            ValueError: if it is set to an array of another shape, which an optimizer would broadcast.
            TypeError: if it is set to what is not numbers, to complex numbers for a real Tensor, or on another device.
        """
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        if writers and (program := writer()) is not None:
            program.grad_is_set(self)
        self._grad = None if value is None else as_signal(value, self, "grad")
        self._outdated = False

    def _outdate_grad(self) -> None:
        """Note that the value has changed since the error signal was computed; one of another shape has none."""
        if self._grad is not None:
            if self._grad.shape == self.shape:
                self._outdated = True
            else:
                self.grad = None

    def _convert(self, dtype: np.dtype[Any]) -> None:
        """Give a leaf this dtype, and its error signal with it."""
        if self._is_in_a_graph():
            raise RuntimeError(f"dtype: {self._called()} is in a graph, which needs its value; write t.astype(dtype)")
        if dtype.kind not in NUMERIC or (self.dtype.kind == "c" and dtype.kind != "c"):
            raise TypeError(f"dtype: {self._called()} is {self.dtype}, which cannot be converted to {dtype}")
        if self._requires_grad:
            require_floating("dtype", dtype)
        self._data = self._data.astype(dtype)[()]
        if self._grad is not None:
            self._grad = self._grad.astype(dtype)

    def numpy(self) -> Any:
        """The value as a NumPy array, sharing memory.

        Raises:
            TypeError: if it is on a GPU: ``t.to("cpu").numpy()`` copies it.
        """
        return np.asarray(self._in_memory("numpy"))

    def to_numpy(self) -> Any:
        """`numpy`, by the name that Matplotlib looks for, so that it draws plain arrays."""
        return self.numpy()

    def _in_memory(self, caller: str) -> Any:
        """The value as a NumPy array; a copy from a GPU takes long, and is made only explicitly."""
        if self.device != "cpu":
            raise TypeError(
                f'{caller}: {self._called()} is on {self.device!r}, and NumPy arrays are on "cpu"; '
                f'write t.to("cpu").numpy() for a copy, or t.data for the CuPy array'
            )
        return self.data

    def item(self, *index: int) -> float | int | bool:
        """The value of a Tensor with one element, or of the element at `index`, as a Python number.

        Raises:
            ValueError: if there is more than one element, and no index.
        """
        if self.size != 1 and not index:
            raise ValueError(f"item: {self._called()} has {self.size} elements (shape {self.shape}), expected one")
        return to_host(self.data).item(*index)  # type: ignore[no-any-return]

    def tolist(self) -> Any:
        """The values as Python numbers, in nested lists."""
        return self.data.tolist()

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Any:
        if not self._requires_grad or current_scope() is None:
            return np.array(self._in_memory("np.asarray"), dtype=dtype, copy=copy)
        asking = sys._getframe(1)
        refuse_array_in_scipy(self, asking)
        if dtype is not None and np.dtype(dtype).kind == "O":
            return self._elements()
        refuse_silent_function(self, asking, number=False)
        note_question(asking)
        array = np.array(self._in_memory("np.asarray"), dtype=dtype, copy=copy)
        if warn_if_differentiated(self) or copy:
            return array
        return watch_array(array, asking, any_dtype=dtype is None)

    @property
    def _mask(self) -> Any:
        """Masked arrays look for it, after they have read `_data` past ``__array__``; a Tensor has none."""
        if self._requires_grad and current_scope() is not None:
            refuse_silent_function(self, sys._getframe(1), number=False)
        warn_if_differentiated(self)
        raise AttributeError("'Tensor' object has no attribute 'mask'")

    mask = _mask

    def _elements(self) -> Any:
        """An array of objects: each element as a Tensor, recorded."""
        elements = np.empty(self.shape, object)
        for index in np.ndindex(self.shape):
            elements[index] = self[index] if index else self  # type: ignore[index]
        return elements

    def __dlpack__(self, **settings: Any) -> Any:
        if self.requires_grad:
            raise BufferError(
                f"dlpack: {self._called()} requires gradients, which end where another library takes over; "
                "hand over t.detach()"
            )
        return self._for_dlpack().__dlpack__(**settings)

    def __dlpack_device__(self) -> Any:
        return self._for_dlpack().__dlpack_device__()

    def _for_dlpack(self) -> Any:
        return self.numpy() if self.device == "cpu" else self.data

    def __float__(self) -> float:
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def __complex__(self) -> complex:
        return complex(self._number())

    def _number(self) -> float | int | bool:
        """The value, for what asks without a word: float(t), and math.exp(t), which calls it."""
        if self._requires_grad and current_scope() is not None:
            asking = sys._getframe(2)
            in_list = has_been_asked(asking)
            refuse_silent_function(self, asking, number=True, in_list=in_list)
            if not warn_if_differentiated(self):
                number_asked(asking, in_list=in_list)
        return self.item()

    def __index__(self) -> int:
        if self.shape != () or self.dtype.kind not in "iu":
            raise TypeError(
                f"index: {self._called()} is not a whole number (shape {self.shape}, dtype {self.dtype}); "
                + ("write int(t) to make it an index" if self.size == 1 else "write int(t[i]) for one element")
            )
        return int(self.data)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(
                f"bool: {self._called()} has {self.size} elements (shape {self.shape}), and whether it is true is "
                "ambiguous; write t.any() or t.all(), or t.size > 0 for whether there are any"
            )
        return bool(self.data)

    def __format__(self, spec: str) -> str:
        """``f"{loss:.3f}"`` formats the number; with several elements, each of them."""
        if not spec:
            return str(self)
        if self.size == 1:
            return format(self.item(), spec)
        array = np.asarray(to_host(self.data))
        return np.array2string(array, separator=", ", formatter={"all": lambda x: format(x, spec)})

    def __repr__(self) -> str:
        text = np.array2string(np.asarray(to_host(self.data)), separator=", ", prefix="Tensor(")
        details = [text]
        if self.size == 0 or "..." in text:  # where the output does not show it
            details.append(f"shape={self.shape}")
        if self.name is not None:
            details.append(f"name={self.name!r}")
        if self.dtype not in (np.float64, np.int64, np.bool_):
            details.append(f"dtype={self.dtype}")
        if self.device != "cpu":
            details.append(f"device={self.device!r}")
        if self._primitive is not None:
            details.append(f"made by {self._primitive.name}")
        elif self.requires_grad:
            details.append("requires_grad=True")
        return f"Tensor({', '.join(details)})"

    # ------------------------------------------------------------------ copy and pickle

    def __getstate__(self) -> Any:
        """For `pickle` and `deepcopy`: all that a leaf is, with a subclass's own attributes, and nothing of its graphs.

        Python keeps the class, and objects that are one stay one: a model and its optimizer share their parameters.
        """
        if self._is_in_a_graph():
            given = self._is_argument or self._primitive.name == "argument"
            raise TypeError(
                self._called()
                + (" is an argument being differentiated" if given else f" was made by {self._primitive.name}")
                + "; a deep copy of it, or what pickle stores, would be cut from its graph: write t.copy() to go on "
                "with the graph, or take t.detach()"
            )
        if self._inputs is None:
            raise TypeError(
                f"{self._called()} was made by a compiled function from parameters; a deep copy of it, or what pickle "
                "stores, would not depend on them any more: take t.detach()"
            )
        if any(hook.is_registered for hook in getattr(self, "_hooks", ())):
            warn(f"a copy of {self._called()} has none of its hooks; register them on the copy, too")
        attributes, slots = _state_of(self)
        state = {name: value for name, value in slots.items() if name not in _PLACE_IN_GRAPH}
        if isinstance(self._grad, Conversions):  # of a sweep that was recorded
            state["_grad"] = self._grad.data
        return attributes, state

    def __setstate__(self, state: Any) -> None:
        attributes, slots = state
        if attributes:
            self.__dict__.update(attributes)
        for name, value in slots.items():
            object.__setattr__(self, name, value)
        self._start_as_leaf()

    def __copy__(self) -> Any:
        """A leaf of its own, in memory of its own, as of a NumPy array; of a computed Tensor a recorded `copy`."""
        if self._is_in_a_graph() or self._inputs is None:
            return self.copy()
        x = object.__new__(type(self))
        x.__setstate__(self.__getstate__())
        x._data, x._grad = deepcopy((x._data, x._grad))
        return x

    def _is_in_a_graph(self) -> bool:
        """Whether it was computed, or is an argument of a function being differentiated."""
        return self._primitive is not None or self._is_argument


def as_signal(given: Any, x: Any, caller: str) -> Any:
    """An error signal that a user gives for the Tensor `x`, in the dtype of `x`; a Tensor stays one.

    Raises:
        ValueError: if it does not have the shape of `x`.
        TypeError: if it is not numbers, complex for a real `x`, or on another device.
    """
    refuse_lossy(given, caller)
    recorded = isinstance(given, Conversions)
    try:
        signal: Any = given if recorded else to_device_of(given, x)
    except ValueError as error:
        raise ValueError(f"{caller}: got a {type(given).__name__} that makes no array: {error}") from None
    real, dtype = x.dtype.kind != "c", getattr(signal, "dtype", np.dtype(object))
    if dtype.kind not in ("biuf" if real else "biufc"):
        raise TypeError(
            f"{caller}: got a {type(given).__name__} of dtype {dtype}, expected an error signal of "
            f"{'real ' * real}numbers for {x._called()}, of shape {x.shape}"
        )
    refuse_mixed(caller, signal, x)
    if signal.shape != x.shape:
        raise ValueError(
            f"{caller}: the error signal has shape {signal.shape}, but {x._called()} has {x.shape}; they must be the "
            f"same{f' (np.full({x.shape}, g) repeats a number)' if signal.size == 1 else ''}"
        )
    signal = signal if dtype == x.dtype else signal.astype(x.dtype)
    return signal if recorded or signal.ndim else signal[()]
