"""Embedding: the rows of a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


def test_rows_that_are_taken_twice_get_the_sum() -> None:
    layer = nn.Embedding(4, 2, dtype=np.float64, rng=0)
    for indices in ([[0, 1], [1, 3]], np.array([[0, 1], [1, 3]], np.uint8), mg.Tensor([[0, 1], [1, 3]])):
        y = layer(indices)
        np.testing.assert_array_equal(y.data, layer.weight.data[[[0, 1], [1, 3]]])
        layer.zero_grad()
        y.sum().backward()
        np.testing.assert_array_equal(layer.weight.grad[:, 0], [1, 2, 0, 1])


def test_the_padding_is_0_and_stays_0() -> None:
    layer = nn.Embedding(4, 2, padding_idx=-1, rng=0)
    assert layer.padding_idx == 3
    assert repr(layer) == "Embedding(4, 2, padding_idx=3)"
    optimizer = nn.optim.SGD(layer.parameters(), lr=0.1)
    before = layer.weight.data.copy()
    (layer([3, 0, 3]) - 1).sum().backward()
    optimizer.step()
    assert not layer.weight.data[3].any()
    assert (layer.weight.data[0] != before[0]).all()
    assert not nn.Embedding(3, 2, 1, init=nn.init.ones_).weight.data[1].any()


def test_an_empty_table() -> None:
    assert nn.Embedding(0, 2)(np.zeros((2, 0), int)).shape == (2, 0, 2)
    assert nn.Embedding(2, 0)([1]).shape == (1, 0)


def test_initial_rows_are_normally_distributed() -> None:
    rows = nn.Embedding(500, 100, rng=0).weight
    assert rows.dtype == np.float32
    assert abs(float(rows.data.mean())) < 0.02
    assert abs(float(rows.data.std()) - 1) < 0.02


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (
            lambda: nn.Embedding(3, 2)([[0, 3]]),
            IndexError,
            r"index 3 at \[0, 1\] is out of range for a table of 3 rows",
        ),
        (lambda: nn.Embedding(3, 2)([-1]), IndexError, "index -1 at"),
        (
            lambda: nn.Embedding(3, 2)(np.zeros(3)),
            TypeError,
            r"expected integers as indices, got float64; .*astype\(int",
        ),
        (lambda: nn.Embedding(3, 2, padding_idx=3), ValueError, "padding_idx is 3, expected a row of 3, from 0 on"),
        (lambda: nn.Embedding(3, 2, padding_idx=-4), ValueError, "padding_idx is -4, expected at least -3"),
        (lambda: nn.Embedding(-1, 2), ValueError, "num_embeddings is -1, expected at least 0"),
        (lambda: nn.Embedding(3, -1), ValueError, "embedding_dim is -1, expected at least 0"),
        (lambda: nn.Embedding(3.0, 2), TypeError, "num_embeddings is 3.0, expected a whole number"),
    ],
)
def test_what_is_refused(call: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()


def test_a_model_that_begins_with_an_embedding_is_trained_and_summed_up() -> None:
    """Words that are good and words that are bad, in sentences of four."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 10, size=(200, 4))
    y = ((x < 5).sum(axis=1) > 2).astype(int)

    class Sentences(nn.Module):
        def __init__(self) -> None:
            self.words = nn.Embedding(10, 3, rng=0)
            self.out = nn.Linear(3, 2, rng=1)

        def forward(self, x: Any) -> Any:
            return self.out(mg.mean(self.words(x), axis=1))

    model = Sentences()
    nn.fit(model, (x, y), optimizer=nn.optim.Adam(model.parameters(), lr=0.05), epochs=12, rng=0, verbose=False)
    assert nn.evaluate(model, (x, y))["accuracy"] > 0.9
    assert nn.summary(model, (4,)).total == 38
    assert nn.summary(model, (4,), sharing=True).layers[0].output_shape == (4, 3)
