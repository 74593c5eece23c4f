"""A recording: one call of a function, of which every line is written down while it computes."""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minigrad.core.named_scope import innermost
from minigrad.core.primitive import Primitive, _ours
from minigrad.core.tensor import Tensor
from minigrad.core.validation import MISTAKES
from minigrad.device import device_of, is_array, to_host
from minigrad.notation import operations as ops
from minigrad.program.recording.asked import (
    asks_for_itself,
    base,
    note_error,
    note_outside,
    recording_begins,
    refuse,
    refuse_always,
    refuse_within_operation,
)
from minigrad.program.recording.layers import name_normalized
from minigrad.program.recording.lines import NESTED, NUMBERS, Line, Variable, variables_in
from minigrad.program.recording.naming import Naming
from minigrad.program.recording.numpy_calls import (
    SPLITTING,
    attribute,
    index_selects,
    is_whole,
    method,
    shape_depends_on_numbers,
)
from minigrad.program.recording.outside import Outside
from minigrad.program.recording.recorded import RECORDED, Recorded, RecordedNumber, RecordedOnGPU
from minigrad.program.recording.threads import recording_turn
from minigrad.program.recording.update import Update
from minigrad.program.runtime import expect, expect_shape
from minigrad.program.simplify.memory import copy_in_place
from minigrad.recorder.outside import own_writer, writing
from minigrad.rules.manipulation.join import concatenation

__all__ = ["Recording", "variable_of"]


_VALUES = (np.ndarray, np.generic, bool, int, float, complex)  # constants: a union would be built at every call
_CALLERS = dict.fromkeys(np.geterr(), "call")


class Recording:
    """The lines of a program that is being written.

    Arguments:
        named: whether to look for the names of the user's variables.
        known: the Tensors outside that an earlier recording has found, with their names.
        readable: whether the steps of optimizers are written out.

    Attributes:
        inputs: the variables of the arguments.
        lines: in the order in which they were computed.
        outside: the Tensors outside, and what else the program depends on.
        unknown: an error for each value that was computed from such a Tensor before it was found.
    """

    def __init__(self, named: bool = True, known: dict[Tensor, str] | None = None, readable: bool = False) -> None:
        self._naming = Naming(variable_of) if named else None
        self.outside = Outside(known or {})
        self.unknown: list[RuntimeError] = []
        self.readable, self.update = readable, Update(self)
        self._spent: set[Variable] = set()
        self.inputs: list[Variable] = []
        self.lines: list[Line] = []
        self._constants: dict[int, tuple[Any, Any]] = {}
        self._in_sweep = False
        self.repeats = 0  # of parts of the forward pass for the backward pass, in one another

    def input(self, value: Any, name: str) -> RecordedNumber:
        """What stands for an argument, or for the value of a Tensor outside."""
        variable = Variable(value)
        variable.names.append(name)
        self.inputs.append(variable)
        return self._standing_for(value, variable)

    @base
    def run(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The result of the function, of what stands for its arguments."""
        # The caller's settings of floating-point errors hold when the program runs: here "call" stands for them.
        with writing(self), recording_begins() as self.unknown, np.errstate(all="call", call=_silent):
            try:
                self.outside.begin(self)
                result = function(*args, **kwargs)
                for part in _parts(result):
                    note_outside(part)
                self.outside.note_nameless(self.lines)
                self.outside.refuse_changed()
                if self._naming is not None:
                    self._naming.end()
                return result
            finally:
                self.outside.end()

    @staticmethod
    def wait() -> None:
        """Wait, in another thread, until it is finished."""
        recording_turn.wait()

    # ------------------------------------------------------------------ what is outside

    def entered(self, label: Any) -> None:
        """A scope was entered."""
        self.outside.entered(label, self)

    def grad_is_set(self, tensor: Tensor) -> None:
        """The `grad` of a Tensor is about to be set or reset."""
        self.outside.grad_is_set(tensor, self)

    def holds_while(self, condition: Callable[[], bool]) -> None:
        """The program holds while a condition does."""
        self.outside.conditions.append(condition)

    def effect(self, function: Callable[..., Any], args: tuple[Any, ...], written: list[Tensor]) -> None:
        """A call that writes into Tensors outside; a line without a result."""
        plain = [x._data if isinstance(x, Tensor) else x for x in args]
        line = Line(function, tuple(self._split(plain)[1]), {})
        line.has_effect = True
        self.lines.append(line)
        for tensor in written:
            if isinstance(tensor._data, RecordedNumber):
                self._spent.add(tensor._data.variable)

    def drawn(self, function: Callable[..., Any], args: tuple[Any, ...], like: Any) -> Any:
        """Random numbers, drawn anew in each call of the program."""
        if self.repeats:
            refuse_always(
                "random numbers are drawn in the backward pass, as by mg.checkpoint, which computes a layer again",
                "leave out mg.checkpoint around layers that draw",
            )
        line = Line(function, self._split(args)[1], {})
        line.has_effect = True
        self.lines.append(line)
        return self._result(line, like, [])

    # ------------------------------------------------------------------ names

    def note_signal(self, x: Tensor, x_bar: Any) -> None:
        """A sweep has completed the error signal of a Tensor."""
        of, signal = variable_of(x), variable_of(x_bar)
        if of is not None and not self._in_sweep:
            self._in_sweep = True
            if not of.names:
                of.names.append(x.name or "L")
        if of is not None and signal is not None:
            signal.signal_of[of] = None

    # ------------------------------------------------------------------ the lines

    def numpy_call(self, function: Callable[..., Any], args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """A call of a function of NumPy or an operator."""
        refuse_within_operation()
        if function in SPLITTING:
            args, params = tuple(map(self._fixed, args)), {key: self._fixed(x) for key, x in params.items()}
        return self._checked_line(function, args, params)

    def getitem(self, x: Recorded, index: Any) -> Any:
        """``x[index]``."""
        refuse_within_operation()
        return self._checked_line(operator.getitem, (x, index), {})

    def method(self, name: str, x: RecordedNumber, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """``x.name(*args, **params)``."""
        refuse_within_operation()
        return self._checked_line(method(name), (x, *args), params)

    def attribute(self, name: str, x: RecordedNumber) -> Any:
        """``x.name``."""
        refuse_within_operation()
        return self._line(attribute(name), (x,), {}, attribute(name))

    def operation(self, function: Callable[..., Any], args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """A call of an operation of minigrad, on arrays and Tensors."""
        for x in args:
            note_outside(x)
        if function is ops.standardize or function is ops.affine:
            name_normalized([variable_of(x) for x in args])
        args = tuple(x._data if isinstance(x, Tensor) else x for x in args)
        if isinstance(function, Primitive):
            args = function.packed(args)
        compute = function.forward if isinstance(function, Primitive) else function
        try:
            result = self._line(function, args, params, compute)
        except MISTAKES as error:
            if isinstance(function, Primitive):
                values, settings = self._split(args)[0], self._split(params)[0]
                raise function._named(error, values, *settings.values()) from error
            raise
        if _shape_may_follow(function, self.lines[-1].params):
            self._expect_shape(result)
        return result

    def static(self, function: Callable[..., Any], args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """What follows from shapes and dtypes alone."""
        return function(*self._split(args)[0], **self._split(params)[0])

    def asked(self, x: RecordedNumber, kind: type | None, what: str) -> Any:
        """The number itself, for an operation that looks at its arguments: the program holds while it is the same.

        Raises:
            RuntimeError: if the user's line asks.
        """
        if kind is bool and self.update.is_nonzero(x.variable):
            return True
        refuse_within_operation()
        if not asks_for_itself():
            of_int = ", or pass int(n), for each value of which a program is written" * (kind is int)
            refuse(f"{what} asks for a number that depends on an argument", _WAY_OUT + of_int)
        value = x._value.item() if hasattr(x._value, "item") else x._value
        variable = x.variable
        if kind is not None and type(value) is not kind:
            value = kind(value)
            line = Line(kind, (variable,), {})
            line.outputs = (Variable(value, line),)
            self.lines.append(line)
            variable = line.outputs[0]
        self.lines.append(Line(expect, (variable, value), {}))
        return value

    def _fixed(self, x: Any) -> Any:
        """A single whole number as it is now: the program holds while it is the same."""
        if type(x) not in RECORDED or x.variable.shape or not is_whole(x.variable):
            return x
        value = int(self._value(x))
        self.lines.append(Line(expect, (x.variable, value), {}))
        return value

    # ------------------------------------------------------------------ one line

    def _line(self, function: Any, args: tuple[Any, ...], params: dict[str, Any], compute: Callable[..., Any]) -> Any:
        if self._naming is not None:
            self._naming.look(sys._getframe(2), Recording.run.__code__)
        values, variables = self._split(args)
        settings, variable_params = self._split(params) if params else (params, params)
        try:
            result = compute(*values, **settings)
        except Exception as error:
            note_error(error)
            raise
        line = Line(function, variables, variable_params)
        line.is_backward, line.is_update = self._in_sweep, self.update.is_open
        line.scope = innermost()[0]
        floating: Any = np.geterr()
        if floating != _CALLERS:
            line.settings = {kind: how for kind, how in floating.items() if how != "call"}
        self.lines.append(line)
        if type(result) in NUMBERS:
            variable = Variable(result, line)
            line.outputs = (variable,)
            return self._standing_for(result, variable)
        if function is concatenation:  # saves where each array ends, which follows from the shapes
            return self._result(line, result[0], []), result[1]
        given = [x for x in _parts((values, settings)) if is_array(x)]
        if not isinstance(result, tuple | list):
            return self._result(line, result, given)
        line.several = True
        parts = [self._result(line, part, given) for part in result]
        return type(result)(*parts) if hasattr(result, "_fields") else type(result)(parts)

    def _checked_line(self, function: Callable[..., Any], args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """A call of a function of NumPy, and a check of the result's shape if that may depend on numbers."""
        result = self._line(function, args, params, function)
        line = self.lines[-1]
        if shape_depends_on_numbers(function, line.args, line.params):
            self._expect_shape(result)
        return result

    def _result(self, line: Line, value: Any, given: list[Any]) -> Any:
        if value is None and line.several:
            line.outputs += (Variable(None, line),)  # an error signal that is not asked for
            return None
        if not isinstance(value, _VALUES) and not is_array(value):
            refuse(f"{getattr(line.function, '__name__', line.function)} gives a {type(value).__name__}", _WAY_OUT)
        variable = Variable(value, line)
        variable.is_view = _is_view(value, given)
        line.outputs += (variable,)
        return self._standing_for(value, variable)

    def _standing_for(self, value: Any, variable: Variable) -> RecordedNumber:
        if variable.device != "cpu":
            return RecordedOnGPU(value, variable, self)
        kind = RecordedNumber if variable.dtype is None else Recorded
        return kind(value, variable, self)

    def _expect_shape(self, result: Any) -> None:
        for part in result if isinstance(result, tuple | list) else (result,):
            if isinstance(part, Recorded):
                self.lines.append(Line(expect_shape, (part.variable, part.shape), {}))

    def _split(self, parts: Any) -> tuple[Any, Any]:
        """A tuple, list, dictionary or slice of arguments: with the values, and with the variables of the program."""
        if type(parts) is dict:
            values, variables = self._split([*parts.values()])
            return dict(zip(parts, values, strict=True)), dict(zip(parts, variables, strict=True))
        if type(parts) is slice:
            values, variables = self._split([parts.start, parts.stop, parts.step])
            return slice(*values), slice(*variables)
        values, variables = [], []
        usual = own_writer() is self and not self._spent
        for part in parts:
            kind = type(part)
            value = variable = part
            if kind in RECORDED:
                value = part._value if usual and part._recording is self else self._value(part)
                variable = part.variable
            elif kind in NESTED:
                value, variable = self._split(part)
            elif is_array(part):
                variable = self._constant(part)
            elif isinstance(part, Tensor):
                refuse("a Tensor is given to a function of plain arrays", "call the function of mg")
            values.append(value)
            variables.append(variable)
        return (values, variables) if type(parts) is list else (tuple(values), tuple(variables))

    def result(self, x: Any) -> Any:
        """What the program returns for a part of the result: a variable, or a constant."""
        value = x._data if isinstance(x, Tensor) else x
        if isinstance(value, RecordedNumber):
            return value.variable
        return self._constant(value) if is_array(value) else value

    def _constant(self, array: Any) -> Any:
        """A copy of an array that is not computed from arguments, as it is now: it may be written into later.

        It lies in memory in the same way, for sums and products depend on that in their last digits.
        """
        known, copy = self._constants.get(id(array), (None, None))
        if known is not array or to_host(copy).tobytes() != to_host(array).tobytes():
            copy = copy_in_place(array)
            self._constants[id(array)] = array, copy
        return copy

    def _value(self, x: RecordedNumber) -> Any:
        if x._recording is not self or own_writer() is not self:
            refuse_always(
                "an array of another recording is used",
                "keep nothing that is computed in a variable outside, compute in the thread that calls the compiled "
                "function, and let no other thread compile the same model",
            )
        if x.variable in self._spent:
            refuse_always("a parameter is used after an optimizer changed it", "let the update be the last thing")
        return x._value


def _silent(_error: str, _flag: int) -> None:
    """Nothing is said of floating-point errors while a program is recorded; it says so itself when it runs."""


def _shape_may_follow(function: Any, params: Any) -> bool:
    """Whether the shape of what an operation returns may follow from numbers, and not from shapes alone."""
    if not isinstance(function, Primitive):
        return any(map(is_whole, variables_in(params)))
    if not _ours(function):
        return not function.elementwise
    if function is ops.getitem:
        return index_selects(params["index"])
    return any(v.dtype == bool or function is ops.repeat or (is_whole(v) and not v.shape) for v in variables_in(params))


def variable_of(x: Any) -> Variable | None:
    """The variable of a Tensor or of an array that is being recorded."""
    if type(x) not in RECORDED:  # whose class is said to be that of an array
        x = x._data if isinstance(x, Tensor) else None
    return x.variable if type(x) in RECORDED else None


def _is_view(value: Any, given: list[Any]) -> bool:
    """Whether a result shares memory with an argument."""
    if not given or not is_array(value):
        return False
    return any(device_of(x) == device_of(value) and np.may_share_memory(value, x) for x in given)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for part in value:
            yield from _parts(part)
    elif isinstance(value, dict):
        yield from _parts(list(value.values()))
    else:
        yield value


_WAY_OUT = (
    "choose between arrays by mg.where(condition, a, b) or mg.select(conditions, arrays), which are lines of the "
    "program, or compute it outside of the compiled function"
)
