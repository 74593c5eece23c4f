"""What stands in place of an array that depends on an argument: it writes down what is done with it.

Nothing but its own methods reads its value, and these give away shapes and dtypes alone, for which the program is
written. So nothing that depends on an argument's numbers can become a constant of the program: whatever is computed
from them is a line, a condition under which the program holds, or an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.program.recording.asked import refuse
from minigrad.program.recording.numpy_calls import ATTRIBUTES, METHODS, OPERATORS, STATIC, is_pure
from minigrad.recorder import recorder_of

if TYPE_CHECKING:
    from minigrad.program.recording.lines import Variable
    from minigrad.program.recording.recording import Recording

__all__ = ["RECORDED", "Recorded", "RecordedNumber", "RecordedOnGPU"]


class RecordedNumber:
    """In place of a Python number, which has no dtype of its own.

    Attributes:
        variable: what it is called in the program.
    """

    __slots__ = ("__weakref__", "_recording", "_value", "variable")

    def __init__(self, value: Any, variable: Variable, recording: Recording) -> None:
        self._value = value
        self.variable = variable
        self._recording = recording

    def __record__(self, function: Callable[..., Any], args: Any, params: dict[str, Any]) -> Any:
        """The result of a call of an operation of minigrad, which is a line of the program."""
        return self._recording.operation(function, args, params)

    def __assigned__(self, called: str, old: Any) -> None:
        """Raise a RuntimeError where it would become the value of a Tensor that outlives the recording."""
        if not hasattr(old, "__record__"):  # that of an outside Tensor is an output of the program
            refuse(f"{called} is assigned", "return the new value, and assign it after the call")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if any(isinstance(x, Tensor) for x in inputs):
            return NotImplemented  # the Tensor answers
        if kwargs.get("out") is not None or method == "at":
            refuse(f"np.{ufunc.__name__} writes into an array", "compute a new array, without out=")
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        return self._recording.numpy_call(function, inputs, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        if any(issubclass(t, Tensor) for t in types):
            return NotImplemented
        if function in STATIC and recorder_of(args[1:] if function is np.size else (), kwargs) is None:
            return self._recording.static(function, args, kwargs)
        if not is_pure(function) or kwargs.get("out") is not None:
            name = f"np.{function.__name__}"
            refuse(
                f"{name} is not recorded: it writes into an array or a file, or may do so",
                "compute a new array, with mg.where or np.where",
            )
        return self._recording.numpy_call(function, args, kwargs)

    # ------------------------------------------------------------------ what cannot be recorded

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        refuse(
            "a plain array is asked for (np.array, t.numpy(), another library)",
            "use NumPy's or mg's functions on arrays: np.stack([a, b]), np.take(table, indices)",
        )

    def __bool__(self) -> bool:
        return bool(self._recording.asked(self, bool, "a branch on a value (if, while, and, or, not, assert)"))

    def __float__(self) -> float:
        return float(self._recording.asked(self, float, "float(…) or a function of math"))

    def __int__(self) -> int:
        return int(self._recording.asked(self, int, "int(…)"))

    def __complex__(self) -> complex:
        return complex(self._recording.asked(self, complex, "complex(…)"))

    def __index__(self) -> int:
        return int(self._recording.asked(self, int, "an index, a length or a number of repetitions"))

    def __format__(self, spec: str) -> str:
        return str(self)

    def __repr__(self) -> str:
        name = self.variable.names[0] if self.variable.names else "value"
        return f"<{name}, which is being recorded: {self.variable.type.__name__} of shape {self.variable.shape}>"

    @property
    def real(self) -> Any:
        """The real part."""
        return self._recording.attribute("real", self)

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return self._recording.attribute("imag", self)

    def conjugate(self) -> Any:
        """The complex conjugate."""
        return self._recording.method("conjugate", self, (), {})

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """The class of the value, so that ``isinstance(x, np.ndarray)`` says the same as of the array itself."""
        return self.variable.type

    def __reduce_ex__(self, protocol: Any) -> Any:
        refuse("an array is pickled or copied by another library", "copy it by x.copy()")

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def __hash__(self) -> int:
        if self.variable.is_array:
            raise TypeError(f"unhashable type: '{self.variable.type.__module__}.{self.variable.type.__name__}'")
        return hash(self._recording.asked(self, None, "a look-up in a set or a dictionary (hash)"))


class Recorded(RecordedNumber):
    """In place of an array or a NumPy scalar."""

    __slots__ = ()

    device: Any = "cpu"

    @property
    def stands_for(self) -> type:
        """The type of the value: an array, or a NumPy scalar."""
        return self.variable.type

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self.variable.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype."""
        assert self.variable.dtype is not None
        return self.variable.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.variable.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(np.prod(self.variable.shape, dtype=int))

    @property
    def itemsize(self) -> int:
        """The number of bytes of an element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return self.size * self.itemsize

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, tuple) and not index and (self.ndim or self.variable.type is not np.ndarray):
            return self  # all of an array; NumPy makes a number of one without axes
        return self._recording.getitem(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        refuse("x[…] = … writes into an array", "compute a new array: mg.where(mask, a, b), np.where, mg.stack")

    def astype(self, dtype: Any, *args: Any, copy: bool = True, **settings: Any) -> Any:
        """Cast to another dtype."""
        if not (copy or args or settings) and self.dtype == np.dtype(dtype):
            return self
        return self._recording.method("astype", self, (np.dtype(dtype), *args), {**settings, "copy": copy})

    def item(self, *index: int) -> Any:
        """A Python number, which is not recorded."""
        return (self[index] if index else self)._recording.asked(self[index] if index else self, None, "item()")

    def tolist(self) -> Any:
        """Python numbers, which are not recorded."""
        refuse("tolist() asks for Python numbers", "compute with the array")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if hasattr(np.ndarray, name):
            refuse(f"x.{name} is not recorded", "compute with NumPy's and mg's functions")
        raise AttributeError(f"an array that is being recorded has no attribute {name!r}")


class RecordedOnGPU(Recorded):
    """In place of an array on a GPU. Its type differs from that of others, as the types of arrays do."""

    __slots__ = ()

    @property
    def device(self) -> Any:
        """Where the array is, as it says itself; a program is written for it."""
        return self.variable.device

    def get(self) -> Any:
        """The array on the CPU."""
        return self._recording.method("get", self, (), {})


#: What stands for a number or an array that is being recorded.
RECORDED = frozenset({RecordedNumber, Recorded, RecordedOnGPU})


# ---------------------------------------------------------------- operators, methods and attributes


def _operator(function: Callable[..., Any]) -> Callable[..., Any]:
    def compute(self: RecordedNumber, *others: Any) -> Any:
        if others and isinstance(others[0], Tensor):
            return NotImplemented
        return self._recording.numpy_call(function, (self, *others), {})

    return compute


def _reflected(function: Callable[..., Any]) -> Callable[..., Any]:
    def compute(self: RecordedNumber, other: Any) -> Any:
        if isinstance(other, Tensor):
            return NotImplemented
        return self._recording.numpy_call(function, (other, self), {})

    return compute


def _in_place(symbol: str) -> Callable[..., Any]:
    def write(self: RecordedNumber, other: Any) -> Any:
        if not self._recording.update.is_open:
            refuse(f"x {symbol}= … writes into an array", f"compute a new one: x = x {symbol} …")
        return self._recording.update.in_place(symbol, self, other)

    return write


def _method(name: str) -> Callable[..., Any]:
    def call(self: Recorded, *args: Any, **params: Any) -> Any:
        if params.get("out") is not None:
            refuse(f"x.{name}(out=…) writes into an array", "compute a new array, without out=")
        return self._recording.method(name, self, args, params)

    return call


def _attribute(name: str) -> property:
    return property(lambda self: self._recording.attribute(name, self))


_REFLECTED = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift",
              "rshift", "divmod")  # fmt: skip
_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
            "matmul": "@", "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>"}  # fmt: skip
for _name, _function in OPERATORS.items():
    setattr(RecordedNumber, f"__{_name}__", _operator(_function))
    if _name in _REFLECTED:
        setattr(RecordedNumber, f"__r{_name}__", _reflected(_function))
    if _name in _SYMBOLS:
        setattr(Recorded, f"__i{_name}__", _in_place(_SYMBOLS[_name]))
for _name in METHODS - {"astype", "get"}:
    setattr(Recorded, _name, _method(_name))
for _name in ATTRIBUTES:
    setattr(Recorded, _name, _attribute(_name))
