"""Optimizers follow their formulas, and PyTorch's numbers."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn

SETTINGS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1}),
    ("Adam", {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
]


@pytest.mark.oracle
@pytest.mark.parametrize(("name", "settings"), SETTINGS)
def test_ten_steps_agree_with_pytorch(name, settings):
    from tests.helpers.pytorch import torch

    start = np.random.default_rng(0).normal(size=(3, 2))
    w = mg.Tensor(start, requires_grad=True)
    v = torch.tensor(start, requires_grad=True)
    ours = getattr(nn.optim, name)([w], **settings)
    theirs = getattr(torch.optim, name)([v], **settings)
    for _ in range(10):
        for optimizer, p in ((ours, w), (theirs, v)):
            optimizer.zero_grad()
            (p**4 + p).sum().backward()
            optimizer.step()
    assert np.allclose(w.data, v.detach().numpy(), rtol=1e-12)


def test_momentum_is_a_running_sum_of_gradients():
    w = mg.Tensor(0.0, requires_grad=True)
    optimizer = nn.optim.SGD([w], lr=1.0, momentum=0.5)
    positions = []
    for _ in range(3):
        optimizer.zero_grad()
        (1.0 * w).backward()  # w̄ = 1 at every step
        optimizer.step()
        positions.append(float(w.data))
    assert positions == [-1.0, -2.5, -4.25]


@pytest.mark.parametrize("optimizer", [nn.optim.SGD, nn.optim.Adam])
def test_float32_stays_float32_and_the_array_stays_the_same(optimizer):
    w = nn.Parameter(np.ones(3), dtype=np.float32)
    array = w.data
    opt = optimizer([w], lr=0.1)
    (w * w).sum().backward()
    opt.step()
    assert w.data is array
    assert w.data.dtype == np.float32
    assert (w.data < 1).all()


def test_a_parameter_without_gradient_is_left_alone():
    w = mg.Tensor(1.0, requires_grad=True)
    nn.optim.Adam([w], lr=0.1, weight_decay=1.0).step()
    assert w.data == 1.0


def test_bad_arguments():
    w = mg.Tensor(1.0, requires_grad=True)
    with pytest.raises(ValueError, match="got no parameters"):
        nn.optim.SGD([], lr=0.1)
    with pytest.raises(TypeError, match="Tensors with requires_grad=True"):
        nn.optim.SGD([mg.Tensor(1.0)], lr=0.1)
    with pytest.raises(TypeError, match="got ndarray"):
        nn.optim.Adam([np.ones(2)])
    with pytest.raises(ValueError, match="must not be negative"):
        nn.optim.SGD([w], lr=-1)
    with pytest.raises(ValueError, match="betas"):
        nn.optim.Adam([w], betas=(1.0, 0.9))


def test_a_recorded_gradient_moves_the_value_and_is_not_recorded_further():
    w = mg.Tensor(3.0, requires_grad=True)
    (w * w).backward(create_graph=True)
    nn.optim.SGD([w], lr=0.1).step()
    assert w.data == pytest.approx(2.4)
    assert not isinstance(w.data, mg.Tensor)


def test_adam_follows_the_paper():
    w = mg.Tensor(1.0, requires_grad=True)
    optimizer = nn.optim.Adam([w], lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.5)
    theta, m, v = 1.0, 0.0, 0.0
    for t in range(1, 4):
        optimizer.zero_grad()
        (w**3).backward()
        optimizer.step()
        g = 3 * theta**2 + 0.5 * theta
        m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g * g
        theta -= 0.1 * (m / (1 - 0.8**t)) / ((v / (1 - 0.95**t)) ** 0.5 + 1e-3)
        assert float(w.data) == pytest.approx(theta, rel=1e-12)


def test_weight_decay_pulls_towards_zero():
    w = mg.Tensor(2.0, requires_grad=True)
    optimizer = nn.optim.SGD([w], lr=0.1, weight_decay=0.5)
    (3.0 * w).backward()
    optimizer.step()
    assert float(w.data) == pytest.approx(2 - 0.1 * (3 + 0.5 * 2))
