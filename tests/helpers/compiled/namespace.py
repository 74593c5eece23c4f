"""``mg`` with compiled functions in the place of functions: what a test says of those holds for programs, too."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

import minigrad as mg
from minigrad.core.primitive import Primitive
from minigrad.program.recording.recorded import RecordedNumber

__all__ = ["CompiledNamespace", "compiled_slopes"]

#: They return a function, which is then compiled.
_TRANSFORMS = frozenset({"grad", "value_and_grad", "jacobian", "hessian"})
#: Functions that are made of operations; all others of `mg` are left as they are.
_OPERATIONS = frozenset({"jvp", "hvp"}) | {
    name
    for name in mg.__all__
    if isinstance(getattr(mg, name), Primitive)
    or getattr(getattr(mg, name), "__module__", "").startswith("minigrad.rules")
}


class CompiledNamespace:
    """Stands for `mg` in a module of tests.

    Attributes:
        calls: how often a program has run in the place of an operation, or of a derivative.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        function = getattr(mg, name)
        if name in _TRANSFORMS:
            return lambda f, *args, **params: self._compiled(name, function(f, *args, **params))
        return self._compiled(name, function) if name in _OPERATIONS else function

    def _compiled(self, name: str, function: Callable[..., Any]) -> Any:
        if isinstance(function, type):
            return function

        def call(*args: Any, **params: Any) -> Any:
            if any(map(_is_differentiated, args)) or not all(map(_is_plain, (*args, *params.values()))):
                return function(*args, **params)
            self.calls[name] += 1
            arrays = tuple(_as_array(x) for x in args)
            return after_other_numbers(mg.compile(lambda *own: function(*own, **params)), arrays)

        return call


def compiled_slopes(f: Callable[..., Any], *xs: Any, signal: Any = None) -> Any:
    """As `slopes`: the error signals of the arguments, by a program that has run on other numbers before."""

    def run(*arrays: Any) -> Any:
        tensors = [mg.Tensor(x, requires_grad=True) for x in arrays[: len(xs)]]
        y = f(*tensors)
        y.backward(np.ones(y.shape) if signal is None else arrays[-1])
        return [None if t.grad is None else t.grad for t in tensors]

    arrays = [mg.Tensor(x, dtype=None if hasattr(x, "dtype") else float).data for x in xs]
    arrays += [] if signal is None else [np.asarray(signal)]
    with np.errstate(all="ignore"):
        found = after_other_numbers(mg.compile(run), tuple(arrays))
    return found[0] if len(xs) == 1 else found


def after_other_numbers(compiled: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """The result of a compiled function that was called with other numbers before, for which it may fail."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), suppress(Exception):
        warnings.simplefilter("ignore")
        compiled(*map(_other, args))
    return compiled(*args)


def _other(x: Any) -> Any:
    """Numbers of the same kind, finite and all different, which are no special case of anything."""
    if isinstance(x, mg.Tensor):
        return mg.Tensor(_other(x.data))
    if isinstance(x, float):
        return type(x)(0.375)
    if not isinstance(x, np.ndarray) or x.dtype.kind not in "fc":
        return x
    return (0.25 + np.random.default_rng(0).random(x.shape) / 2).astype(x.dtype)


def _as_array(x: Any) -> Any:
    return np.array(x) if isinstance(x, list) else x


def _is_plain(x: Any) -> bool:
    """Whether a program may be called with it: an array, a number, a list of numbers, or a constant."""
    if isinstance(x, list | tuple):
        return all(isinstance(part, int | float) or (isinstance(part, list | tuple) and _is_plain(part)) for part in x)
    return not isinstance(x, RecordedNumber) and (
        isinstance(x, mg.Tensor | np.ndarray | float | int | str) or x is None
    )


def _is_differentiated(x: Any) -> bool:
    return isinstance(x, mg.Tensor) and (x.requires_grad or isinstance(x._data, RecordedNumber))
