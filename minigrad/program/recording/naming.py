"""What the user's program calls the values that it computes, seen where its functions return."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from minigrad.user_frame import is_installed, is_ours

if TYPE_CHECKING:
    from minigrad.program.recording.lines import Variable

__all__ = ["note_names"]


@contextmanager
def note_names(variable_of: Callable[[Any], Variable | None]) -> Iterator[None]:
    """Within, the variables of the user's functions give their values names, those of the outermost function first."""
    users: dict[CodeType, bool] = {}

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event != "return":
            return
        code = frame.f_code
        is_users = users.get(code)
        if is_users is None:
            is_users = users[code] = not (is_ours(frame) or is_installed(frame))
        if is_users:
            for name, value in list(frame.f_locals.items()):
                _note(name, value, variable_of)

    if sys.getprofile() is not None:  # a profiler measures the program, and is left alone: names are lost
        yield
        return
    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)


def _note(name: str, value: Any, variable_of: Callable[[Any], Variable | None]) -> None:
    if name.startswith("_") or not name.isidentifier():
        return
    variable = variable_of(value)
    if variable is not None:
        given = getattr(value, "name", None) or name
        if given not in variable.names:
            if variable.line is None:  # an argument has the name of the parameter
                variable.names.append(given)
            else:
                variable.names.insert(0, given)
    elif type(value) in (list, tuple):
        for i, part in enumerate(value):
            _note_part(f"{name}_{i}", part, variable_of)
    elif type(value) is dict:
        for key, part in value.items():
            if isinstance(key, str):
                _note_part(key, part, variable_of)


def _note_part(name: str, value: Any, variable_of: Callable[[Any], Variable | None]) -> None:
    variable = variable_of(value)
    if variable is not None and not variable.names:
        variable.names.append(getattr(value, "name", None) or name)
