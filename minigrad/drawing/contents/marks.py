"""What a picture points out: where NaN and infinity begin, error signals that are all zero, detached places."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.numbers import is_finite
from minigrad.drawing.graph.nodes import Node, Use

__all__ = ["DETACHED", "Mark", "detached", "marks"]

DETACHED = "detached: no error signal comes back"


class Mark(NamedTuple):
    """A warning in a box.

    Attributes:
        text: what is to be seen.
        of_signal: whether it is about the error signal.
    """

    text: str
    of_signal: bool


def marks(context: Context) -> dict[Node, list[Mark]]:
    """The warnings for each node: where the first NaN and the first infinity are, in both passes; dead signals."""
    found: dict[Node, list[Mark]] = {}
    _first(found, [(node, context.array(node)) for node in context.numbers.broken], of_signal=False)
    if context.signals is not None:
        signals = context.signals
        in_order = [(node, signals.of[node]) for node in signals.order if isinstance(node, Node)]
        _first(found, [(node, x_bar) for node, x_bar in in_order if not is_finite(x_bar)], of_signal=True)
        for node, signal in signals.of.items():
            if np.size(signal) and not np.any(signal):
                found.setdefault(node, []).append(Mark("dead: error signal is 0", True))
    return found


def _first(found: dict[Node, list[Mark]], broken: list[tuple[Node, Any]], *, of_signal: bool) -> None:
    """Mark the first NaN and the first infinity of a pass among values that are not finite."""
    for word, test in (("NaN", np.isnan), ("infinity", np.isinf)):
        first = next((node for node, value in broken if test(value).any()), None)
        if first is not None:
            found.setdefault(first, []).append(Mark(f"⚠ {word}: first here", of_signal))


def detached(context: Context, use: Use) -> bool:
    """Whether a value with an error signal is used where none comes back: detached, or without a derivative."""
    return context.signals is not None and use.source.gets_signal and use not in context.signals.contributions
