"""TODO"""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample


def backwards(parts: list[Any]) -> Any:
    """The parts in reverse order, each times its place: every part counts, and none looks like another."""
    return mg.concatenate([i * mg.ravel(part) for i, part in reversed(list(enumerate(parts, 1)))])


sample("split", lambda x: backwards(np.split(x, 2, axis=-1)), anywhere(3, 2))
