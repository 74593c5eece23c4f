"""Primitives: what an operation is, and the one place where its calls are recorded.

A primitive has a forward function and, for each argument that has a derivative, one *rule*. The rule
turns the error signal of the output into the error signal of that argument, in the lectures' notation
(``y_bar`` is dL/dy)::

    sigmoid = Unary("sigmoid", kernels.sigmoid, lambda y_bar, y, x: y_bar * y * (1 - y))

Rules are ordinary NumPy code. What a rule returns depends on its arguments: arrays give numbers (the backward
sweep), Tensors a recorded graph (gradients of gradients), symbolic values the formula (the derivation). A
primitive is called in the same three ways.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial, update_wrapper
from importlib import import_module
from inspect import Parameter, Signature, isfunction, signature
from itertools import count
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from minigrad.array_checks import NUMERIC
from minigrad.axis_map import Axes
from minigrad.core.dispatch import numpy_functions
from minigrad.core.recording.scopes import recordings, records_arrays
from minigrad.core.tensor import Tensor, new_output
from minigrad.core.validation import (
    MISTAKES,
    NUMBERS,
    as_numbers,
    checked_forward,
    checked_rule,
    is_number,
    missing_rule,
    name_error,
    positional_arguments,
)
from minigrad.device import refuse_mixed, to_device_of
from minigrad.kernels.complex import left_operand
from minigrad.recorder import recorder_of

__all__ = ["Binary", "Primitive", "Unary", "primitive", "primitives"]

Rule = Callable[..., Any]
_NO_PARAMS: dict[str, Any] = {}
_array = np.ndarray

#: Every primitive by its registered name: minigrad's by its name alone (``exp``), a user's with the module that
#: defines it (``my_project.losses.huber``). A user's primitive may so be called as one of minigrad's, now or later.
_registry: dict[str, Primitive] = {}


def primitives() -> Iterator[Primitive]:
    """All primitives, in the order of their definition."""
    yield from _registry.values()


def _register(primitive: Primitive) -> None:
    name = _registered_name(primitive)
    if name in _registry and "." not in name:
        raise ValueError(f"there is a primitive named {name!r} already; choose another name")
    _registry.pop(name, None)  # a cell of a notebook that runs again defines it anew
    _registry[name] = primitive


def _registered_name(primitive: Primitive) -> str:
    return primitive.name if _ours(primitive) else f"{primitive.__module__}.{primitive.name}"


def _ours(primitive: Primitive) -> bool:
    """Whether it is one of minigrad's own, whose rules the tests check."""
    return primitive.__module__.split(".")[0] == "minigrad"


def _registered(name: str) -> Primitive:
    """The primitive that `pickle` stored by its registered name.

    Raises:
        LookupError: if there is none.
    """
    module = name.rpartition(".")[0]
    if name not in _registry and module:
        with suppress(ImportError):
            import_module(module)  # which defines it
    if name not in _registry:
        hint = "run its definition first" if module else "another version of minigrad stored it"
        raise LookupError(f"pickle: no operation is registered as {name!r}; {hint}")
    return _registry[name]


def _signature(primitive: Primitive, as_array: Any) -> Signature:
    """How an operation is called: its arrays by position, then the parameters of its forward function by keyword."""
    forward, rules = primitive.forward, primitive.rules
    parameters = list(signature(forward).parameters.values()) if isfunction(forward) else []
    counted = primitive._arguments is not None and any(p.kind is Parameter.VAR_POSITIONAL for p in parameters)
    if counted or not parameters:  # a ufunc has x1 and x2, or no names; the rules have better ones
        rule = next(iter(rules), lambda y_bar, y, *arrays: y_bar)
        parameters = [p for p in list(signature(rule).parameters.values())[2:] if p.name not in primitive.saves]
    any_number = any(p.kind is Parameter.VAR_POSITIONAL for p in parameters)
    arrays = 0 if any_number else len(parameters) if primitive.differentiable is None else primitive.differentiable
    kinds = [
        p.kind
        if any_number or p.kind is not Parameter.POSITIONAL_OR_KEYWORD
        else as_array
        if i < arrays
        else Parameter.KEYWORD_ONLY
        for i, p in enumerate(parameters)
    ]
    return Signature([Parameter(p.name, kind, default=p.default) for p, kind in zip(parameters, kinds, strict=True)])


class _LazySignature:
    """The `__signature__` of an operation, computed when asked for: all of them would take 4 ms at import."""

    def __get__(self, instance: Primitive | None, owner: type) -> Signature:
        if instance is None:  # the class itself has the signature of its constructor
            raise AttributeError("__signature__")
        instance.__dict__["__signature__"] = found = _signature(instance, instance._as_array)
        return found


class _RuleForEach:
    """The rules of an operation on any number of arguments."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __iter__(self) -> Iterator[Rule]:
        return (partial(self.rule, i) for i in count())


def _complete(primitive: Primitive, rules: tuple[Rule | None, ...], each: Rule | None) -> Iterable[Rule]:
    """A rule for each argument: where there is none, an error in its place. Without it the gradient would be 0."""
    name = primitive.name
    if each is not None:
        if rules:
            raise TypeError(f"{name}: got rules and each=, expected one rule for each argument, or each= for all")
        return _RuleForEach(each if _ours(primitive) else checked_rule(name, each))
    arguments = primitive._arguments or positional_arguments(primitive.forward)
    if arguments is not None and len(rules) > arguments:
        raise TypeError(
            f"{name}: got {len(rules)} rules, expected at most {arguments}, one for each argument that is passed by "
            "position; a parameter, passed by keyword, has none"
        )
    if _ours(primitive):
        return tuple(rule or missing_rule(name, i) for i, rule in enumerate(rules))
    given = [checked_rule(name, rule, i) if rule else missing_rule(name, i) for i, rule in enumerate(rules)]
    if arguments is None:  # any number
        return _RuleForEach(
            lambda i, *args, **params: (given[i] if i < len(given) else missing_rule(name, i))(*args, **params)
        )
    return (*given, *[missing_rule(name, i) for i in range(len(given), arguments)])


def _named_class(cls: Any, name: str) -> type:
    """A class whose errors for a wrong number of arguments name the operation: ``exp() missing 1 required …``.

    The name is that of the function `__call__`, and Python looks it up in the class: so each `Unary` and `Binary` has a
    class of its own. To accept any number in `__call__` and refuse it there makes t * t 3 per cent slower; so would
    attributes of an object whose class was changed after its construction.
    """
    call = cls.__call__
    named = FunctionType(call.__code__, call.__globals__, name, call.__defaults__, call.__closure__)
    named.__qualname__ = name
    return type(cls.__name__, (cls,), {"__call__": named, "__doc__": cls.__doc__})


class Primitive:
    """A differentiable operation: arrays as positional arguments, everything else by keyword.

    Arguments:
        name: how formulas and errors call it. A user's primitive may have any name, also that of an operation that
            minigrad has now or later: each stays what it is. A second definition in the same module replaces the first.
        forward: computes the output from arrays: ``forward(*arrays, **params)``.
        rules: one for each argument, in order: ``rule(y_bar, y, *arrays, **params)`` returns the error
            signal of that argument. Rules may ignore broadcasting: the engine sums the error signal of an
            argument that was stretched back to its shape. ``None``, or no rule, for an argument that is a constant:
            whoever asks for its gradient gets a NotImplementedError.
        each: instead of `rules`, one rule for any number of arguments (concatenate, einsum); it
            receives the argument's position first, ``each(i, y_bar, y, *arrays, **params)``.
        as_list: whether `forward` and `each` receive the arrays as one list: ``forward(arrays, **params)`` and
            ``each(i, y_bar, y, arrays, **params)``. Handing n arrays one by one to n rules would take n² steps.
        linear: whether the output is linear in all arguments together, as a sum or a slice is. Forward mode then
            calls the operation itself with the tangents.
        saves: names of what `forward` returns after the output, passed to the rules by keyword
            (max-pooling saves the index of each maximum).
        symbol: how formulas write the operation (``σ``); the name if not given.
        derivative: how formulas write its derivative (``σ′``); written out by the rule if not given.
        numpy: the NumPy ufunc of the same meaning, if `forward` is not that ufunc itself.
        axes: how it treats the axes of its arguments, for receptive fields and parameter counts.
        doc: the docstring.
        module: where it is defined, which `pickle` asks for; the caller's module if not given.

    Attributes:
        differentiable: the number of its arguments that may have a rule; ``None`` with `each`.

    Raises:
        TypeError: if there are more rules than arguments, or both `rules` and `each`.
    """

    #: Whether each element of the output depends only on the inputs' elements at the same position.
    elementwise = False
    #: The parameter that holds a graph of its own: its ``calls`` are the operations there, and the rules take
    #: ``changed``, the rules for it. So is it for `checkpoint`.
    nested: str | None = None
    axes: Axes | None = None
    _arguments: int | None = None  # that of `forward` if None

    __signature__ = _LazySignature()
    _as_array: Any = Parameter.POSITIONAL_ONLY  # how its signature passes arrays

    def __new__(cls, name: str, *_: Any, **__: Any) -> Primitive:
        return super().__new__(cls if cls.__call__ is Primitive.__call__ else _named_class(cls, name))

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        *rules: Rule | None,
        each: Rule | None = None,
        as_list: bool = False,
        linear: bool = False,
        saves: tuple[str, ...] = (),
        symbol: str | None = None,
        derivative: str | None = None,
        numpy: np.ufunc | None = None,
        axes: Axes | None = None,
        doc: str | None = None,
        module: str | None = None,
    ) -> None:
        self.name = name
        self.as_list = as_list
        self.linear = linear
        self.saves = saves
        self.symbol, self.derivative = symbol or name, derivative
        self.axes = axes or self.axes
        self.__name__ = self.__qualname__ = name
        self.__module__ = module or sys._getframe(1).f_globals.get("__name__") or "__main__"
        self.differentiable = len(rules) if each is None else None
        self.forward = forward
        self.rules: Iterable[Rule] = _complete(self, rules, each)
        if not _ours(self) and not isinstance(forward, np.ufunc):
            self.forward = checked_forward(name, forward, saves)
        self.__doc__ = doc or f"`{name}` of the arguments{', element by element' if self.elementwise else ''}."
        _register(self)
        for function in (numpy, forward):
            if isinstance(function, np.ufunc):  # the first one: np.exp stays mg.exp, whoever writes another rule for it
                numpy_functions.setdefault(function, self)

    def __call__(self, *args: Any, **params: Any) -> Any:
        values = []
        recorded = needs_grad = False
        for arg in args:
            if isinstance(arg, Tensor):
                recorded = True
                needs_grad = needs_grad or arg._requires_grad
                values.append(arg._data)
            elif type(arg) is _array and arg.dtype.kind in NUMERIC:  # the usual constant: nothing more to ask of it
                values.append(arg)
            elif hasattr(arg, "__apply__"):  # a symbolic value: it writes the call down as a formula
                return arg.__apply__(self, args, params)
            else:
                value = as_numbers(arg, self.name, args)
                if value is not arg:  # a nested list, recorded as an array
                    return self(*[value if other is arg else other for other in args], **params)
                values.append(value)
        arrays = (values,) if self.as_list else tuple(values)
        try:
            y = self.forward(*arrays, **params) if params else self.forward(*arrays)
        except MISTAKES as error:
            y = self._recorded(error, args, params)
        if self.saves:
            y, *saved = y
            params = {**params, **dict(zip(self.saves, saved, strict=True))}
        if not recorded and not (recordings and records_arrays()):
            return y
        return new_output(y, self, args, arrays, params, needs_grad)

    def packed(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The arrays as `forward` and the rules receive them: one by one, or as one list."""
        return (values,) if self.as_list else tuple(values)

    def keywords(self, params: dict[str, Any] | None) -> dict[str, Any]:
        """The keywords of a recorded call, without what its forward pass saved for the rules."""
        return {key: value for key, value in (params or {}).items() if key not in self.saves}

    def _recorded(self, error: Exception, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """A line of a program, where an array is being recorded that has no numbers; else raise the error, named."""
        values = [arg._data if isinstance(arg, Tensor) else arg for arg in args]
        if (recorder := recorder_of(*values, *params.values())) is None:
            raise self._named(error, values, *params.values()) from error
        return recorder.__record__(self, args, params)

    def _named(self, error: Exception, values: Any, *params: Any) -> Exception:
        refuse_mixed(self.name, values, *params)  # raises the better message
        return error if str(error).startswith(self.name) else name_error(error, self.name, tuple(values))

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """Makes it a method as an attribute of a class, as for functions: ``Tensor.cbrt = mg.cbrt``."""
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> Any:
        """For `pickle` and `copy`: the registered name, which leads back to this same object."""
        return _registered, (_registered_name(self),)


def primitive(
    *rules: Rule | None,
    each: Rule | None = None,
    saves: tuple[str, ...] = (),
    symbol: str | None = None,
    derivative: str | None = None,
    axes: Axes | None = None,
) -> Callable[[Callable[..., Any]], Primitive]:
    """Decorator: a function of arrays with rules of your own, as an operation like any other.

    Arguments as those of `Primitive`; the operation has the function's name, signature and docstring. The name may
    be any, also that of an operation that minigrad has now or later: ``mg.exp`` stays what it is beside an ``exp``
    of yours. A second definition in the same module, as when a cell of a notebook runs again, replaces the first.
    `pickle` stores the operation by its module and name. `check_grads` tells whether the rules are right.

    >>> import minigrad as mg
    >>> @mg.primitive(lambda y_bar, y, x: y_bar * 2 * x)
    ... def squared(x):
    ...     return x * x
    >>> mg.check_grads(squared, [1.0, -2.0])
    >>> float(mg.grad(squared)(3.0))
    6.0
    """

    def define(function: Callable[..., Any]) -> Primitive:
        module = getattr(function, "__module__", None) or sys._getframe(1).f_globals.get("__name__") or "__main__"
        settings: Any = {"each": each, "saves": saves, "symbol": symbol, "derivative": derivative, "axes": axes}
        new = Primitive(function.__name__, function, *rules, **settings, module=module)
        update_wrapper(new, function, updated=()).__module__ = module  # `exec` may define a function of no module
        return new

    return define


class Unary(Primitive):
    """A primitive of one argument and no parameters, element by element; a short path, for scalars feel every step."""

    elementwise = True
    axes = Axes()
    _arguments = 1
    _as_array = Parameter.POSITIONAL_OR_KEYWORD

    def __call__(self, x: Any) -> Any:
        if isinstance(x, Tensor):
            value = x._data
            try:
                y = self.forward(value)
            except MISTAKES as error:
                y = self._recorded(error, (x,), _NO_PARAMS)
            return new_output(y, self, (x,), (value,), _NO_PARAMS, x._requires_grad)
        return super().__call__(x)


class Binary(Primitive):
    """A primitive of two arguments that broadcast together, element by element, and no parameters."""

    elementwise = True
    axes = Axes()
    _arguments = 2
    _as_array = Parameter.POSITIONAL_OR_KEYWORD

    def __call__(self, x: Any, y: Any) -> Any:
        if isinstance(x, Tensor):
            a = x._data
            if isinstance(y, Tensor):
                b = y._data
                needs_grad = x._requires_grad or y._requires_grad
            else:
                b = y = y if type(y) in NUMBERS else as_numbers(y, self.name, (x,))
                needs_grad = x._requires_grad
        elif isinstance(y, Tensor):
            a = x = x if type(x) in NUMBERS else as_numbers(x, self.name, (y,))
            b = y._data
            if type(a) is complex:
                a = left_operand(a, b)
            needs_grad = y._requires_grad
        else:
            if not hasattr(x, "dtype") and is_number(x) and is_number(y):  # 1 / 0 is ∞, as in NumPy, and no error
                x = to_device_of(x)
            return super().__call__(left_operand(x, y), y)
        try:
            z = self.forward(a, b)
        except MISTAKES as error:
            z = self._recorded(error, (x, y), _NO_PARAMS)
        return new_output(z, self, (x, y), (a, b), _NO_PARAMS, needs_grad)
