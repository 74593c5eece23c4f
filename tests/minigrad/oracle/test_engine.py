"""A second opinion on what samples cannot show: many sizes, ties, logits far apart, second derivatives of a network.

PyTorch computes on the same numbers. Each operation by itself is compared in test_registry.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.tensor import Tensor
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle
F = torch.nn.functional


def test_this_is_the_version_we_compare_with() -> None:
    assert torch.__version__.split("+")[0].startswith("2.13."), "pip install torch==2.13.0"


def agree(ours: Callable[..., Any], theirs: Callable[..., Any], *arrays: Any, tolerance: float = 1e-10) -> None:
    """Values and all gradients, for the same random error signal."""
    xs = [Tensor(a, requires_grad=True) for a in arrays]
    ts = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, u = ours(*xs), theirs(*ts)
    np.testing.assert_allclose(y.data, u.detach().numpy(), rtol=tolerance, atol=tolerance)
    y_bar = np.random.default_rng(1).normal(size=y.shape)
    y.backward(y_bar)
    u.backward(torch.tensor(y_bar))
    for x, t in zip(xs, ts, strict=True):
        np.testing.assert_allclose(x.grad, t.grad.numpy(), rtol=tolerance, atol=tolerance)


def normal(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng([seed, *shape]).normal(size=shape)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_max_pool2d(seed: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    kernel = rng.integers(1, 4, size=2)
    stride, padding = rng.integers(1, 4, size=2), [int(rng.integers(0, k // 2 + 1)) for k in kernel]
    how = (tuple(kernel.tolist()), tuple(stride.tolist()), tuple(padding))
    x = rng.normal(size=(2, 3, *rng.integers(4, 9, size=2)))
    agree(lambda x: mg.max_pool2d(x, *how), lambda x: F.max_pool2d(x, *how), x.round() if ties else x)


@pytest.mark.parametrize("axis", [-1, 0, 1])
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
def test_exponential_families(name: str, axis: int) -> None:
    agree(
        lambda x: getattr(mg, name)(x, axis=axis),
        lambda x: getattr(torch, name)(x, dim=axis),
        10 * normal(4, 5, 6),
    )


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_cross_entropy(reduction: str) -> None:
    labels = np.random.default_rng(0).integers(0, 7, size=9)
    agree(
        lambda z: mg.cross_entropy(z, labels, reduction),
        lambda z: F.cross_entropy(z, torch.tensor(labels), reduction=reduction),
        10 * normal(9, 7),
    )
    agree(
        lambda z, t: mg.cross_entropy(z, t, reduction),
        lambda z, t: F.cross_entropy(z, t, reduction=reduction),
        10 * normal(9, 7),
        np.abs(normal(9, 7, seed=1)),
    )


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_ties_of_two_arguments(name: str) -> None:
    agree(getattr(mg, name), getattr(torch, name), normal(6, 7).round(), normal(6, 7, seed=1).round())


def test_ties_in_max() -> None:
    x = normal(6, 7).round()
    agree(lambda x: mg.max(x, axis=1), lambda x: torch.amax(x, dim=1), x)
    agree(lambda x: mg.min(x, axis=0), lambda x: torch.amin(x, dim=0), x)


def test_indexing() -> None:
    index = np.array([[0, 2, 0], [1, 1, 2]])
    agree(lambda x: x[index, :, 1::2], lambda x: x[torch.tensor(index), :, 1::2], normal(3, 4, 5))


def test_hessians() -> None:
    """Second derivatives through everything at once: conv, pool, tanh, cross-entropy."""
    x, w, v = normal(2, 1, 5, 5), normal(2, 1, 2, 2), normal(2, 1, 2, 2, seed=1)

    def ours(w: Tensor) -> Tensor:
        return mg.cross_entropy(mg.max_pool2d(mg.tanh(mg.conv2d(x, w)), 2).reshape(2, 8), [3, 5])

    def theirs(w: Any) -> Any:
        h = F.max_pool2d(torch.tanh(F.conv2d(torch.tensor(x), w)), 2).reshape(2, 8)
        return F.cross_entropy(h, torch.tensor([3, 5]))

    a = Tensor(w, requires_grad=True)
    ours(a).backward(create_graph=True)
    product = (a.grad * v).sum()
    a.zero_grad()
    product.backward()
    expected = torch.autograd.functional.hvp(theirs, torch.tensor(w), torch.tensor(v))[1]
    np.testing.assert_allclose(a.grad, expected.numpy(), rtol=1e-10, atol=1e-12)


# ---------------------------------------------------------------- a whole network, in float32

_SHAPES = {
    "conv1": (6, 1, 5, 5), "conv2": (16, 6, 5, 5), "fc1": (120, 400), "fc2": (84, 120), "fc3": (10, 84),
}  # fmt: skip


def lenet(x: Any, p: dict[str, Any], conv2d: Any, relu: Any, pool: Any) -> Any:
    h = pool(relu(conv2d(x, p["conv1.w"], p["conv1.b"], padding=2)), 2)
    h = pool(relu(conv2d(h, p["conv2.w"], p["conv2.b"])), 2)
    h = h.reshape(len(x), 400)
    h = relu(h @ p["fc1.w"].T + p["fc1.b"])
    h = relu(h @ p["fc2.w"].T + p["fc2.b"])
    return h @ p["fc3.w"].T + p["fc3.b"]


def test_lenet_agrees_in_loss_and_every_gradient() -> None:
    rng = np.random.default_rng(0)
    weights = {}
    for name, shape in _SHAPES.items():
        bound = 1 / np.sqrt(np.prod(shape[1:]))  # as PyTorch starts its layers
        weights[f"{name}.w"] = rng.uniform(-bound, bound, size=shape).astype(np.float32)
        weights[f"{name}.b"] = rng.uniform(-bound, bound, size=shape[0]).astype(np.float32)
    images, labels = rng.normal(size=(64, 1, 28, 28)).astype(np.float32), rng.integers(0, 10, size=64)

    ours = {k: Tensor(v, requires_grad=True) for k, v in weights.items()}
    loss = mg.cross_entropy(lenet(images, ours, mg.conv2d, mg.relu, mg.max_pool2d), labels)
    loss.backward()

    theirs = {k: torch.tensor(v, requires_grad=True) for k, v in weights.items()}
    logits = lenet(torch.tensor(images), theirs, F.conv2d, torch.relu, F.max_pool2d)
    expected = F.cross_entropy(logits, torch.tensor(labels))
    expected.backward()

    assert loss.dtype == np.float32
    assert float(loss) == pytest.approx(expected.item(), rel=1e-5)
    for name, p in ours.items():
        reference = theirs[name].grad.numpy()
        assert p.grad.dtype == np.float32
        assert np.linalg.norm(p.grad - reference) <= 1e-5 * np.linalg.norm(reference), name
