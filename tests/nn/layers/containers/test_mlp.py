"""MLP: its layers, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


def test_an_mlp_is_what_a_student_would_write() -> None:
    written = nn.Sequential(nn.Linear(4, 5, rng=(rng := np.random.default_rng(3))), nn.ReLU(), nn.Linear(5, 2, rng=rng))
    mlp = nn.MLP(4, [5], 2, rng=3)
    assert repr(mlp).replace("MLP", "Sequential") == repr(written)
    for (name, p), (other, q) in zip(mlp.named_parameters(), written.named_parameters(), strict=True):
        assert name == other
        np.testing.assert_array_equal(p.data, q.data)
    assert repr(nn.MLP(4, 5, 2)) == repr(mlp)
    assert repr(nn.MLP(4, [], 2)) == "MLP(\n  (0): Linear(4, 2)\n)"
    assert sum(p.size for p in nn.MLP(784, [128, 64], 10).parameters()) == 109_386


def test_the_parts_of_an_mlp() -> None:
    mlp = nn.MLP(4, (6, 5), 2, activation=nn.PReLU, norm=nn.BatchNorm1d, bias=False, dropout=0.25, rng=0)
    assert [type(layer).__name__ for layer in mlp] == [*("Linear", "BatchNorm1d", "PReLU", "Dropout") * 2, "Linear"]
    assert len({id(layer) for layer in mlp}) == 9
    assert (mlp[1].num_features, mlp[5].num_features) == (6, 5)
    assert not any(name.endswith("bias") for name, _ in mlp[0].named_parameters())
    assert nn.MLP(4, [3], 2, dtype=np.float64, init=nn.init.zeros_)(np.ones((1, 4))).data.tolist() == [[0, 0]]
    assert type(nn.MLP(4, [3], 2, activation=lambda: nn.LeakyReLU(0.2))[1]) is nn.LeakyReLU


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (
            lambda: nn.MLP(4, [3], 2, activation=nn.ReLU()),
            TypeError,
            r"activation is a ReLU, .* activation=nn.ReLU, or",
        ),
        (lambda: nn.MLP(4, [3], 2, activation="relu"), TypeError, r"activation is a str, expected a class or a func"),
        (lambda: nn.MLP(4, [3], 2, activation=lambda: 3), TypeError, "activation made a int, expected a module"),
        (lambda: nn.MLP(4, [3, 0], 2), ValueError, "MLP: hidden is 0, expected at least 1"),
        (lambda: nn.MLP(4, [2.5], 2), TypeError, "MLP: hidden is 2.5, expected a whole number"),
        (lambda: nn.MLP(4, [3], 2, dropout=1.5), ValueError, "p is a probability"),
    ],
)
def test_what_an_mlp_refuses(make: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make()
