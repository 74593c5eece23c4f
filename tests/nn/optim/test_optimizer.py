"""What all optimizers share: PyTorch's numbers, dtypes, arrays and errors."""

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
