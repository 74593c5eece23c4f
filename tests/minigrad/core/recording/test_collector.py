"""Python's collector of reference cycles is paused, and is afterwards as it was."""

from __future__ import annotations

import gc
from typing import Any

import pytest

import minigrad as mg
from minigrad.core.recording.collector import collector_paused


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_afterwards_as_it_was(enabled: bool) -> None:
    was_enabled = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with pytest.raises(ZeroDivisionError), collector_paused():
            1 / gc.isenabled()
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()


def test_a_program_is_written_without_it_and_runs_with_it() -> None:
    seen = []

    def f(x: Any) -> Any:
        seen.append(gc.isenabled())
        return x * x

    compiled = mg.compile(f)
    assert compiled(3.0) == 9.0
    assert seen == [False] * 3
    assert gc.isenabled()
