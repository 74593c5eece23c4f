"""OpenMP is told while it is loaded to let its threads sleep soon, and the user's choice holds."""

from __future__ import annotations

import os

import pytest

from minigrad.kernels.openmp import soon_sleeping_threads


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT"):
        monkeypatch.delenv(name, raising=False)


def test_threads_sleep_soon_while_nothing_else_is_chosen() -> None:
    with soon_sleeping_threads():
        assert 0 < int(os.environ["GOMP_SPINCOUNT"]) < 30_000
    assert "GOMP_SPINCOUNT" not in os.environ


@pytest.mark.parametrize(("name", "value"), [("OMP_WAIT_POLICY", "active"), ("GOMP_SPINCOUNT", "infinity")])
def test_a_choice_of_the_user_holds(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    before = dict(os.environ)
    with soon_sleeping_threads():
        assert dict(os.environ) == before
    assert dict(os.environ) == before


def test_the_environment_is_as_before_after_an_error() -> None:
    before = dict(os.environ)
    with pytest.raises(OSError, match="libgomp"), soon_sleeping_threads():
        raise OSError("libgomp is missing")
    assert dict(os.environ) == before
