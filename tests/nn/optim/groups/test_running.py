"""Running means, sums and maxima, of numbers and of arrays, which are changed in place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.optim.groups.running import running_maximum, running_mean, running_sum


@pytest.mark.parametrize("decay", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("shape", [(), (2,)])
def test_means_and_sums(decay: float, shape: tuple[int, ...]) -> None:
    state: dict[str, Any] = {}
    mean, total = 0.0, 0.5
    for x in (0.5, 3.0, -2.0):
        given = np.full(shape, x)[()]
        mean, total = decay * mean + (1 - decay) * x, decay * total + x
        assert running_mean(state, "mean", decay, given) is state["mean"]
        running_sum(state, "sum", given, decay, start=0.5)
        np.testing.assert_allclose(state["mean"], np.full(shape, mean))
        np.testing.assert_allclose(state["sum"], np.full(shape, total))
        assert (given == x).all()


@pytest.mark.parametrize("shape", [(), (2,)])
def test_maxima(shape: tuple[int, ...]) -> None:
    state: dict[str, Any] = {}
    for x, largest in ((0.5, 0.5), (3.0, 3.0), (1.0, 3.0)):
        given = np.full(shape, x)[()]
        assert (running_maximum(state, "largest", given) == largest).all()
        assert (given == x).all()


def test_arrays_are_changed_in_place_and_those_that_are_given_are_not_kept() -> None:
    x = np.ones(2)
    for running in (running_sum, lambda *given: running_mean(*given[:2], 0.0, given[2]), running_maximum):
        state: dict[str, Any] = {}
        first = running(state, "s", x)
        assert first is not x
        assert running(state, "s", x) is first
