"""Normalization layers compared with PyTorch's: outputs and state after several steps, in both modes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle


def agree(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], shape: tuple[int, ...], seed: int) -> None:
    """Three steps in training and one in evaluation: outputs, gradients, state and repr."""
    ours = getattr(nn, name)(*args, **kwargs, dtype=np.float64)
    theirs = getattr(torch.nn, name)(*args, **kwargs, dtype=torch.float64)
    rng = np.random.default_rng(seed)
    assert repr(ours) == repr(theirs)
    for parameter, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        parameter.data = rng.normal(size=parameter.shape)
        other.data = torch.tensor(parameter.data)
    for step in range(4):
        for model in (ours, theirs):
            model.train(step < 3)
        x, y_bar = 3 + 2 * rng.normal(size=shape), rng.normal(size=shape)
        y, expected = ours(x), theirs(torch.tensor(x))
        np.testing.assert_allclose(getattr(y, "data", y), expected.detach().numpy(), rtol=1e-9, atol=1e-10)
        if next(ours.parameters(), None) is not None:
            y.backward(y_bar)
            expected.backward(torch.tensor(y_bar))
    for parameter, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(parameter.grad, other.grad.numpy(), rtol=1e-9, atol=1e-9)
    state, expected_state = ours.state_dict(), theirs.state_dict()
    assert list(state) == list(expected_state)
    for key, array in state.items():
        np.testing.assert_allclose(array, expected_state[key].numpy(), rtol=1e-10, atol=1e-12)
    ours.load_state_dict({key: array.numpy() for key, array in expected_state.items()})


@given(
    axes=st.integers(0, 3),
    size=st.lists(st.integers(1, 4), min_size=3, max_size=3),
    channels=st.integers(1, 5),
    momentum=st.sampled_from([None, 0.1, 0.3]),
    eps=st.floats(1e-4, 1),
    affine=st.booleans(),
    bias=st.booleans(),
    tracked=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(max_examples=25, deadline=None)
def test_batch_norm(axes: int, size: Any, channels: int, seed: int, tracked: bool, **kwargs: Any) -> None:
    kwargs["track_running_stats"] = tracked
    agree(f"BatchNorm{max(axes, 1)}d", (channels,), kwargs, (4, channels, *size[:axes]), seed)
