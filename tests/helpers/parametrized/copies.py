"""The ways in which Python copies an object: those that make it anew, and `copy.copy`."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

__all__ = ["every_copy", "every_deep_copy"]


def _through(protocol: int) -> Any:
    return lambda x: pickle.loads(pickle.dumps(x, protocol))


DEEP = {"deepcopy": copy.deepcopy, **{f"pickle {n}": _through(n) for n in range(pickle.HIGHEST_PROTOCOL + 1)}}
ALL = {"copy": copy.copy, **DEEP}

every_deep_copy = pytest.mark.parametrize("copied", DEEP.values(), ids=DEEP)
every_copy = pytest.mark.parametrize("copied", ALL.values(), ids=ALL)
