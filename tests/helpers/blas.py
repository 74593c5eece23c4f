"""A BLAS that has two threads whatever the machine, and notes what it is told."""

from __future__ import annotations

import pytest

from minigrad.kernels import threads


class Blas:
    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.told: list[int] = []

    def get_num_threads(self) -> int:
        return self.allowed

    def set_num_threads(self, n: int) -> None:
        self.allowed = n
        self.told.append(n)


def allow(monkeypatch: pytest.MonkeyPatch, n: int) -> Blas:
    """From here on BLAS is allowed `n` threads."""
    blas = Blas(n)
    monkeypatch.setattr(threads, "_blas", lambda: blas)
    return blas


def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on there is no threadpoolctl."""
    monkeypatch.setattr(threads, "_blas", lambda: None)
