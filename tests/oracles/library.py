"""Another library's functions for our operations, and its values in place of Tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from minigrad.core.dispatch import from_numpy
from minigrad.core.primitive import Primitive
from minigrad.methods import COMPARISONS, attach_operators
from tests.samples import OPERATIONS, PRIMITIVES, Sample

__all__ = ["OWN", "PARTS", "Library", "Twin"]

OWN, PARTS = "its own function", "composed of its other functions"

Row = Callable[..., Any]


@dataclass(eq=False)
class Library:
    """Another library's functions for minigrad's operations.

    The row of a primitive takes the arguments of its forward function, any other row those of NumPy's function. A row
    that returns ``NotImplemented`` does not support these arguments: the operation's primitives are called instead.

    Attributes:
        module: the module to import.
        own: the library's functions for an operation.
        written: operations composed of several of its functions.
        lacking: operations that are not compared, and why.
        lift: converts an array to a value of the library.
        lower: converts a value of the library to an array.
        pull: ``pull(f, arrays, y_bar)`` returns f's value and the error signals of its arguments.
    """

    name: str
    module: str
    own: Mapping[str, Row]
    written: Mapping[str, Row]
    lacking: Mapping[str, str]
    lift: Callable[[Any], Any]
    lower: Callable[[Any], Any]
    pull: Callable[[Callable[..., Any], Any, Callable[[Any], Any]], tuple[Any, list[Any]]]
    called: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rows = {**self.written, **self.own}
        self.installed = find_spec(self.module) is not None

    def agreement(self, operation: str) -> str:
        """How the operation is compared: `OWN`, `PARTS`, or the reason why it is not compared."""
        if any(OPERATIONS[name] is OPERATIONS[operation] for name in self.own):  # or an alias
            return OWN
        if operation in PRIMITIVES and operation not in self.written:
            return self.lacking.get(operation, f"add a row to the table of {self.name} in tests/oracles/")
        return self.lacking.get(operation, PARTS)

    def compares(self, operation: str) -> bool:
        return self.agreement(operation) in (OWN, PARTS)

    def forms(self, sample: Sample) -> Iterator[tuple[Callable[..., Any], bool]]:
        """Functions that must agree with the sample, and whether each calls composed functions as a whole.

        The sample's own function calls primitives. A function composed of primitives is also compared as a whole: with
        the library's function of that name, or with its version of NumPy's function.
        """
        if sample.f is not OPERATIONS["cross_entropy"]:  # which checks whether its target is a Tensor
            yield sample.f, False
        operation = sample.operation
        if operation in PRIMITIVES or operation not in self.rows:
            return
        f, params = (sample.f.func, sample.f.keywords) if isinstance(sample.f, partial) else (sample.f, {})
        if f is OPERATIONS[operation]:
            yield lambda *xs: self.call(operation, xs, params, True), True
        else:
            yield sample.reference, True

    def run(self, f: Callable[..., Any], whole: bool, arrays: Any, seed: Callable[[Any], Any]) -> tuple[Any, list[Any]]:
        """f's value and the error signals of its arguments, where ``seed(shape)`` is the error signal of the value."""

        def of_values(*values: Any) -> Any:
            y = f(*[Twin(value, self, whole) for value in values])
            return y.value if isinstance(y, Twin) else self.lift(y)

        return self.pull(of_values, arrays, seed)

    def call(self, name: str, args: Any, params: Mapping[str, Any], whole: bool) -> Any:
        self.called.add(name)
        y = self.rows[name](*self._values(args), **self._values(params))
        return y if y is NotImplemented else self._twins(y, whole)

    def _values(self, argument: Any) -> Any:
        """Converts Twins and arrays of numbers to the library's values, also within lists; leaves parameters alone."""
        if isinstance(argument, Twin):
            return argument.value
        if isinstance(argument, np.ndarray) and argument.dtype.kind in "fc":
            return self.lift(argument)
        if type(argument) in (list, tuple):
            return type(argument)([self._values(part) for part in argument])
        if isinstance(argument, dict):
            return {key: self._values(part) for key, part in argument.items()}
        return argument

    def _twins(self, y: Any, whole: bool) -> Any:
        if isinstance(y, list | tuple):
            parts = [self._twins(part, whole) for part in y]
            return type(y)(*parts) if hasattr(y, "_fields") else type(y)(parts)
        return Twin(y, self, whole)


class Twin:
    """A value of another library in place of a Tensor."""

    def __init__(self, value: Any, library: Library, whole: bool) -> None:
        self.value = value
        self.library = library
        self.whole = whole

    data = property(lambda self: self.library.lower(self.value))
    shape = property(lambda self: np.shape(self.data))
    ndim = property(lambda self: np.ndim(self.data))
    size = property(lambda self: np.size(self.data))
    dtype = property(lambda self: self.data.dtype)

    def __apply__(self, primitive: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        arrays = [arg if isinstance(arg, Twin) else self.library.lift(np.asarray(arg)) for arg in args]
        return self.library.call(primitive.name, arrays, params, self.whole)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return self._numpy(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        return self._numpy(function, "__call__", args, kwargs)

    def _numpy(self, function: Callable[..., Any], method: str, args: Any, kwargs: dict[str, Any]) -> Any:
        name = function.__name__
        if self.whole and method == "__call__" and name in self.library.rows and name not in PRIMITIVES:
            y = self.library.call(name, args, kwargs, True)
            if y is not NotImplemented:
                return y
        return from_numpy(function, method, args, kwargs)


attach_operators(Twin)


def _compare(ufunc: np.ufunc) -> Callable[[Twin, Any], Any]:
    return lambda self, other: ufunc(self.data, other.data if isinstance(other, Twin) else other)


for _name, _ufunc in COMPARISONS.items():
    setattr(Twin, f"__{_name}__", _compare(_ufunc))
