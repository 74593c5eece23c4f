"""The number of parameters with and without parameter sharing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


def counts(model: nn.Module, shape: tuple[int, ...]) -> tuple[int, int]:
    table = nn.summary(model, shape, sharing=True)
    assert table.total_without_sharing is not None
    return table.total, table.total_without_sharing


def test_the_numbers_of_the_lectures() -> None:
    assert counts(nn.Conv2d(3, 96, 11, stride=4), (3, 227, 227)) == (96 * (11 * 11 * 3 + 1), 105_705_600)
    assert 55 * 55 * 96 * (11 * 11 * 3 + 1) == 105_705_600
    assert counts(nn.Conv2d(3, 10, 5, padding=2), (3, 32, 32)) == (760, 32 * 32 * 760)
    assert counts(nn.Conv2d(3, 6, 5, bias=False), (3, 32, 32)) == (6 * 75, 28 * 28 * 6 * 75)


def test_a_layer_without_sharing_has_as_many_as_with() -> None:
    assert counts(nn.Linear(7, 3), (7,)) == (24, 24)


def test_a_layer_that_is_called_twice_would_be_two() -> None:
    shared = nn.Linear(3, 3)
    table = nn.summary(nn.Sequential(shared, nn.ReLU(), shared), (3,), sharing=True)
    assert [(row.parameters, row.without_sharing) for row in table.layers] == [(12, 12), (0, 0), (0, 12)]
    assert (table.total, table.total_without_sharing) == (12, 24)


def test_tokens_share_a_fully_connected_layer() -> None:
    assert counts(nn.Linear(3, 4), (5, 3)) == (16, 5 * 16)


class Forward(nn.Module):
    """A function of x and a parameter."""

    def __init__(self, shape: tuple[int, ...], forward: Any) -> None:
        self.weight = nn.Parameter(np.ones(shape))
        self.compute = forward

    def forward(self, x: Any) -> Any:
        return self.compute(x, self.weight)


@pytest.mark.parametrize(
    ("shape", "forward", "sample", "without"),
    [
        ((3, 1, 1), lambda x, w: x * w, (3, 4, 5), 60),  # a scale for each channel
        ((3, 4, 5), lambda x, w: x + w, (3, 4, 5), 60),
        ((3, 2), lambda x, w: x @ w, (4, 3), 4 * 6),
        ((2, 3), lambda x, w: x @ w.T, (4, 3), 4 * 6),
        ((2, 4), lambda x, w: w @ x, (4, 3), 3 * 8),
        ((3, 2, 2, 2), lambda x, w: mg.conv_transpose2d(x, w, stride=2), (3, 4, 5), 4 * 5 * 24),
        ((3, 2, 3), lambda x, w: mg.conv1d(x, w, dilation=2), (2, 9), 5 * 18),
        ((2, 3, 3, 3), lambda x, w: mg.conv2d(x, w * 2 / mg.sum(w)), (3, 5, 5), 9 * (54 + 54)),  # seen twice
        ((3, 2), lambda x, w: mg.einsum("nti,io->nto", x, w), (4, 3), 4 * 6),
        ((3, 3), lambda x, w: mg.solve(w + np.eye(3), x), (3, 2), 9),  # how often it uses them is not known: once
    ],
)
def test_uses_of_a_parameter(shape: Any, forward: Any, sample: Any, without: int) -> None:
    assert counts(Forward(shape, forward), sample) == (int(np.prod(shape)), without)


def test_parameters_count_in_the_layer_that_uses_them() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Dropout(), nn.Sequential(nn.Flatten(), nn.Linear(18, 2)))
    table = nn.summary(model, (1, 5, 5), sharing=True)
    assert [row.without_sharing for row in table.layers] == [9 * 20, 0, 0, 38]
    assert "\nTotal parameters: 58; without sharing: 218\n" in str(table)


def test_frozen_parameters_count() -> None:
    layer = nn.Linear(3, 2)
    layer.weight.requires_grad = False
    assert counts(layer, (3,)) == (8, 8)


def test_without_a_graph_nothing_can_be_counted() -> None:
    with mg.no_grad(), pytest.raises(RuntimeError, match=r"nothing was recorded .* call this outside of no_grad"):
        nn.summary(nn.Linear(3, 2), (3,), sharing=True)
    with mg.no_grad():
        assert nn.summary(nn.Linear(3, 2), (3,)).total == 8
