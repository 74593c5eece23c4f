"""The error for a file whose contents are not in order."""

from __future__ import annotations

import os

from nn.printed_text import printable

__all__ = ["DamagedFileError"]


class DamagedFileError(ValueError):
    """A file is cut off, was changed, or is of another format; nothing was loaded from it.

    Arguments:
        byte: where in the file the problem was found.
        problem: what is there, and what was expected.
        hint: how to mend it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        byte: int,
        problem: str,
        hint: str = "it may be cut off or changed: write or copy it once more",
    ) -> None:
        super().__init__(os.fspath(path), byte, problem, hint)

    def __str__(self) -> str:
        path, byte, problem, hint = self.args
        return printable(f"{path}: at byte {byte}: {problem}; {hint}")
