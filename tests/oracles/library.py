"""A value of another library that goes where a Tensor goes, and what is known of such a library."""

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

OWN, PARTS = "its own function", "put together from its other functions"

Row = Callable[..., Any]


@dataclass(eq=False)
class Library:
    """What another library has for the operations of minigrad.

    The row of a primitive is called as its forward function is, and any other as NumPy's function of the name. A row
    that gives ``NotImplemented`` lacks a setting of that call: it is put together from primitives then.

    Attributes:
        module: by which it is imported.
        own: functions of the library that do what the operation does.
        written: what takes several of them.
        lacking: operations that are not compared, and why.
        lift: makes a value of the library from an array.
        lower: makes an array from a value of the library.
        pull: ``pull(f, arrays, y_bar)`` gives f's value and the error signals of its arguments.
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
        """How the operation is compared: `OWN`, `PARTS`, or the reason why it is not."""
        if any(OPERATIONS[name] is OPERATIONS[operation] for name in self.own):  # or another name of the same
            return OWN
        if operation in PRIMITIVES and operation not in self.written:
            return self.lacking.get(operation, f"add a row to the table of {self.name} in tests/oracles/")
        return self.lacking.get(operation, PARTS)

    def compares(self, operation: str) -> bool:
        return self.agreement(operation) in (OWN, PARTS)

    def forms(self, sample: Sample) -> Iterator[tuple[Callable[..., Any], bool]]:
        """Functions that must agree with the sample, and whether they take NumPy's functions as a whole.

        The sample's own goes through primitives. What is made of primitives is also compared as a whole: the library's
        function in its place, or NumPy's, of which the library has its own version.
        """
        if sample.f is not OPERATIONS["cross_entropy"]:  # which asks whether its target is a Tensor
            yield sample.f, False
        operation = sample.operation
        if operation in PRIMITIVES or operation not in self.rows:
            return
        f, how = (sample.f.func, sample.f.keywords) if isinstance(sample.f, partial) else (sample.f, {})
        if f is OPERATIONS[operation]:
            yield lambda *xs: self.call(operation, xs, how, True), True
        else:
            yield sample.reference, True

    def run(self, f: Callable[..., Any], whole: bool, arrays: Any, seed: Callable[[Any], Any]) -> tuple[Any, list[Any]]:
        """f's value and the error signals of its arguments; `seed` of a shape is the error signal of the value."""

        def of_values(*values: Any) -> Any:
            y = f(*[Twin(value, self, whole) for value in values])
            return y.value if isinstance(y, Twin) else self.lift(y)

        return self.pull(of_values, arrays, seed)

    def call(self, name: str, args: Any, params: Mapping[str, Any], whole: bool) -> Any:
        self.called.add(name)
        y = self.rows[name](*self._values(args), **self._values(params))
        return y if y is NotImplemented else self._twins(y, whole)

    def _values(self, given: Any) -> Any:
        """Their values for Twins and for arrays of numbers, also within lists; settings stay as they are."""
        if isinstance(given, Twin):
            return given.value
        if isinstance(given, np.ndarray) and given.dtype.kind in "fc":
            return self.lift(given)
        if type(given) in (list, tuple):
            return type(given)([self._values(part) for part in given])
        return {key: self._values(part) for key, part in given.items()} if isinstance(given, dict) else given

    def _twins(self, y: Any, whole: bool) -> Any:
        if isinstance(y, list | tuple):
            parts = [self._twins(part, whole) for part in y]
            return type(y)(*parts) if hasattr(y, "_fields") else type(y)(parts)
        return Twin(y, self, whole)


class Twin:
    """A value of another library in the place of a Tensor."""

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
