"""What the user's program calls the values that it computes, seen when its functions have returned."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from minigrad.user_frame import is_users

if TYPE_CHECKING:
    from minigrad.program.recording.lines import Variable

__all__ = ["Naming"]


class Naming:
    """The variables of the user's functions give their values names, those of the outermost function first.

    A frame that is kept keeps its variables. So recording a line only notes which function of the user's is running;
    the variables of that function are read later, when a line of another function is recorded, or when a loop begins
    anew: its variables will be bound to other values.

    Arguments:
        variable_of: the variable of the program that a value is, or ``None``.
    """

    def __init__(self, variable_of: Callable[[Any], Variable | None]) -> None:
        self._variable_of = variable_of
        self._running: list[FrameType] = []  # the user's functions, the outermost first
        self._place = -1  # of the instruction that runs in the innermost one
        self._is_users: dict[
            int, tuple[bool, CodeType]
        ] = {}  # by the id of the code, which Python hashes anew each time

    def look(self, frame: FrameType | None, base: CodeType) -> None:
        """See which functions run, from this frame up to that of `base`, and name the variables of all others."""
        entered: list[FrameType] = []
        was = self._running[-1] if self._running else None
        while frame is not None and not (self._running and frame is self._running[-1]):
            code = frame.f_code
            if code is base:
                frame = None
                break
            known = self._is_users.get(id(code))
            if known is None:
                known = self._is_users[id(code)] = is_users(code.co_filename), code
            if known[0]:
                if frame in self._running:
                    break
                entered.append(frame)
            frame = frame.f_back
        while self._running and self._running[-1] is not frame:
            self._name_variables(self._running.pop())
        self._running += reversed(entered)
        if self._running:
            innermost = self._running[-1]
            if innermost is was and innermost.f_lasti < self._place:
                self._name_variables(innermost)
            self._place = innermost.f_lasti

    def end(self) -> None:
        """Name the variables of all functions, which have returned."""
        while self._running:
            self._name_variables(self._running.pop())

    def _name_variables(self, frame: FrameType) -> None:
        for name, value in list(frame.f_locals.items()):
            if not name.startswith("_") and name.isidentifier():
                self._note(name, value)

    def _note(self, name: str, value: Any) -> None:
        variable = self._variable_of(value)
        if variable is not None:
            given = getattr(value, "name", None) or name
            if given not in variable.names:
                if variable.line is None:  # an argument has the name of the parameter
                    variable.names.append(given)
                else:
                    variable.names.insert(0, given)
        elif type(value) in (list, tuple):
            for i, part in enumerate(value):
                self._note_part(f"{name}_{i}", part)
        elif type(value) is dict:
            for key, part in value.items():
                if isinstance(key, str):
                    self._note_part(key, part)

    def _note_part(self, name: str, value: Any) -> None:
        variable = self._variable_of(value)
        if variable is not None and not variable.names:
            variable.names.append(getattr(value, "name", None) or name)
