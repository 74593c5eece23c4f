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
from functools import partial
from itertools import count
from types import MethodType
from typing import Any

import numpy as np

from minigrad.arrays import beside, refuse_mixed
from minigrad.dispatch import numpy_functions
from minigrad.recording import current_scope
from minigrad.tensor import Tensor, made

__all__ = ["Binary", "Primitive", "Unary", "primitive", "primitives"]

Rule = Callable[..., Any]

_registry: dict[str, Primitive] = {}
_users: set[str] = set()  # names that were defined by the decorator, and may be defined again

_NO_PARAMS: dict[str, Any] = {}
_NESTED = (list, tuple, np.matrix)  # no arrays yet; written once: ``list | tuple`` would be built anew at every call


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
        keeps: names of what `forward` returns beside the output, for the rules to receive by keyword
            (max-pooling keeps the index that took the max).
        symbol: how formulas write the operation (``σ``); the name if not given.
        derivative: how formulas write its derivative (``σ′``); written out by the rule if not given.
        numpy: the NumPy ufunc of the same meaning, if `forward` is not that ufunc itself.

    Raises:
        ValueError: if there is a primitive of this name already.
    """

    #: Whether each element of the output depends on the same place of the inputs alone.
    elementwise = False

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        *rules: Rule,
        each: Rule | None = None,
        keeps: tuple[str, ...] = (),
        symbol: str | None = None,
        derivative: str | None = None,
        numpy: np.ufunc | None = None,
        doc: str | None = None,
    ) -> None:
        if name in _registry:
            raise ValueError(f"there is a primitive named {name!r} already; choose another name")
        self.name = name
        self.forward = forward
        self.rules: Iterable[Rule] = rules if each is None else _RuleForEach(each)
        self.keeps = keeps
        self.symbol = symbol or name
        self.derivative = derivative
        self.__name__ = name
        self.__doc__ = doc or f"`{name}` of the arguments, element by element."
        _registry[name] = self
        for function in (numpy, forward):
            if isinstance(function, np.ufunc):
                numpy_functions[function] = self

    def __call__(self, *args: Any, **params: Any) -> Any:
        values = []
        recorded = wanted = False
        for arg in args:
            if isinstance(arg, Tensor):
                recorded = True
                wanted = wanted or arg.requires_grad
                values.append(arg._data)
            elif isinstance(arg, _NESTED):
                arrays = [_array(arg, self.name, *args) if isinstance(arg, _NESTED) else arg for arg in args]
                return self(*arrays, **params)
            elif hasattr(arg, "__apply__"):  # a named value: it writes the call down as a formula
                return arg.__apply__(self, args, params)
            else:
                values.append(arg)
        try:
            y = self.forward(*values, **params)
        except Exception:
            refuse_mixed(self.name, values, *params.values())  # which says what is wrong, if it is that
            raise
        if self.keeps:
            y, *kept = y
            params = {**params, **dict(zip(self.keeps, kept, strict=True))}
        if not recorded:
            return y
        return made(y, self, args, tuple(values), params, current_scope() if wanted else None)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """Behaves like a function here too: as an attribute of a class it is a method, ``Tensor.cbrt = mg.cbrt``."""
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"


def primitive(
    *rules: Rule,
    each: Rule | None = None,
    keeps: tuple[str, ...] = (),
    symbol: str | None = None,
    derivative: str | None = None,
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
        how: Any = {"each": each, "keeps": keeps, "symbol": symbol, "derivative": derivative}
        new = Primitive(name, function, *rules, **how, doc=function.__doc__)
        _users.add(name)
        return new

    return define


def _array(nested: Any, name: str, *others: Any) -> Any:
    """A nested list of numbers as an array, on a GPU if one of the other arguments is.

    Raises:
        TypeError: if there is a Tensor in it, which an array would cut from its graph; for an ``np.matrix``.
    """
    if isinstance(nested, np.matrix):
        raise TypeError(
            f"{name}: got an np.matrix, whose * is a matrix product; write np.asarray(m), and @ for products"
        )
    if isinstance(nested, list | tuple) and any(isinstance(part, Tensor) for part in nested):
        raise TypeError(
            f"{name}: got a {type(nested).__name__} that holds Tensors, expected a Tensor, an array or numbers; "
            "make one Tensor of them: mg.stack([a, b])"
        )
    return beside(nested, *others)


def _complex_beside(x: Any, y: Any) -> Any:
    """The left one of two arguments: ``1j * np.float64(2)`` would be a number of Python's, without a dtype."""
    return np.complex128(x) if type(x) is complex and type(y) is np.float64 else x


class Unary(Primitive):
    """A primitive of one argument and no parameters, element by element, on a shorter path: scalars feel every step."""

    elementwise = True

    def __call__(self, x: Any) -> Any:
        if isinstance(x, Tensor):
            value = x._data
            scope = current_scope() if x.requires_grad else None
            return made(self.forward(value), self, (x,), (value,), _NO_PARAMS, scope)
        return super().__call__(x)


class Binary(Primitive):
    """A primitive of two arguments that broadcast together, element by element, and no parameters."""

    elementwise = True

    def __call__(self, x: Any, y: Any) -> Any:
        if isinstance(x, Tensor):
            a = x._data
            if isinstance(y, Tensor):
                b = y._data
                wanted = x.requires_grad or y.requires_grad
            elif isinstance(y, _NESTED):  # 2 * [1, 2] would repeat the list
                return self(x, _array(y, self.name, x))
            else:
                b = y
                wanted = x.requires_grad
        elif isinstance(y, Tensor) and not isinstance(x, _NESTED):
            a, b = x, y._data
            if type(a) is complex:
                a = _complex_beside(a, b)
            wanted = y.requires_grad
        else:
            return super().__call__(_complex_beside(x, y), y)
        try:
            z = self.forward(a, b)
        except Exception:
            refuse_mixed(self.name, a, b)
            raise
        return made(z, self, (x, y), (a, b), _NO_PARAMS, current_scope() if wanted else None)
