"""OpenMP is told to let its threads sleep while it is loaded, and the user's choice holds."""

from __future__ import annotations

import os

import pytest

from minigrad.kernels.openmp import sleeping_threads


def test_threads_sleep_while_nothing_else_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    with sleeping_threads():
        assert os.environ["OMP_WAIT_POLICY"] == "passive"
    assert "OMP_WAIT_POLICY" not in os.environ


def test_a_choice_of_the_user_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    with sleeping_threads():
        assert os.environ["OMP_WAIT_POLICY"] == "active"
    assert os.environ["OMP_WAIT_POLICY"] == "active"


def test_the_environment_is_as_before_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    with pytest.raises(OSError, match="libgomp"), sleeping_threads():
        raise OSError("libgomp is missing")
    assert "OMP_WAIT_POLICY" not in os.environ
