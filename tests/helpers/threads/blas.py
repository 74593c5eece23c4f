"""A fake BLAS with any number of threads, which records the numbers that it is set to."""

from __future__ import annotations

import pytest

from minigrad.kernels import threads


class Blas:
    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.set_to: list[int] = []

    def get_num_threads(self) -> int:
        return self.allowed

    def set_num_threads(self, n: int) -> None:
        self.allowed = n
        self.set_to.append(n)


def allow(monkeypatch: pytest.MonkeyPatch, n: int) -> Blas:
    """For the rest of a test, BLAS is allowed `n` threads."""
    blas = Blas(n)
    monkeypatch.setattr(threads, "_blas", lambda: blas)
    return blas


def without_threadpoolctl(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the rest of a test, threadpoolctl is not installed."""
    monkeypatch.setattr(threads, "_blas", lambda: None)
