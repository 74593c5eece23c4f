"""The error for what a pickle asks for, and the reader does not do."""

from __future__ import annotations

__all__ = ["STATE_ALONE", "Refused", "counted"]

STATE_ALONE = "in PyTorch, save the state alone: torch.save(model.state_dict(), path)"


class Refused(ValueError):
    """A step of a pickle that is not done; the reader adds the file and the byte.

    Arguments:
        problem: what is there, and what was expected.
        hint: how to mend it; nothing for a file that was damaged.
    """

    def __init__(self, problem: str, *hint: str) -> None:
        super().__init__(problem, *hint)


def counted(number: int) -> str:
    """A number of a file for a message: it may have thousands of digits."""
    return str(number) if number < 1 << 63 else "more than 2⁶³"
