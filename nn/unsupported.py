"""What to write instead of names and arguments of PyTorch and Keras, and of names that are misspelled."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache, wraps
from importlib import import_module
from inspect import isfunction, signature
from types import ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

import minigrad as mg
from nn.unsupported_words import ATTRIBUTES, KEYWORDS, METHODS, NAMES

__all__ = ["Explained", "explain_names", "explains_calls", "explains_init", "is_ours", "note_method", "refuse_call"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


def refuse_call(name: str, function: Callable[..., Any], args: Any, kwargs: dict[str, Any], too_many: str = "") -> None:
    """Raise a TypeError that says how the function is called, if the arguments do not fit its signature."""
    mg.unsupported.refuse_call(name, function, args, kwargs, {**KEYWORDS, "": too_many})


def note_method(error: TypeError) -> None:
    """Add to the error of a method of a Tensor that was called as PyTorch's how NumPy's, and ours, is called."""
    note = next((note for said, note in METHODS.items() if str(error).endswith(said)), None)
    if note is not None and not hasattr(error, "__notes__"):
        error.add_note(note)


def explains_calls(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Decorator: arguments that do not fit get an error that says how the function is called."""
    of_data = not {"train", "data"}.isdisjoint(signature(function).parameters)
    too_many = "; inputs and targets are one argument: (x, y)" if of_data else ""

    @wraps(function)
    def called(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return function(*args, **kwargs)
        except TypeError:
            method: Any = function
            if next(iter(signature(function).parameters), "") == "self" and args:
                refuse_call(function.__name__, method.__get__(args[0]), args[1:], kwargs)
            else:
                refuse_call(function.__name__, function, args, kwargs, too_many)
            raise

    return called


class Explained:
    """The base of classes whose constructors and attributes say what to write instead."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        init = cls.__init__
        if "__init__" in vars(cls) or (init is object.__init__ and is_ours(cls) and hasattr(cls, "forward")):
            setattr(cls, "__init__", explains_init(init if isfunction(init) else _takes_nothing))  # noqa: B010

    if not TYPE_CHECKING:  # to a type checker, it would offer any name

        def __getattr__(self, name: str) -> Any:
            cls = type(self)
            if name.startswith("__") or hasattr(cls, name):  # a property that failed: its own error
                return object.__getattribute__(self, name)
            known = next((ATTRIBUTES[base.__name__] for base in cls.__mro__ if base.__name__ in ATTRIBUTES), {})
            names = [known for known in (*dir(cls), *vars(self)) if not known.startswith("_")]
            close = mg.unsupported.closest(name, names)
            hint = f"; write {known[name]}" if name in known else f"; did you mean {close}?" if close else ""
            own = [known for known in vars(self) if not (known.startswith("_") or known.isdecimal())]
            hint = hint or f"; dir() lists what it has{': ' * bool(own)}{', '.join(own)}{' …' * bool(own)}"
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}{hint}", name=name, obj=self)


def is_ours(cls: type) -> bool:
    """Whether a class is one of nn, and not a user's."""
    return (cls.__module__ or "").startswith("nn.")


def _takes_nothing(self: Any) -> None: ...


def explains_init(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor whose errors name the class; a layer of ours given an array tells the layer from its call."""

    @wraps(init)
    def called(self: Any, *args: Any, **kwargs: Any) -> None:
        name = type(self).__name__
        if is_ours(type(self)) and hasattr(type(self), "forward") and _are_data(args, init):
            raise TypeError(
                f"{name}: got a {type(args[0]).__name__} of shape {args[0].shape} in place of its settings; construct "
                f"the module first, and call it then: f = {name}(…), y = f(x)"
            )
        try:
            init(self, *args, **kwargs)
        except TypeError:
            refuse_call(name, init.__get__(self), args, kwargs)
            raise

    return called


def _are_data(args: tuple[Any, ...], init: Callable[..., None]) -> bool:
    """Whether the arguments of a constructor are those of a call. A single vector may be the weights of a loss."""
    if not args or not isinstance(args[0], mg.Tensor | np.ndarray):
        return False
    if args[0].ndim > 1 or len(args) > 1:
        return args[0].ndim > 1 or isinstance(args[0], mg.Tensor)
    return isinstance(args[0], mg.Tensor) and list(signature(init).parameters)[1:2] != ["weight"]


class _Package(ModuleType):
    """A package whose unknown names say where they are, or what to write instead."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            hint = "" if name.startswith("_") else _instead_of(name, self.__name__)
            if hint == "" and self.__name__ == "nn" and not name.startswith("_"):
                hint = "; dir(nn) lists what there is, and a class with a forward is a new layer: class Net(nn.Module)"
            elif "__all__" in vars(self) and self.__name__ != "nn":
                hint = hint or f"; {self.__name__} has {', '.join(self.__all__)}"
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}{hint}")

    def __reduce__(self) -> tuple[Any, ...]:
        """By its name, as libraries pickle other modules: with the functions of a notebook that name it."""
        return import_module, (self.__name__,)

    def __call__(self, *_: Any, **__: Any) -> Any:
        hint = _instead_of(self.__name__.rpartition(".")[2], "nn")
        raise TypeError(f"{self.__name__} is a module, which cannot be called{hint}")


def _instead_of(name: str, package: str) -> str:
    """What to write in place of a name: what is only similar is meant if it is in the same package."""
    known = NAMES.get(name, NAMES.get(name.removesuffix("_")))
    if known is not None:
        return f"; write {known}"
    close = _closest(name)
    bare = mg.unsupported.bare
    same = [place for place, known in _places.items() if close and bare(known) == bare(close)]
    if package in _PACKAGES[1:] and close and bare(close) != bare(name):
        same = [place for place in same if place.startswith(f"{package}.")]
    return f"; did you mean {' or '.join(same)}?" if same else ""


@lru_cache
def _closest(name: str) -> str | None:
    """The public name that was probably meant. Tools such as doctest ask every module for the same odd name."""
    return mg.unsupported.closest(name, _places.values())


_PACKAGES = ("nn", "nn.callbacks", "nn.data", "nn.init", "nn.metrics", "nn.optim", "nn.plot")

#: Where the public names of nn and minigrad are.
_places: dict[str, str] = {}


def explain_names() -> None:
    """Let names that nn and its packages do not have say where they are, or what to write instead.

    >>> import nn
    >>> nn.Adam
    Traceback (most recent call last):
        ...
    AttributeError: module 'nn' has no attribute 'Adam'; did you mean nn.optim.Adam?
    """
    packages = [module for name, module in sys.modules.items() if f"{name}.".startswith("nn.")]
    for package in packages:
        package.__class__ = _Package
        if package.__name__ in _PACKAGES:
            _places.update({f"{package.__name__}.{name}": name for name in package.__all__})
    _places.update({f"mg.{name}": name for name in mg.__all__})
