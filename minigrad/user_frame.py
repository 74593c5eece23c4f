"""The user's frame: the innermost line outside minigrad and nn, for messages that name it."""

from __future__ import annotations

import copy
import copyreg
import sys
import warnings
from pathlib import Path
from types import FrameType

__all__ = ["user_frame", "warn"]

# Also Python's copy and pickle, which ask a Tensor for what to copy.
_OURS = (str(Path(__file__).parent), str(Path(__file__).parents[1] / "nn"), copy.__file__, copyreg.__file__)


def user_frame() -> tuple[FrameType | None, int]:
    """The frame of the user's line, and the number of frames from it to the caller of this function."""
    frame, level = sys._getframe(1).f_back, 1
    while frame is not None and frame.f_code.co_filename.startswith(_OURS):
        frame, level = frame.f_back, level + 1
    return frame, level


def warn(message: str) -> None:
    """Issue a RuntimeWarning for the user's line."""
    warnings.warn(message, RuntimeWarning, stacklevel=user_frame()[1] + 1)
