"""The convolutional layers agree with PyTorch's of the same arguments and parameters: outputs and all gradients."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle

ROWS = {
    "Conv": [
        (4, 6, 3),
        (4, 6, 3, 2, 1),
        (4, 6, 3, 1, 2, 2),
        (4, 6, 3, 1, 0, 1, 2),
        (4, 4, 3, 2, 1, 2, 4, False),
        (4, 6, 3, 1, "same", 2, 1, True, "reflect"),
        (4, 6, 3, 2, 1, 1, 1, True, "replicate"),
        (4, 6, 3, 2, 2, 1, 2, False, "circular"),
    ],
    "ConvTranspose": [
        (4, 6, 3),
        (4, 6, 3, 2, 1, 1),
        (4, 6, 4, 3, 1, 2, 2),
        (4, 6, 3, 2, 0, 0, 1, False),
        (4, 4, 3, 1, 1, 1, 4, True, 2),
    ],
}
CASES = [(f"{kind}{axes}d", given) for kind, rows in ROWS.items() for axes in (1, 2, 3) for given in rows]


@pytest.mark.parametrize(("name", "given"), CASES, ids=str)
def test_layer(name, given):
    """The arguments are given by position: their order is PyTorch's, too."""
    ours = getattr(nn, name)(*given, dtype=np.float64, rng=0)
    theirs = getattr(torch.nn, name)(*given, dtype=torch.float64)
    theirs.load_state_dict({path: torch.tensor(array) for path, array in ours.state_dict().items()})
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 4, 7, 8, 9)[: 2 + int(name[-2])])
    y, expected = ours(x), theirs(torch.tensor(x))
    assert y.shape == tuple(expected.shape)
    np.testing.assert_allclose(y.data, expected.detach().numpy(), rtol=1e-10, atol=1e-12)

    y_bar = rng.normal(size=y.shape)
    y.backward(y_bar)
    expected.backward(torch.tensor(y_bar))
    for (path, p), q in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-10, atol=1e-12, err_msg=path)


@pytest.mark.parametrize(("name", "given"), CASES, ids=str)
def test_initial_parameters(name, given):
    """Parameters start within the same bounds; 20 of PyTorch's layers come close to theirs."""
    ours = getattr(nn, name)(*given, rng=0)
    rivals = [getattr(torch.nn, name)(*given) for _ in range(20)]
    for (path, p), *others in zip(ours.named_parameters(), *(rival.parameters() for rival in rivals), strict=True):
        bound = 1 / np.sqrt(ours.weight.data[0].size)
        assert p.shape == tuple(others[0].shape), path
        largest = max(float(q.detach().abs().max()) for q in others)
        assert 0.9 * bound < largest <= bound * (1 + 1e-6), path
