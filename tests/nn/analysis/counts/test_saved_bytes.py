"""The bytes that the graph keeps, against what Python's tracemalloc sees NumPy keep."""

from __future__ import annotations

import gc
import tracemalloc
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

MODELS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "LeNet": (lambda: nn.LeNet(rng=0), (1, 28, 28)),
    "dropout and local response normalization": (lambda: nn.SmallAlexNet(rng=0), (3, 32, 32)),
    "branches": (lambda: nn.Inception(4, 2, 2, 2, 2, 2, 2, rng=0), (4, 9, 9)),
    "norms and pooling": (
        lambda: nn.Sequential(nn.Conv2d(1, 2, 3), nn.GroupNorm(1, 2), nn.ELU(), nn.AvgPool2d(2), nn.LPPool2d(2, 2)),
        (1, 18, 18),
    ),
    "a frozen layer": (lambda: nn.Sequential(nn.Linear(50, 400).requires_grad_(False), nn.Linear(400, 3)), (50,)),
}


def kept_by_numpy(model: nn.Module, x: Any) -> int:
    """The bytes of the arrays that a forward pass leaves in memory as long as its output is there."""
    model(x)  # what is made once
    gc.collect()
    tracemalloc.start()
    try:
        y = model(x)
        gc.collect()
        numpy_alone = tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)
        traces = tracemalloc.take_snapshot().filter_traces([numpy_alone]).traces
    finally:
        tracemalloc.stop()
    assert y.requires_grad
    return sum(trace.size for trace in traces)


@pytest.mark.parametrize("name", MODELS)
def test_as_many_as_numpy_keeps(name: str) -> None:
    make, shape = MODELS[name]
    model = make()
    table = nn.summary(model.eval(), shape)
    assert table.saved_bytes == kept_by_numpy(model.train(), np.zeros((1, *shape), np.float32))
    assert table.saved_bytes == sum(row.saved_bytes or 0 for row in table.layers)


def rows(model: nn.Module, shape: tuple[int, ...]) -> list[int | None]:
    return [row.saved_bytes for row in nn.summary(model, shape).layers]


def test_by_hand() -> None:
    """Each output in single precision; max-pooling keeps a byte more for each, that says where the maximum was."""
    model = nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.Flatten(), nn.Linear(6272, 10), nn.Dropout(0.5))
    assert rows(model, (1, 28, 28)) == [4 * 8 * 28 * 28, 0, 40, 80]
    assert rows(nn.Sequential(nn.Conv2d(1, 8, 5), nn.MaxPool2d(2)), (1, 28, 28)) == [4 * 8 * 24 * 24, 5 * 8 * 12 * 12]
    assert rows(nn.Linear(3, 2).to(dtype=np.float64), (3,)) == [16]


def test_nothing_below_the_first_parameter_that_is_trained() -> None:
    frozen = nn.Sequential(nn.Linear(3, 5), nn.Tanh()).requires_grad_(False)
    assert rows(nn.Sequential(nn.Tanh(), nn.Flatten(), nn.Linear(3, 2)), (3,)) == [0, 0, 12 + 8]  # its input, too
    assert rows(nn.Sequential(frozen, nn.Linear(5, 2)), (3,)) == [0, 0, 20 + 8]
    assert rows(frozen, (3,)) == [0, 0]


def test_constants_of_a_module_are_there_without_the_graph() -> None:
    class Shifted(nn.Module):
        def __init__(self) -> None:
            self.shift, self.scales = np.ones(3, np.float32), {"gain": [nn.Parameter(np.ones(3, np.float32))]}

        def forward(self, x: Any) -> Any:
            return (x + self.shift) * self.scales["gain"][0]

    assert rows(nn.Sequential(nn.Linear(2, 3), Shifted()), (2,)) == [12, 12 + 12]


def test_of_vectors_that_are_normalized_over_the_batch_half_of_what_two_keep() -> None:
    model = nn.Sequential(nn.Linear(3, 400), nn.BatchNorm1d(400), nn.Dropout(0.5))
    table = nn.summary(model, (3,))
    running = 2 * 1600  # the new mean and variance, which belong to the layer and not to the graph
    assert table.saved_bytes == (kept_by_numpy(model.train(), np.ones((2, 3), np.float32)) - running) // 2
    assert [row.saved_bytes for row in table.layers][::2] == [1600, 3200]


def test_the_model_is_left_as_it_was() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.BatchNorm2d(2), nn.Dropout(0.5, rng=0)).eval()
    before = {name: value.copy() for name, value in model.state_dict().items()}
    twin = nn.Dropout(0.5, rng=0)
    nn.summary(model, (1, 6, 6))
    assert all(np.array_equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(module.training for _, module in model.named_modules())
    np.testing.assert_array_equal(model[2].train()(np.ones(20)), twin.train()(np.ones(20)))


def test_a_model_that_cannot_train_has_a_table_without_them() -> None:
    class Evaluated(nn.Module):
        def forward(self, x: Any) -> Any:
            if self.training:
                raise NotImplementedError("made for evaluation")
            return mg.tanh(x)

    table = nn.summary(Evaluated(), (3,))
    assert table.saved_bytes is None
    assert "Saved bytes" not in str(table)
    assert str(table).endswith("For one sample: 0 multiply-adds")
