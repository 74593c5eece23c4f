"""Fixtures of tests of networks."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture
def ctrl_c_is_pythons() -> Iterator[None]:
    """The handler that Python has at a terminal: a process in the background begins without one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
