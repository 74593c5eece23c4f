"""Squared errors: empty arrays, shapes and reductions."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor


def test_the_squared_error_of_nothing_is_nan_and_its_error_signals_are_empty() -> None:
    y, t = (Tensor(np.ones((0, 3)), requires_grad=True) for _ in range(2))
    with np.errstate(invalid="ignore"):
        loss = mg.mse_loss(y, t)
    loss.backward()
    assert np.isnan(loss.data)
    assert y.grad.shape == t.grad.shape == (0, 3)


def test_the_squared_error_needs_targets_of_the_same_shape() -> None:
    with pytest.raises(ValueError, match=r"output has shape \(2, 1\), but target \(2,\)"):
        mg.mse_loss(Tensor([[1.0], [2.0]]), [1.0, 2.0])
