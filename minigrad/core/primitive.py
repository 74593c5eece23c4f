"""What an operation is, and the one place where a call of one is recorded.

A primitive has a forward function and, for each argument that has a derivative, one *rule*. The rule
turns the error signal of the output into the error signal of that argument, in the lectures' notation
(``y_bar`` is dL/dy)::

    sigmoid = Unary("sigmoid", kernels.sigmoid, lambda y_bar, y, x: y_bar * y * (1 - y))

Rules are ordinary NumPy code. What a rule gives depends on what it is called with: arrays give numbers
(the backward sweep), Tensors give a recorded graph (gradients of gradients), named values give the
formula (the derivation). A primitive is called in the same three ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from itertools import count
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from minigrad.core.axis_map import Axes
from minigrad.core.dispatch import numpy_functions
from minigrad.core.scope import current_scope
from minigrad.core.tensor import Tensor, new_output
from minigrad.core.validation import MISTAKES, NUMBERS, as_numbers, check_signal, renamed
from minigrad.device import refuse_mixed

__all__ = ["Binary", "Primitive", "Unary", "primitive", "primitives"]

Rule = Callable[..., Any]
_registry: dict[str, Primitive] = {}
_users: set[str] = set()  # names that were defined by the decorator, and may be defined again
_NO_PARAMS: dict[str, Any] = {}


def primitives() -> Iterator[Primitive]:
    """All primitives, in the order in which the tables define them."""
    yield from _registry.values()


class _RuleForEach:
    """The rules of an operation on any number of arguments."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __iter__(self) -> Iterator[Rule]:
        return (partial(self.rule, i) for i in count())


class Primitive:
    """A differentiable operation: arrays as positional arguments, everything else by keyword.

    Arguments:
        name: the public name, unique.
        forward: computes the output from arrays: ``forward(*arrays, **params)``.
        rules: one for each argument, in order: ``rule(y_bar, y, *arrays, **params)`` gives the error
            signal of that argument. Where broadcasting stretched an argument, the engine sums the
            result back to its shape; rules need not care.
        each: instead of `rules`, where any number of arguments is alike (concatenate, einsum): one rule that
            is told first which argument it is asked for, ``each(i, y_bar, y, *arrays, **params)``.
        saves: names of what `forward` returns beside the output, for the rules to receive by keyword
            (max-pooling keeps the index that took the max).
        symbol: how formulas write the operation (``σ``); the name if not given.
        derivative: how formulas write its derivative (``σ′``); written out by the rule if not given.
        numpy: the NumPy ufunc of the same meaning, if `forward` is not that ufunc itself.
        axes: how it treats the axes of its arguments, for receptive fields and parameter counts.

    Raises:
        ValueError: if there is a primitive of this name already.
    """

    #: Whether each element of the output depends on the same place of the inputs alone.
    elementwise = False
    axes: Axes | None = None

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        *rules: Rule,
        each: Rule | None = None,
        saves: tuple[str, ...] = (),
        symbol: str | None = None,
        derivative: str | None = None,
        numpy: np.ufunc | None = None,
        axes: Axes | None = None,
        doc: str | None = None,
    ) -> None:
        if name in _registry:
            raise ValueError(f"there is a primitive named {name!r} already; choose another name")
        self.name = name
        self.forward = forward
        self.rules: Iterable[Rule] = rules if each is None else _RuleForEach(each)
        self.saves = saves
        self.symbol = symbol or name
        self.derivative = derivative
        self.axes = axes or self.axes
        self.__name__ = name
        self.__doc__ = doc or f"`{name}` of the arguments, element by element."
        _registry[name] = self
        for function in (numpy, forward):
            if isinstance(function, np.ufunc):  # the first has it: another rule for np.exp leaves np.exp what it was
                numpy_functions.setdefault(function, self)
        if type(self).__call__ is not Primitive.__call__:
            self._fixed_arguments()

    def __call__(self, *args: Any, **params: Any) -> Any:
        values = []
        recorded = wanted = False
        for arg in args:
            if isinstance(arg, Tensor):
                recorded = True
                wanted = wanted or arg.requires_grad
                values.append(arg._data)
            elif hasattr(arg, "__apply__"):  # a named value: it writes the call down as a formula
                return arg.__apply__(self, args, params)
            else:
                value = as_numbers(arg, self.name, *args)
                if value is not arg:  # a nested list, which is recorded as the array that it stands for
                    return self(*[value if other is arg else other for other in args], **params)
                values.append(value)
        try:
            y = self.forward(*values, **params)
        except MISTAKES as error:
            raise self._named(error, values, *params.values()) from error
        if self.saves:
            y, *kept = y
            params = {**params, **dict(zip(self.saves, kept, strict=True))}
        if not recorded:
            return y
        return new_output(y, self, args, tuple(values), params, current_scope() if wanted else None)

    def _fixed_arguments(self) -> None:
        """Let Python call it by its name where the number of arguments is wrong: ``exp() missing 1 required …``.

        A check of the number within `__call__` would slow down every call by three per cent.
        """
        cls: Any = type(self)
        call = cls.__call__
        own = FunctionType(call.__code__, call.__globals__, self.name, call.__defaults__, call.__closure__)
        own.__qualname__ = self.name
        self.__class__ = type(cls.__name__, (cls,), {"__call__": own, "__doc__": cls.__doc__})

    def _named(self, error: Exception, values: Any, *params: Any) -> Exception:
        refuse_mixed(self.name, values, *params)  # which says what is wrong, if it is that
        return error if str(error).startswith(self.name) else renamed(error, self.name, tuple(values))

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """Behaves like a function here too: as an attribute of a class it is a method, ``Tensor.cbrt = mg.cbrt``."""
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"


def primitive(
    *rules: Rule,
    each: Rule | None = None,
    saves: tuple[str, ...] = (),
    symbol: str | None = None,
    derivative: str | None = None,
    axes: Axes | None = None,
) -> Callable[[Callable[..., Any]], Primitive]:
    """Decorator: a function of arrays with rules of your own, as an operation like any other.

    Arguments as those of `Primitive`; the operation has the function's name and docstring. A second definition
    of the same name, as when a cell of a notebook runs again, replaces the first. `check_grads` tells whether
    the rules are right.

    Raises:
        ValueError: if minigrad has an operation of this name.

    >>> import minigrad as mg
    >>> @mg.primitive(lambda y_bar, y, x: y_bar * 2 * x)
    ... def squared(x):
    ...     return x * x
    >>> mg.check_grads(squared, [1.0, -2.0])
    >>> float(mg.grad(squared)(3.0))
    6.0
    """

    def define(function: Callable[..., Any]) -> Primitive:
        name = function.__name__
        if name in _users:
            del _registry[name]
        how: Any = {"saves": saves, "symbol": symbol, "derivative": derivative, "axes": axes, "doc": function.__doc__}
        checked = [_checked(name, rule, i) for i, rule in enumerate(rules)]
        new = Primitive(name, function, *checked, each=each and _checked(name, each), **how)
        _users.add(name)
        return new

    return define


def _checked(name: str, rule: Rule, i: int | None = None) -> Rule:
    """A rule of a user's own, for argument `i` or told which: what it gives is looked at.

    The sweep itself looks at no single number, for it would cost each of them 4 per cent.
    """

    @wraps(rule)
    def checked(*args: Any, **params: Any) -> Any:
        x_bar = rule(*args, **params)
        x = args[2 + i] if i is not None else args[3 + args[0]]
        check_signal(x_bar, x, name)
        return np.asarray(x_bar, x.dtype)[()] if type(x_bar) in NUMBERS else x_bar

    return checked


def _complex_beside(x: Any, y: Any) -> Any:
    """The left one of two arguments: ``1j * np.float64(2)`` would be a number of Python's, without a dtype."""
    return np.complex128(x) if type(x) is complex and type(y) is np.float64 else x


class Unary(Primitive):
    """A primitive of one argument and no parameters, element by element, on a shorter path: scalars feel every step."""

    elementwise = True
    axes = Axes()

    def __call__(self, x: Any) -> Any:
        if isinstance(x, Tensor):
            value = x._data
            scope = current_scope() if x.requires_grad else None
            try:
                y = self.forward(value)
            except MISTAKES as error:
                raise self._named(error, (value,)) from error
            return new_output(y, self, (x,), (value,), _NO_PARAMS, scope)
        return super().__call__(x)


class Binary(Primitive):
    """A primitive of two arguments that broadcast together, element by element, and no parameters."""

    elementwise = True
    axes = Axes()

    def __call__(self, x: Any, y: Any) -> Any:
        if isinstance(x, Tensor):
            a = x._data
            if isinstance(y, Tensor):
                b = y._data
                wanted = x.requires_grad or y.requires_grad
            else:
                b = y = y if type(y) in NUMBERS else as_numbers(y, self.name, x)
                wanted = x.requires_grad
        elif isinstance(y, Tensor):
            a = x = x if type(x) in NUMBERS else as_numbers(x, self.name, y)
            b = y._data
            if type(a) is complex:
                a = _complex_beside(a, b)
            wanted = y.requires_grad
        else:
            if type(x) in NUMBERS and type(y) in NUMBERS:  # 1 / 0 is NumPy's ∞, and no error of Python's
                x = np.asarray(x)[()]
            return super().__call__(_complex_beside(x, y), y)
        try:
            z = self.forward(a, b)
        except MISTAKES as error:
            raise self._named(error, (a, b)) from error
        return new_output(z, self, (x, y), (a, b), _NO_PARAMS, current_scope() if wanted else None)
