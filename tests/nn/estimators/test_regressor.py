"""Numbers to predict, one or several; with a linear model, it is least squares."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import nn

pytest.importorskip("sklearn")
from sklearn.metrics import r2_score

RNG = np.random.default_rng(2)
X = RNG.normal(size=(50, 3))
T = X @ RNG.normal(size=(3, 2)) + RNG.normal(size=(50, 2)) / 4 + [1.0, -1.0]


def linear(n_in: int, n_out: int, rng: Any) -> nn.Module:
    return nn.Linear(n_in, n_out, dtype=np.float64, rng=rng)


@pytest.mark.parametrize("t", [T, T[:, 0], T[:, :1]], ids=["two", "one", "a column"])
def test_a_linear_model_is_least_squares(t: Any) -> None:
    sgd = partial(nn.optim.SGD, lr=0.2)
    regressor = nn.Regressor(linear, optimizer=sgd, epochs=200, batch_size=50, random_state=0).fit(X, t)
    ones = np.column_stack([X, np.ones(50)])
    expected = ones @ np.linalg.lstsq(ones, t, rcond=None)[0]
    assert regressor.predict(X).shape == t.shape
    np.testing.assert_allclose(regressor.predict(X), expected, atol=1e-6)
    assert regressor.score(X, t) == pytest.approx(r2_score(t, expected))


def test_the_precision_is_that_of_the_model() -> None:
    """Targets of float64 do not make a float32 model train in float64."""
    seen = []

    def watch(run: Any) -> None:
        seen.append({p.data.dtype for p in run.model.parameters()} | {p.grad.dtype for p in run.model.parameters()})

    regressor = nn.Regressor(nn.Linear, epochs=1, callbacks=[watch], random_state=0)
    for t in (T, T.astype(np.float32), np.round(T).astype(int)):
        assert regressor.fit(X, t).predict(X).dtype == np.float32
    assert seen == [{np.dtype(np.float32)}] * 3
    assert nn.Regressor(epochs=1).fit(X.astype(np.float32), T).predict(X).dtype == np.float64


def test_parts_keep_the_shape_of_the_targets() -> None:
    regressor = nn.Regressor(linear, random_state=0).partial_fit(X, T)
    assert regressor.predict(X).shape == (50, 2)
    with pytest.raises(ValueError, match=r"y has shape \(50,\) in this call of partial_fit, and \(N, 2\) before"):
        regressor.partial_fit(X, T[:, 0])
