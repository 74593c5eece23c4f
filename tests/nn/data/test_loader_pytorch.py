"""PyTorch's data sets and loaders as data: the same batches as PyTorch's own loader gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.data import DataLoader
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("size", [1, 3, 5, 10])
def test_batches(size: int, drop_last: bool) -> None:
    x, y = torch.arange(20.0).reshape(10, 2), torch.arange(10)
    data = torch.utils.data.TensorDataset(x, y)
    expected: Any = torch.utils.data.DataLoader(data, batch_size=size, drop_last=drop_last)
    loaders = [DataLoader(*given, batch_size=size, drop_last=drop_last) for given in [(x, y), (data,)]]
    for loader in (*loaders, DataLoader(expected)):
        assert len(loader) == len(expected)
        for _ in range(2):
            for batch, other in zip(loader, expected, strict=True):
                for a, b in zip(batch, other, strict=True):
                    assert type(a) is np.ndarray
                    assert a.dtype == b.numpy().dtype
                    np.testing.assert_array_equal(a, b.numpy())
