"""The state of a callback, checked before it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn.callbacks.callback import Callback

__all__ = ["checked_state"]


def checked_state(callback: Callback, given: Mapping[str, Any]) -> dict[str, Any]:
    """The state as it was given, if it has the names of this callback's.

    Raises:
        TypeError: if it is not a dictionary.
        ValueError: if names are missing or unknown.
    """
    called = type(callback).__name__
    if not isinstance(given, Mapping):
        raise TypeError(f"{called}: expected a dictionary, as state_dict() returns it, got {given!r:.80}")
    own = callback.state_dict()
    missing, unknown = [name for name in own if name not in given], [name for name in given if name not in own]
    if missing or unknown:
        raise ValueError(
            f"{called}: the state does not fit: missing {missing or 'none'}, unknown {unknown or 'none'}; it is that "
            "of another callback, or of another version"
        )
    return dict(given)
