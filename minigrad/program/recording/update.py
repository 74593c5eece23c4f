"""An optimizer's step as lines of a program: ``W1 -= lr * W1_bar`` writes into the parameter itself.

What an optimizer computes on the way may be written over by it, and is a new variable here. What stands for a parameter
or for a given array is written into: from then on it stands for another variable, which has the same name.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from minigrad.program.recording.lines import Line, Variable

if TYPE_CHECKING:
    from minigrad.program.recording.recording import Recording

__all__ = ["IN_PLACE", "Update"]

#: The operators that write into their first argument.
IN_PLACE: dict[Callable[..., Any], str] = {
    operator.iadd: "+=", operator.isub: "-=", operator.imul: "*=", operator.itruediv: "/=",
}  # fmt: skip
#: By their symbols: these, and those that compute the same as a new array.
_OPERATORS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "+": (operator.iadd, operator.add), "-": (operator.isub, operator.sub),
    "*": (operator.imul, operator.mul), "/": (operator.itruediv, operator.truediv),
}  # fmt: skip


class Update:
    """The steps of optimizers in a recording.

    Attributes:
        is_open: whether one is being recorded.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.is_open = False
        self._nonzero: set[Variable] = set()
        self._written: set[Variable] = set()

    def given(self, name: str, read: Callable[[], Any], like: Any) -> Any:
        """What stands for a number that is not 0, or for a dictionary of arrays, which each call reads anew."""
        outside = self._recording.outside
        if isinstance(like, dict):
            found = {key: self._recording._standing_for(value, Variable(value)) for key, value in like.items()}
            self._written.update(x.variable for x in found.values())
            outside.given.append((name, read, {key: x.variable for key, x in found.items()}))
            return found
        number = self._recording._standing_for(like, Variable(like))
        number.variable.names.append(name)
        self._nonzero.add(number.variable)
        outside.given.append((name, read, number.variable))
        return number

    def is_nonzero(self, variable: Variable) -> bool:
        """Whether it is known that a number is not 0 in any call."""
        return variable in self._nonzero

    def called(self, values: dict[str, Any]) -> None:
        """Name values."""
        for name, x in values.items():
            if hasattr(x, "__record__") and not x.variable.names:
                x.variable.names.append(name)

    @contextmanager
    def open(self, afterwards: Callable[[], None]) -> Iterator[None]:
        """Within, lines belong to an optimizer's step; what it has written into is not to be used after it."""
        self._recording.outside.afterwards.append(afterwards)
        self._written.update(found.variable for found in self._recording.outside.tensors.values())
        self.is_open = True
        try:
            yield
        finally:
            self.is_open = False
        lines = self._recording.lines
        self._recording._spent.update(line.outputs[0] for line in lines if line.function in IN_PLACE)

    def in_place(self, symbol: str, x: Any, other: Any) -> Any:
        """``x += other`` for what stands for an array, and what x is from now on."""
        writes, computes = _OPERATORS[symbol]
        if x.variable not in self._written:
            return self._recording.numpy_call(computes, (x, other), {})
        line = Line(writes, self._recording._split((x, other))[1], {})
        line.has_effect = line.is_update = True
        written = Variable(x._value, line)
        line.outputs = (written,)
        self._recording.lines.append(line)
        self._written.add(written)
        x.variable = written
        return x
