"""Normalization layers compared with PyTorch's: outputs and state after several steps, in both modes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from tests.helpers.pytorch import torch

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("normalized_both_ways")]


def agree(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], shape: tuple[int, ...], seed: int) -> None:
    """Three steps in training and one in evaluation: outputs, gradients and state."""
    precise = name != "LocalResponseNorm"
    ours = getattr(nn, name)(*args, **kwargs, **({"dtype": np.float64} if precise else {}))
    theirs = getattr(torch.nn, name)(*args, **kwargs, **({"dtype": torch.float64} if precise else {}))
    rng = np.random.default_rng(seed)
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
        if key == "num_batches_tracked" and name.startswith("Instance"):  # PyTorch never counts them
            assert array == 3
            continue
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


@given(
    axes=st.integers(1, 3),
    batched=st.booleans(),
    size=st.lists(st.integers(2, 4), min_size=3, max_size=3),
    channels=st.integers(1, 4),
    momentum=st.sampled_from([0.1, 0.3]),
    affine=st.booleans(),
    tracked=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(max_examples=20, deadline=None)
def test_instance_norm(
    axes: int, batched: bool, size: Any, channels: int, seed: int, tracked: bool, **kwargs: Any
) -> None:
    kwargs["track_running_stats"] = tracked
    agree(f"InstanceNorm{axes}d", (channels,), kwargs, (*(3,) * batched, channels, *size[:axes]), seed)


@given(
    shape=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    normalized=st.integers(1, 4),
    affine=st.booleans(),
    bias=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(max_examples=20, deadline=None)
def test_layer_and_rms_norm(shape: list[int], normalized: int, affine: bool, bias: bool, seed: int) -> None:
    last = tuple(shape[-normalized:])
    agree("LayerNorm", (last,), {"elementwise_affine": affine, "bias": bias, "eps": 1e-3}, tuple(shape), seed)
    agree("RMSNorm", (last,), {"elementwise_affine": affine}, tuple(shape), seed)


@given(
    groups=st.integers(1, 3),
    each=st.integers(2, 3),
    size=st.lists(st.integers(1, 3), max_size=3),
    affine=st.booleans(),
    bias=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(max_examples=20, deadline=None)
def test_group_norm(groups: int, each: int, size: list[int], affine: bool, bias: bool, seed: int) -> None:
    agree("GroupNorm", (groups, groups * each), {"affine": affine, "bias": bias}, (2, groups * each, *size), seed)


@given(
    window=st.integers(1, 7),
    alpha=st.floats(1e-4, 1),
    beta=st.sampled_from([0.5, 0.75, 1.0]),
    shape=st.lists(st.integers(1, 4), min_size=3, max_size=5),
    seed=st.integers(0, 1000),
)
@settings(max_examples=20, deadline=None)
def test_local_response_norm(window: int, alpha: float, beta: float, shape: list[int], seed: int) -> None:
    agree("LocalResponseNorm", (window,), {"alpha": alpha, "beta": beta, "k": 2.0}, tuple(shape), seed)
