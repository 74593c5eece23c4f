"""The names of variables, also where a helper function draws, and those in a derivation."""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING

from minigrad.notation.name import calling_frames, variable_names, variables_of
from minigrad.user_frame import is_installed

if TYPE_CHECKING:
    from minigrad.walkthrough import Walkthrough

__all__ = ["names_around", "names_in"]


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


def names_in(walkthrough: Walkthrough) -> dict[int, str]:
    """What a derivation calls Tensors, arrays and numbers, the given ones too, by their ``id``.

    The letters that it chose itself, for constants without a name, are not names.
    """
    chosen = {step.name for step in walkthrough.given if step.nameless}
    variables = walkthrough.replay.variables.items()
    return {id(x): name.source or name.text for name, x in variables if name not in chosen}
