"""Concat: branches side by side."""

from __future__ import annotations

import numpy as np
import pytest

import nn

IMAGES = np.random.default_rng(0).normal(size=(2, 4, 8, 8)).astype(np.float32)


def test_concat_joins_its_branches() -> None:
    block = nn.Concat(nn.Conv2d(4, 3, 1, rng=0), nn.Identity(), wide=nn.Conv2d(4, 2, 5, padding=2, rng=1))
    y = block(IMAGES)
    assert y.shape == (2, 9, 8, 8)
    np.testing.assert_array_equal(y.data[:, 3:7], IMAGES)
    assert [name for name, _ in block.named_parameters()] == ["0.weight", "0.bias", "wide.weight", "wide.bias"]
    assert len(block) == 3
    assert block[-1] is block.wide
    assert block[:2](IMAGES).shape == (2, 7, 8, 8)
    assert block.append(nn.ReLU())(IMAGES).shape == (2, 13, 8, 8)
    assert nn.Concat(nn.Linear(8, 3), nn.Linear(8, 2), dim=-1)(IMAGES).shape == (2, 4, 8, 5)
    field = nn.receptive_field(block, (4, 8, 8))
    assert field["concat"].size == (5, 5)


def test_the_inception_block_of_the_paper_has_its_number_of_parameters() -> None:
    """3a of GoogLeNet: 163,696."""

    def conv(channels: int, filters: int, size: int) -> nn.Module:
        return nn.Sequential(nn.Conv2d(channels, filters, size, padding=size // 2), nn.ReLU())

    block = nn.Concat(
        conv(192, 64, 1),
        nn.Sequential(conv(192, 96, 1), conv(96, 128, 3)),
        nn.Sequential(conv(192, 16, 1), conv(16, 32, 5)),
        nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv(192, 32, 1)),
    )
    assert block(np.ones((1, 192, 4, 4), np.float32)).shape == (1, 256, 4, 4)
    assert sum(p.size for p in block.parameters()) == 163_696


def test_concat_refuses_what_cannot_be_joined() -> None:
    with pytest.raises(ValueError, match="Concat: got no modules"):
        nn.Concat()
    with pytest.raises(TypeError, match=r"Concat: expected modules, got list for '0'"):
        nn.Concat([nn.ReLU()])  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=r"give the shapes \(2, 4, 8, 8\), \(2, 4, 6, 6\), which can be joined along axis 1"
    ):
        nn.Concat(nn.ReLU(), nn.Conv2d(4, 4, 3))(IMAGES)
    with pytest.raises(ValueError, match="can be joined along axis 4"):
        nn.Concat(nn.ReLU(), nn.ReLU(), dim=4)(IMAGES)
