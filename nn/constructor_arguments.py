"""The arguments that a module was constructed with, kept as far as JSON has them, for `Module.save_pretrained`.

A module does not remember the arguments themselves: a layer, an array or a function among them would be found as a part
of it, be copied with it, and keep it from being pickled. So each argument is copied when the constructor is called, and
of what JSON does not have the kind alone is noted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, NamedTuple

import numpy as np

__all__ = ["NotJSON", "as_json", "call_with", "constructor_arguments", "keeps_arguments"]

_DEEPEST = 32  # lists in lists
_LONGEST = 1000  # bits of a whole number
_PLAIN = (int, float, str, bool, type(None))


class NotJSON(NamedTuple):
    """In place of a value that JSON does not have: what it is."""

    kind: str


class _Given:
    """The arguments of a call, by position and by name. Not a tuple: the parts of a module are looked for in tuples."""

    def __init__(self, positional: tuple[Any, ...], named: dict[str, Any]) -> None:
        self.positional = [as_json(value) for value in positional]
        self.named = {name: as_json(value) for name, value in named.items()}


def keeps_arguments(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor that notes its arguments. Those of the outermost one count: it calls those of its bases."""

    @wraps(init)
    def called(self: Any, *args: Any, **kwargs: Any) -> None:
        if "_arguments" not in self.__dict__:
            self.__dict__["_arguments"] = _Given(args, kwargs)
        init(self, *args, **kwargs)

    called._keeps_arguments = True  # type: ignore[attr-defined]
    return called


def constructor_arguments(module: Any) -> dict[str, Any]:
    """The arguments of the constructor by their names, and the defaults of the others, as values of JSON.

    What was given as ``*args`` is a list under its name, and as ``**kwargs`` a dictionary. A generator of random
    numbers is left out if the argument has a default: what it drew is in the weights.

    Raises:
        TypeError: if an argument is not one of JSON, or the arguments are not known.
    """
    cls, called = type(module), type(module).__name__
    parameters = signature(cls).parameters
    if not parameters:
        return {}
    given = module.__dict__.get("_arguments")
    if given is None or not hasattr(cls.__init__, "_keeps_arguments"):
        raise TypeError(
            f"save_pretrained: the arguments of {called} are not known; define its __init__ in the body of the class, "
            "not by a decorator or afterwards"
        )
    bound = signature(cls).bind(*given.positional, **given.named).arguments
    found: dict[str, Any] = {}
    for name, parameter in parameters.items():
        if name in bound:
            value = as_json(bound[name]) if parameter.kind in _SEVERAL else bound[name]
            if isinstance(value, NotJSON):
                if value.kind == "Generator" and parameter.default is not Parameter.empty:
                    continue
                raise TypeError(_cannot_be_kept(called, name, value.kind))
            found[name] = value
        elif parameter.kind not in _SEVERAL and not isinstance(default := as_json(parameter.default), NotJSON):
            found[name] = default
    return found


_SEVERAL = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def call_with(function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Call a class with arguments as `constructor_arguments` returns them."""
    found: Signature = signature(function)
    bound = found.bind_partial()
    bound.arguments = {name: arguments[name] for name in found.parameters if name in arguments}
    return function(*bound.args, **bound.kwargs)


def as_json(value: Any, depth: int = 0) -> Any:
    """A copy of a value that JSON has, with tuples as lists and NumPy's numbers as Python's; otherwise a `NotJSON`.

    A dtype is its name, which constructors take, too.

    >>> as_json((1, [np.float32(0.5)], {"a": np.float64})), as_json([1j])
    ([1, [0.5], {'a': 'float64'}], NotJSON(kind='complex'))
    """
    if isinstance(value, np.bool_ | np.integer | np.floating):
        value = value.item()
    if type(value) in _PLAIN:
        return _checked(value)
    if isinstance(value, NotJSON):
        return value
    if depth > _DEEPEST:
        return NotJSON(f"{type(value).__name__} within more than {_DEEPEST} others")
    if type(value) in (list, tuple):
        listed = [as_json(item, depth + 1) for item in value]
        return next((item for item in listed if isinstance(item, NotJSON)), listed)
    if type(value) is dict and all(type(key) is str for key in value):
        items = {as_json(key): as_json(item, depth + 1) for key, item in value.items()}
        return next((item for item in (*items, *items.values()) if isinstance(item, NotJSON)), items)
    if isinstance(value, np.dtype) or (isinstance(value, type) and issubclass(value, np.generic)):
        return np.dtype(value).name
    return NotJSON(value.__name__ if isinstance(value, type) else type(value).__name__)


def _checked(value: Any) -> Any:
    """A number or a text, if JSON has it."""
    if isinstance(value, float) and not math.isfinite(value):
        return NotJSON(f"{value}, a number that JSON does not have")
    if isinstance(value, int) and value.bit_length() > _LONGEST:
        return NotJSON("a number of more than 300 digits")
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        return NotJSON("a text that UTF-8 does not have")
    return value


def _cannot_be_kept(called: str, name: str, kind: str) -> str:
    return (
        f"save_pretrained: the argument {name} of {called} is or has a {kind}, which config.json cannot keep: it has "
        "numbers, texts, lists and dictionaries. Write a class whose constructor makes it, as class Net(nn.Sequential) "
        "with def __init__(self, width=64), or nn.save(model, path) for the weights alone"
    )
