"""A fake of CuPy for machines without a GPU, as strict as CuPy.

Its array wraps a private NumPy array, and supports NumPy's functions, operators and methods with the parameters that
CuPy has (the list cupy_names.txt). Like a CuPy array

- it is converted to a NumPy array only by ``get()``, and refuses to be combined with one;
- a single number stays an array of shape ``()``, and can be combined with Python and NumPy scalars;
- it is on a device, and all arrays of one operation must be on the same device.

Where CuPy moves arrays silently, as it does for indices, the fake refuses, so that rules and kernels create on a
device what they need there.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar
from weakref import WeakValueDictionary

import numpy as np
import scipy.special

from tests.helpers.cupy_names import SPECIAL, listed

__all__ = ["REACHED", "Array", "modules"]

_NAMES = listed()

#: The functions and methods that were called, for a test to read.
REACHED: set[str] = set()

#: How many of the first arguments have to be arrays, not numbers.
_ARRAYS = {
    "where": 1, "interp": 3, "convolve": 2, "correlate": 2, "searchsorted": 1, "take_along_axis": 2, "einsum": 0,
    "linalg.solve": 2,
}  # fmt: skip

#: Functions that return Python values in NumPy, and arrays in CuPy.
_ARRAY_RESULTS = ("allclose", "array_equal", "count_nonzero")

_NUMBER = bool | int | float | complex | np.generic


class Device:
    """A GPU, and the context in which it is the current device."""

    current: ClassVar[list[int]] = [0]

    def __init__(self, number: int | None = None) -> None:
        self.id = self.current[-1] if number is None else number

    def __enter__(self) -> Device:
        self.current.append(self.id)
        return self

    def __exit__(self, *error: object) -> None:
        self.current.pop()


#: The array around each private NumPy array, by its id: the base of a view is the same object each time.
_AROUND: WeakValueDictionary[int, Array] = WeakValueDictionary()


class Array:
    """An array on a GPU that does not exist."""

    __slots__ = ("__weakref__", "_a", "device")
    __hash__ = None

    def __init__(self, a: Any, device: int) -> None:
        self._a = np.asarray(a)
        self.device = Device(device)
        if self._a.dtype.kind not in "biufc":
            raise TypeError(f"Unsupported dtype {self._a.dtype}")
        _AROUND.setdefault(id(self._a), self)

    @property
    def base(self) -> Array | None:
        base = self._a.base
        if base is None:
            return None
        around = _AROUND.get(id(base))
        return Array(base, self.device.id) if around is None else around

    # ------------------------------------------------------------------ NumPy's functions

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Use `.get()`.")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or not all(map(_is_known, inputs)):
            return NotImplemented
        return _call(ufunc.__name__, ufunc, inputs, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        if not all(issubclass(t, Array | np.ndarray) for t in types):
            return NotImplemented
        return _call(".".join([*function.__module__.split(".")[1:], function.__name__]), function, args, kwargs)

    # ------------------------------------------------------------------ indexing

    def __getitem__(self, index: Any) -> Array:
        return _wrapped(self._a[_index(index)], self.device.id)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._a[_index(index)] = _unwrapped("__setitem__", value)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    # ------------------------------------------------------------------ attributes and conversions

    @property
    def flags(self) -> Any:
        return SimpleNamespace(c_contiguous=self._a.flags.c_contiguous, f_contiguous=self._a.flags.f_contiguous)

    def get(self) -> Any:
        return self._a.copy()

    def item(self) -> Any:
        return self._a.item()

    def __reduce__(self) -> Any:
        return Array, (self._a, self.device.id)

    def __copy__(self) -> Array:
        return self.copy()

    def __deepcopy__(self, memo: Any) -> Array:
        return self.copy()

    def __repr__(self) -> str:
        return repr(self._a)

    def __format__(self, spec: str) -> str:
        return format(self._a, spec)


# ---------------------------------------------------------------- operators, attributes, methods


def _is_known(x: Any) -> bool:
    """Whether it is an array or a number: CuPy looks at the type itself, whatever ``x.__class__`` says."""
    return issubclass(type(x), Array | np.ndarray | _NUMBER)


def _operator(ufunc: np.ufunc, reflected: bool) -> Callable[..., Any]:
    def compute(self: Array, other: Any) -> Any:
        if not _is_known(other):
            return NotImplemented
        return _call(ufunc.__name__, ufunc, (other, self) if reflected else (self, other), {})

    return compute


def _in_place(ufunc: np.ufunc) -> Callable[..., Any]:
    return lambda self, other: _call(ufunc.__name__, ufunc, (self, other), {"out": (self,)})


def _unary(ufunc: np.ufunc) -> Callable[..., Any]:
    return lambda self: _call(ufunc.__name__, ufunc, (self,), {})


def _conversion(convert: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda self: convert(self._a)


def _method(name: str) -> Callable[..., Any]:
    def call(self: Array, *args: Any, **kwargs: Any) -> Any:
        return _call(
            f"ndarray.{name}", lambda a, *rest, **params: getattr(a, name)(*rest, **params), (self, *args), kwargs
        )

    return call


def _attribute(name: str) -> property:
    return property(lambda self: _wrapped(getattr(self._a, name), self.device.id))


_BINARY = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "floordiv": np.floor_divide,
    "mod": np.remainder, "pow": np.power, "matmul": np.matmul, "divmod": np.divmod, "and": np.bitwise_and,
    "or": np.bitwise_or, "xor": np.bitwise_xor,
}  # fmt: skip
for _name, _ufunc in _BINARY.items():
    setattr(Array, f"__{_name}__", _operator(_ufunc, False))
    setattr(Array, f"__r{_name}__", _operator(_ufunc, True))
    if f"ndarray.__i{_name}__" in _NAMES:
        setattr(Array, f"__i{_name}__", _in_place(_ufunc))
for _name, _ufunc in {
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal, "ne": np.not_equal,
}.items():  # fmt: skip
    setattr(Array, f"__{_name}__", _operator(_ufunc, False))
for _name, _ufunc in {"neg": np.negative, "pos": np.positive, "abs": np.absolute, "invert": np.invert}.items():
    setattr(Array, f"__{_name}__", _unary(_ufunc))
for _name in ("bool", "int", "float", "complex", "len"):  # no __index__, no __contains__
    setattr(Array, f"__{_name}__", _conversion(getattr(np.ndarray, f"__{_name}__")))
for _row in _NAMES:
    _space, _, _name = _row.rpartition(".")
    if _space == "ndarray" and _name[0] != "_" and _name not in vars(Array) and hasattr(np.ndarray, _name):
        setattr(Array, _name, _method(_name) if callable(getattr(np.ndarray, _name)) else _attribute(_name))


# ---------------------------------------------------------------- one call


def _call(name: str, function: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
    """The result of CuPy's function of this name."""
    if name not in _NAMES:
        raise TypeError(f"CuPy has no {name}")
    REACHED.add(name)
    _check_parameters(name, args, kwargs)
    for x in args[: _ARRAYS.get(name, 1 if name.startswith("linalg.") else 0)]:
        if not isinstance(x, Array | np.ndarray) and not (name == "where" and isinstance(x, np.generic)):
            raise TypeError(f"{name} takes arrays, got {type(x).__name__}")
    if name in ("concatenate", "stack") and not all(isinstance(x, Array | np.ndarray) for x in args[0]):
        raise TypeError(f"{name}: Only cupy arrays can be concatenated")
    if kwargs.get("kind") not in (None, "stable"):
        raise ValueError(f"{name} has no kind={kwargs['kind']!r}")
    if name == "interp" and not args[0].flags.c_contiguous:
        raise NotImplementedError("Non-C-contiguous x is currently not supported")
    devices = {x.device.id for x in _arrays([*args, *kwargs.values()])}
    if len(devices) > 1:
        raise ValueError(f"arrays on the devices {devices}")
    result = function(*_unwrapped(name, args), **_unwrapped(name, kwargs))
    if "out" in kwargs:
        (out,) = kwargs["out"] if isinstance(kwargs["out"], tuple) else (kwargs["out"],)
        return out
    device = devices.pop() if devices else Device.current[-1]
    return Array(result, device) if name in _ARRAY_RESULTS else _wrapped(result, device)


def _check_parameters(name: str, args: Any, kwargs: Any) -> None:
    parameters = _NAMES[name]
    if name.startswith("ndarray."):
        args = args[1:]
    wrong = [key for key in kwargs if key not in parameters and not any(p.startswith("**") for p in parameters)]
    if wrong:
        raise TypeError(f"{name} of CuPy has no parameter {wrong[0]}; it has {', '.join(parameters)}")
    if len(args) > len(parameters) and not any(p.startswith("*") for p in parameters):
        raise TypeError(f"{name} of CuPy takes {len(parameters)} arguments, got {len(args)}")


def _arrays(value: Any) -> Any:
    if isinstance(value, Array):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _arrays(part)


def _unwrapped(name: str, value: Any) -> Any:
    if isinstance(value, Array):
        return value._a
    if isinstance(value, np.ndarray):
        raise TypeError(f"{name}: Unsupported type <class 'numpy.ndarray'>")
    if isinstance(value, list | tuple):
        return type(value)([_unwrapped(name, part) for part in value])
    if isinstance(value, dict):
        return {key: _unwrapped(name, part) for key, part in value.items()}
    return value


def _wrapped(value: Any, device: int) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return Array(value, device)
    if isinstance(value, list | tuple) and any(isinstance(part, np.ndarray | np.generic) for part in value):
        parts = [_wrapped(part, device) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    return value


def _index(index: Any) -> Any:
    parts = index if isinstance(index, tuple) else (index,)
    if sum(isinstance(part, Array) and part._a.dtype == bool for part in parts) > 1:
        raise NotImplementedError("more than one boolean array in an index")
    plain = tuple(_unwrapped("an index", part) if isinstance(part, Array | np.ndarray) else part for part in parts)
    return plain if isinstance(index, tuple) else plain[0]


# ---------------------------------------------------------------- the modules of CuPy


def modules(gpus: int = 1) -> dict[str, ModuleType]:
    """The parts of ``cupy`` and ``cupyx.scipy.special`` that minigrad imports, on a machine with this many GPUs."""
    cupy, cupyx, cupyx_scipy, special = map(ModuleType, ("cupy", "cupyx", "cupyx.scipy", "cupyx.scipy.special"))

    def asarray(value: Any) -> Array:
        return Array((value._a if isinstance(value, Array) else np.asarray(value)).copy(), Device.current[-1])

    def at(ufunc: np.ufunc, dtypes: str) -> SimpleNamespace:
        def update(a: Array, index: Any, value: Any) -> None:
            if a.dtype.char not in dtypes:
                raise TypeError(f"{ufunc.__name__}.at does not support {a.dtype}")
            ufunc.at(a._a, _index(index), _unwrapped(f"{ufunc.__name__}.at", value))

        return SimpleNamespace(at=update)

    runtime = SimpleNamespace(getDeviceCount=lambda: gpus)
    vars(cupy).update(
        ndarray=Array,
        asarray=asarray,
        cuda=SimpleNamespace(Device=Device, runtime=runtime),
        add=at(np.add, "iIlLqQefd"),
        maximum=at(np.maximum, "iILQfd"),
    )
    for name in SPECIAL:
        function = getattr(scipy.special, name)
        setattr(special, name, lambda *args, n=name, f=function: _call(f"special.{n}", f, args, {}))
    return {"cupy": cupy, "cupyx": cupyx, "cupyx.scipy": cupyx_scipy, "cupyx.scipy.special": special}
