"""Names of parametrized tests that are the same in every process: those that share the tests compare them."""

from __future__ import annotations

import re


def shown(value: object) -> str:
    """What repr shows, without where in memory it is."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
