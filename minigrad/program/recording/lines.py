"""What a recording consists of: variables, and lines that compute them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["NESTED", "NUMBERS", "Line", "Variable", "map_variables", "release", "variables_in"]


class Variable:
    """A value of the program: an argument, or a result of a line.

    Attributes:
        type: that of its value: `np.ndarray`, a NumPy scalar's, a Python number's, or CuPy's array.
        device: where its value is, as an array says it: ``"cpu"``, or an object of CuPy's.
        shape, dtype: of its value; a Python number has the dtype ``None``.
        strides: of an array whose elements do not lie in memory in C's order, else ``None``.
        is_dense: whether they lie there without gaps, in C's or Fortran's order; of numbers, too.
        line: the line that computes it; ``None`` for an argument.
        names: what the user's program calls it, the first name first.
        signal_of: the variables whose error signal this is, in order. The terms of a sum all have the same one.
        is_view: whether it may share memory with what it was computed from.
    """

    __slots__ = ("device", "dtype", "is_dense", "is_view", "line", "names", "shape", "signal_of", "strides", "type")

    def __init__(self, value: Any, line: Line | None = None) -> None:
        self.type = type(value)
        self.device: Any = "cpu"
        self.shape: tuple[int, ...] = ()
        self.dtype: np.dtype[Any] | None = getattr(value, "dtype", None)
        self.strides: tuple[int, ...] | None = None
        self.is_dense = True
        self.line = line
        self.names: list[str] = []
        self.signal_of: dict[Variable, None] = {}
        self.is_view = False
        if self.type in NUMBERS:  # nothing more to ask of them
            return
        self.device = getattr(value, "device", "cpu")
        self.shape = getattr(value, "shape", ())
        if self.is_array and not value.flags.c_contiguous:
            self.strides = value.strides
            self.is_dense = value.flags.f_contiguous

    @property
    def is_array(self) -> bool:
        """Whether its value is an array; on a GPU single numbers are arrays, too."""
        return self.type is np.ndarray or self.device != "cpu"

    def __repr__(self) -> str:
        return f"<{'|'.join(self.names) or 'variable'} {self.type.__name__} {self.shape}>"


class Line:
    """A call of a function: one line of the program.

    Attributes:
        function: a primitive, a function of NumPy, or one that is called with what is in `args` and `params`.
        args, params: variables and constants, also within tuples, lists, dictionaries and slices.
        outputs: the variables that it computes: one, or a tuple of them in which ``None`` stands for what is no number.
        several: whether the function returns a tuple.
        scope: the named scope in which it was computed; ``None`` where nothing requires gradients.
        settings: how NumPy treats floating-point errors in it, where it differs from that of the caller.
        is_backward: whether it was written down after a sweep had begun.
        has_effect: whether it is computed in every call and at its place, for it draws, or writes into something.
        is_update: whether it belongs to an optimizer's step.
        is_statement: whether it is a statement of its own, and never a part of the expression that uses it.
    """

    __slots__ = (
        "_inputs", "args", "function", "has_effect", "is_backward", "is_statement", "is_update", "outputs", "params",
        "scope", "settings", "several",
    )  # fmt: skip

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], params: dict[str, Any]) -> None:
        self.function = function
        self.args = args
        self.params = params
        self.outputs: tuple[Variable, ...] = ()
        self.several = False
        self.scope: Any = None
        self.settings: dict[str, str] | None = None
        self.is_backward = self.has_effect = self.is_statement = self.is_update = False
        self._inputs: tuple[Variable, ...] | None = None

    def changed(self, function: Callable[..., Any], args: tuple[Any, ...], params: dict[str, Any]) -> Line:
        """Another call that computes the same outputs."""
        new = Line(function, args, params)
        new.outputs, new.several, new.settings = self.outputs, self.several, self.settings
        new.is_backward, new.has_effect = self.is_backward, self.has_effect
        new.is_statement, new.is_update = self.is_statement, self.is_update
        return new

    def inputs(self) -> tuple[Variable, ...]:
        """The variables that it is computed from, with repetitions."""
        if self._inputs is None:  # asked for often, and the arguments of a line stay what they are
            self._inputs = (*variables_in(self.args), *(variables_in(self.params) if self.params else ()))
        return self._inputs

    def __repr__(self) -> str:
        return f"<line {list(self.outputs)} = {self.function} {self.args} {self.params}>"


def variables_in(value: Any) -> Iterator[Variable]:
    """The variables in nested tuples, lists, dictionaries and slices."""
    kind = type(value)
    if kind is Variable:
        yield value
    elif kind is tuple or kind is list:
        for part in value:
            if type(part) is Variable:
                yield part
            elif type(part) in NESTED:
                yield from variables_in(part)
    elif kind is dict:
        if value:
            yield from variables_in(list(value.values()))
    elif kind is slice:
        yield from variables_in((value.start, value.stop, value.step))


def map_variables(value: Any, new: Callable[[Any], Any]) -> Any:
    """The same nested structure with `new` of each part that is none of these."""
    kind = type(value)
    if kind is tuple or kind is list:
        return kind([map_variables(part, new) if type(part) in NESTED else new(part) for part in value])
    if kind is dict:
        return {key: map_variables(part, new) for key, part in value.items()} if value else value
    if kind is slice:
        return slice(*[map_variables(part, new) for part in (value.start, value.stop, value.step)])
    return new(value)


def release(lines: list[Line]) -> None:
    """Empty a list of lines that have been written, and let their variables forget them.

    Lines know their variables, too. Without such cycles their memory is freed at once, and Python's garbage collector
    has nothing to look through.
    """
    for line in lines:
        for variable in line.outputs:
            if variable is not None:
                variable.line = None
    lines.clear()


NESTED = frozenset({tuple, list, dict, slice})
#: The types of single numbers that most recordings consist of.
NUMBERS = frozenset({np.float64, np.float32, np.bool_, float, bool, int, complex})
