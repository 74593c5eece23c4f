"""The windows of a layer in short."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


@pytest.mark.parametrize(
    ("layer", "shape", "kernel"),
    [
        (nn.Conv2d(2, 4, 5), (2, 9, 9), "5×5"),
        (nn.Conv2d(2, 4, (3, 1), stride=2, padding=1), (2, 9, 9), "3×1 s2 p1"),
        (nn.Conv2d(2, 4, 3, stride=(2, 1), padding=(0, 1)), (2, 9, 9), "3×3 s2×1 p0×1"),
        (nn.Conv2d(2, 4, 4, padding="same"), (2, 9, 9), "4×4 p1+2"),
        (nn.Conv2d(2, 4, 3, dilation=2, groups=2), (2, 9, 9), "3×3 d2 g2"),
        (nn.Conv1d(2, 4, 3), (2, 9), "3"),
        (nn.Conv2d(2, 4, 1), (2, 9, 9), "1×1"),
        (nn.ConvTranspose2d(2, 4, 3, stride=2), (2, 9, 9), "3×3 s2"),
        (nn.MaxPool2d(2), (2, 8, 8), "2×2"),
        (nn.MaxPool2d(3, stride=2, padding=1), (2, 8, 8), "3×3 s2 p1"),
        (nn.AvgPool3d((1, 2, 2)), (2, 4, 4, 4), "1×2×2"),
        (nn.LPPool2d(2, 2), (2, 8, 8), "2×2"),
        (nn.Linear(3, 2), (3,), ""),
        (nn.Flatten(), (2, 3), ""),
    ],
)  # fmt: skip
def test_kernels(layer: nn.Module, shape: tuple[int, ...], kernel: str) -> None:
    assert [row.kernel for row in nn.summary(layer, shape).layers] == [kernel]


def test_of_what_a_forward_calls_itself() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            self.conv = nn.Conv2d(1, 2, 3)

        def forward(self, x: Any) -> Any:
            y = mg.max_pool2d(mg.relu(self.conv(x)), 2)
            return mg.conv2d(y, np.ones((1, 2, 3, 3)), padding=1)

    assert [(row.name, row.kernel) for row in nn.summary(Net(), (1, 8, 8)).layers] == [
        ("conv", "3×3"),
        ("net", "2×2, 3×3 p1"),
    ]
