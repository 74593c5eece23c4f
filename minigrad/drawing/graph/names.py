"""The names of variables, also where a helper function draws."""

from __future__ import annotations

from types import FrameType

from minigrad.notation.name import calling_frames, variable_names, variables_of
from minigrad.user_frame import is_installed

__all__ = ["names_around"]


def names_around(caller: FrameType) -> dict[int, str]:
    """The names of Tensors and arrays in the frame of a function and in all that called it, by their ``id``.

    What is passed on keeps the name that it has where it comes from. A value that the frame does not know, because it
    was passed on within another object, has the name of the innermost frame that knows it.
    """
    frame: FrameType | None = caller
    names: dict[int, str] = {}
    while frame is not None and not is_installed(frame):
        for value, name in variable_names(variables_of(frame)).items():
            names.setdefault(value, name)
        frame = calling_frames(frame)[-1].f_back
    return names
