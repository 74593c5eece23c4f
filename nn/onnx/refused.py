"""What cannot be written into a file, and why; `export` adds the operation and the user's line."""

from __future__ import annotations

__all__ = ["Refused"]


class Refused(Exception):
    """A rule cannot write an operation: what is in the way, and how to mend it."""
