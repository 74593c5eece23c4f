"""Constants as text: numbers, dtypes, small arrays; what has no text is bound to a name."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np

from minigrad.device import device_of, is_array, to_host
from minigrad.program.simplify.uniform import Uniform

__all__ = ["Constants", "number_text", "string_text"]

_LONG = 40  # characters of settings that get a name
_LONGEST = 64  # elements of an array that is written out
_DIGITS = 8  # of a number that may be written as a fraction
_DENOMINATOR = {2: 1, 4: 1000, 8: 100_000}  # at most, by bytes: of greater ones, one fits every number
_PYTHON_NUMBERS = (bool, int, float, complex)


class Constants:
    """The constants of a program.

    Arguments:
        taken: names in use.
        mover: gives the name of the function that moves an array to a GPU.

    Attributes:
        definitions: the lines that define arrays.
        namespace: what the module finds without a definition: objects that have no text.
        unsaved: these, in words.
    """

    def __init__(self, taken: set[str], mover: Callable[[], str]) -> None:
        self.definitions: list[str] = []
        self.namespace: dict[str, Any] = {}
        self.unsaved: list[str] = []
        self._taken = taken
        self._mover = mover
        self._settings: dict[str, dict[str, str]] = {}
        self._numbers: dict[Any, str] = {}
        self._known: dict[str, str] = {}
        self._names: dict[int, tuple[str, Any]] = {}  # with the object, so that its identity stays its own

    def text(self, value: Any) -> str:
        """A constant as text, by itself."""
        if value is None or value is Ellipsis or type(value) in (str, bytes):
            return "..." if value is Ellipsis else string_text(value) if type(value) is str else repr(value)
        if type(value) in _PYTHON_NUMBERS or (isinstance(value, np.generic) and value.dtype.kind in "biufc"):
            return number_text(value)
        if isinstance(value, Uniform):
            return _full_text(value.shape, value.number)
        if isinstance(value, np.dtype):
            return _dtype_text(value)
        if isinstance(value, type) and value.__module__ in ("builtins", "numpy"):
            return value.__name__ if value.__module__ == "builtins" else f"np.{value.__name__}"
        if is_array(value):
            return self._array(value)
        return self._bound(value, type(value).__name__.lower(), f"a {type(value).__name__}")

    def settings(self, function: str, params: dict[str, str]) -> tuple[str | None, dict[str, str]]:
        """A name for settings of a call that would make its line long, and those that are not among them.

        Calls with the same ones share the name: a convolution and its two error signals.

        Arguments:
            function: the name of the function.
            params: the names of its constant arguments, with their texts.
        """
        if sum(len(key) + len(text) + 3 for key, text in params.items()) < _LONG or len(params) < 3:
            return None, params
        for name, known in self._settings.items():
            if known.items() <= params.items():
                return name, {key: text for key, text in params.items() if key not in known}
        name, k = function.upper(), 1
        while name in self._taken:
            k += 1
            name = f"{function.upper()}_{k}"
        self._taken.add(name)
        self._settings[name] = params
        self.definitions.append(
            f"{name} = {{{', '.join(f'{string_text(key)}: {text}' for key, text in params.items())}}}"
        )
        return name, {}

    def named(self, value: Any) -> str:
        """The name of a number of NumPy's, which is made once."""
        key = value.dtype, value.tobytes()
        if key not in self._numbers:
            name = self._new_name("zero" if not value else "constant", value)
            self.definitions.append(f"{name} = {number_text(value)}")
            self._numbers[key] = name
        return self._numbers[key]

    def called(self, name: str, text: str) -> str:
        """The name of a number that is known by a formula."""
        if text not in self._known:
            self._known[text] = name = next(
                free for k in count(1) if (free := f"{name}_{k}" if k > 1 else name) not in self._taken
            )
            self._taken.add(name)
            self.definitions.append(f"{name} = {text}")
        return self._known[text]

    def _array(self, value: Any) -> str:
        text = _array_text(value) if device_of(value) == "cpu" else self._moved_text(value)
        if text is None:
            return self._bound(value, "constant", f"a constant array of shape {value.shape}, which is too large")
        if len(text) < 40 and device_of(value) == "cpu":
            return text
        name, known = self._names.get(id(value), ("", None))
        if known is not value:
            name = self._new_name("constant", value)
            self.definitions.append(f"{name} = {text}")
        return name

    def _moved_text(self, value: Any) -> str | None:
        if value.ndim == 2 and value.flags.f_contiguous and not value.flags.c_contiguous:
            return f"{self._moved_text(value.T)}.T"  # the copy lies in memory in C's order
        text = _array_text(to_host(value))
        return text and f'{self._mover()}({text}, "{device_of(value)}")'

    def _bound(self, value: Any, base: str, what: str) -> str:
        name, known = self._names.get(id(value), ("", None))
        if known is not value:
            name = self._new_name(base, value)
            self.namespace[name] = value
            self.unsaved.append(f"{name}, {what}")
        return name

    def _new_name(self, base: str, value: Any) -> str:
        k = 1
        while f"{base}_{k}" in self._taken:
            k += 1
        name = f"{base}_{k}"
        self._taken.add(name)
        self._names[id(value)] = name, value
        return name


def string_text(value: str) -> str:
    """A text as Python writes it, in double quotes where it is printed as it is.

    >>> print(string_text("W1"), string_text("\\n"))
    "W1" '\\n'
    """
    return f'"{value}"' if value.isprintable() and not {'"', "\\"} & {*value} else repr(value)


def number_text(value: Any, dtype: Any = None) -> str:
    """A number as Python text; one of NumPy's as a Python number beside an operand of the same dtype.

    >>> number_text(np.float64(0.5)), number_text(np.float32(0.5), np.dtype("float32")), number_text(-np.inf)
    ('np.float64(0.5)', '0.5', '-np.inf')
    >>> number_text(1 / 15), number_text(np.float32(-2 / 3), np.dtype("float32"))
    ('1 / 15', '-2 / 3')
    """
    if isinstance(value, np.longdouble | np.clongdouble):
        parts = [f'np.longdouble("{part!s}")' for part in (value.real, value.imag)]
        return parts[0] if value.dtype.kind == "f" else f"np.array([{', '.join(parts)}]).view(np.clongdouble)[0]"
    if isinstance(value, np.generic):
        plain = number_text(value.item())
        if isinstance(value, np.float32 | np.float16) and np.isfinite(value):
            short = repr(float(str(value)))
            plain = short if type(value)(float(short)) == value else plain  # 0.2, and not 0.20000000298023224
            plain = _fraction(value, plain) or plain
        if dtype is not None and value.dtype == dtype and value.dtype.kind in "fiu":
            return plain
        return f"{_dtype_text(value.dtype)}({plain})"
    if isinstance(value, float) and np.isfinite(value):
        return _fraction(value, repr(value)) or repr(value)
    if isinstance(value, float):
        return "np.nan" if np.isnan(value) else "np.inf" if value > 0 else "-np.inf"
    if isinstance(value, complex):
        if not (np.isfinite(value.real) and np.isfinite(value.imag)) or (value.real == 0 and np.signbit(value.real)):
            return f"complex({number_text(value.real)}, {number_text(value.imag)})"
        return f"complex({value.real!r}, {value.imag!r})" if value.real or np.signbit(value.imag) else repr(value)
    return repr(value)


def _fraction(value: Any, text: str) -> str | None:
    """The number as a fraction of small whole numbers, ``1 / 60``, if that is shorter and Python finds the same."""
    if len(text) < _DIGITS:
        return None
    found = Fraction(float(value)).limit_denominator(_DENOMINATOR[np.dtype(type(value)).itemsize])
    a, b = found.numerator, found.denominator
    fraction = f"{a} / {b}"
    return fraction if len(fraction) < len(text) and 1 < b > abs(a) / 2 and type(value)(a / b) == value else None


def _dtype_text(dtype: np.dtype[Any]) -> str:
    if dtype.kind == "b":
        return "np.bool_"
    return f"np.{dtype.name}" if hasattr(np, dtype.name) and dtype.isnative else f"np.dtype({dtype.str!r})"


def _full_text(shape: tuple[int, ...], number: Any) -> str:
    dtype = "" if number.dtype in (np.float64, np.int64, np.bool_) else f", dtype={_dtype_text(number.dtype)}"
    if number.dtype.kind == "f" and (number == 1 or (number == 0 and not np.signbit(number))):
        return f"np.{'ones' if number else 'zeros'}({shape[0] if len(shape) == 1 else shape}{dtype})"
    return f"np.full({shape}, {number_text(number.item())}{dtype})"


def _array_text(value: Any) -> str | None:
    """A short text that computes the array; ``None`` if there is none."""
    dtype = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype={_dtype_text(value.dtype)}"
    if value.ndim == 1 and value.dtype.kind in "iu" and np.array_equal(value, np.arange(value.size)):
        return f"np.arange({value.size}{dtype})"
    if value.size > 1 and value.dtype.kind in "biuf":
        first = value.flat[0]
        if first.tobytes() * value.size == value.tobytes():
            return _full_text(value.shape, first)
    if value.dtype.kind not in "biufc" or value.size > _LONGEST or not value.size:
        return None if value.size or value.dtype.kind not in "biufc" else f"np.zeros({value.shape}{dtype})"

    if value.ndim == 2 and value.flags.f_contiguous and not value.flags.c_contiguous:
        return f"{_array_text(value.T)}.T"  # a product adds up in the order in which the array lies in memory

    def nested(part: Any) -> str:
        return f"[{', '.join(map(nested, part))}]" if isinstance(part, list) else number_text(part)

    return f"np.array({nested(value.tolist())}{dtype})"
