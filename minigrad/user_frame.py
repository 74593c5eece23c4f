"""The user's line, for messages that name it, and what it does there."""

from __future__ import annotations

import dis
import os
import sys
import warnings
from functools import lru_cache
from pathlib import Path
from types import CodeType, FrameType

__all__ = ["calling", "calling_frame", "is_installed", "is_minigrad", "is_ours", "is_users", "user_frame", "warn"]

#: With a separator at the end: a user's ``nn_demo.py`` may lie beside ``nn``.
_OURS = (str(Path(__file__).parent) + os.sep, str(Path(__file__).parents[1] / "nn") + os.sep)
_STANDARD_LIBRARY = os.path.dirname(os.__file__) + os.sep

_STORES = {"STORE_SUBSCR": "[…] =", "STORE_ATTR": ". ="}
_ATTRIBUTES = ("ATTR", "METHOD")  # the ends of the names of instructions

_REMEMBERED = 256  # instructions


def is_installed(frame: FrameType) -> bool:
    """Whether it runs code of Python's own library or of an installed package: NumPy, SciPy, copy, statistics …"""
    return _is_installed(frame.f_code.co_filename)


def is_users(file: str) -> bool:
    """Whether a file is neither of minigrad or nn nor installed."""
    return not (_is_ours(file) or _is_installed(file))


@lru_cache(maxsize=256)
def _is_installed(file: str) -> bool:
    return file.startswith(_STANDARD_LIBRARY) or "site-packages" in file or "dist-packages" in file


def is_ours(frame: FrameType) -> bool:
    """Whether it runs code of minigrad or nn."""
    return _is_ours(frame.f_code.co_filename)


@lru_cache(maxsize=256)
def _is_ours(file: str) -> bool:
    return file.startswith(_OURS)


def is_minigrad(frame: FrameType) -> bool:
    """Whether it runs code of minigrad."""
    return frame.f_code.co_filename.startswith(_OURS[0])


def calling_frame() -> FrameType | None:
    """The innermost frame outside minigrad and nn, which may be one of a library."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and is_ours(frame):
        frame = frame.f_back
    return frame


def user_frame() -> tuple[FrameType | None, int]:
    """The frame of the user's line, and the number of frames from it to the caller of this function.

    It is the innermost outside minigrad, nn, and installed packages, which may lie between: ``copy.copy(t)``. If there
    is none, it is the innermost outside minigrad and nn.
    """
    frame, level = sys._getframe(1).f_back, 1
    found: tuple[FrameType | None, int] | None = None
    while frame is not None:
        if not is_ours(frame):
            if not is_installed(frame):
                return frame, level
            found = found or (frame, level)
        frame, level = frame.f_back, level + 1
    return found or (None, level)


def warn(message: str, category: type[Warning] = RuntimeWarning) -> None:
    """Issue a warning for the user's line."""
    warnings.warn(message, category, stacklevel=user_frame()[1] + 1)


def calling(frame: FrameType) -> str:
    """What a frame is doing: the name of the function that it calls, an operator, ``[…] =`` or ``. =``; "" if unknown.

    >>> import math
    >>> class Number:
    ...     def __float__(self):
    ...         print(calling(sys._getframe(1)))
    ...         return 1.0
    >>> _ = math.exp(Number()), "%f" % Number()
    exp
    %
    """
    operation, loaded = _operation(frame.f_code, frame.f_lasti)
    if not loaded:
        return operation
    value = frame.f_globals.get(operation)
    if loaded != "LOAD_GLOBAL":  # f_locals keeps all variables of a function alive until it returns, also deleted ones
        value = frame.f_locals.get(operation, value)
    return getattr(value, "__name__", operation)  # from math import exp as e


#: By the identity of a code and the offset in it: to hash a code, as `lru_cache` does, takes longer than the rest.
_operations: dict[tuple[int, int], tuple[CodeType, tuple[str, str]]] = {}


def _operation(code: CodeType, offset: int) -> tuple[str, str]:
    """`_found_operation`, remembered."""
    key = id(code), offset
    known = _operations.get(key)
    if known is None:
        if len(_operations) >= _REMEMBERED:
            _operations.clear()
        known = _operations[key] = code, _found_operation(code, offset)  # with the code, whose identity is then its own
    return known[1]


def _found_operation(code: CodeType, offset: int) -> tuple[str, str]:
    """What an instruction does; and if it calls what a variable has, the instruction that loads it."""
    instructions = list(dis.get_instructions(code))
    current = [i for i in instructions if i.offset <= offset][-1]  # the offset may be that of its cache
    if current.positions is None or current.positions.col_offset is None:
        return "", ""
    if current.opname in _STORES:
        return _STORES[current.opname], ""
    if current.opname == "BINARY_OP":
        return current.argrepr, ""
    # The function of a call is what is loaded where the call begins in the source: of np.exp(x) first np, then exp.
    start = current.positions.lineno, current.positions.col_offset
    loaded = [
        (i.positions.end_lineno or 0, i.positions.end_col_offset or 0, i.argval, i.opname)
        for i in instructions
        if i.opname.startswith("LOAD_")
        and i.offset < current.offset
        and i.positions is not None
        and (i.positions.lineno, i.positions.col_offset) == start
        and isinstance(i.argval, str)
    ]
    if not loaded:
        return "", ""
    *_, name, instruction = max(loaded)
    if name.startswith("@py_assert"):  # a variable of pytest's, which rewrites the statement
        return "assert", ""
    return name, "" if instruction.endswith(_ATTRIBUTES) else instruction
