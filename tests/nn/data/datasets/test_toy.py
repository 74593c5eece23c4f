"""XOR, moons and spirals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn.data import Points, make_moons, make_spirals, make_xor

every_maker = pytest.mark.parametrize("make", [make_xor, make_moons, make_spirals])


@every_maker
def test_dtypes_and_seeds(make: Callable[..., Points]) -> None:
    x, y = make(60, noise=0.1, rng=3)
    assert x.shape == (60, 2)
    assert x.dtype == np.float32
    assert y.dtype == np.int64
    assert set(y) == {0, 1}
    again = make(60, noise=0.1, rng=3)
    assert (again.x == x).all()
    assert (again.y == y).all()
    assert (make(60, noise=0.1).x != make(60, noise=0.1).x).any()


@every_maker
def test_noise_is_normal_with_the_standard_deviation_asked_for(make: Callable[..., Points]) -> None:
    noise = make(4000, noise=0.3, rng=0).x - make(4000, rng=0).x
    assert noise.mean(axis=0) == pytest.approx([0, 0], abs=0.02)
    assert noise.std(axis=0) == pytest.approx([0.3, 0.3], abs=0.01)


def test_xor() -> None:
    x, y = make_xor(9)
    assert ((x[:, 0] != x[:, 1]) == y).all()
    assert np.unique(x, axis=0).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert (x[4:8] == x[:4]).all()


@pytest.mark.oracle
@pytest.mark.parametrize("n", [2, 100, 101])
def test_moons_are_those_of_scikit_learn(n: int) -> None:
    theirs = pytest.importorskip("sklearn.datasets").make_moons(n, shuffle=False)
    x, y = make_moons(n, rng=0)
    ours = np.column_stack([x, y])
    expected = np.column_stack(theirs)
    key = [np.lexsort(np.round(points, 5).T) for points in (ours, expected)]
    np.testing.assert_allclose(ours[key[0]], expected[key[1]], atol=1e-6)
    assert n < 10 or (np.diff(y) != 0).sum() > n / 4, "in random order"


@pytest.mark.parametrize(("n_classes", "turns"), [(1, 1.0), (2, 0.5), (5, 3.0)])
def test_spirals(n_classes: int, turns: float) -> None:
    x, y = make_spirals(103, n_classes=n_classes, turns=turns, rng=0)
    counts = np.bincount(y)
    assert len(counts) == n_classes
    assert counts.max() - counts.min() <= 1
    radius = np.hypot(*x.T)
    assert radius.max() == pytest.approx(1)
    # along its spiral, the angle grows with the radius by `turns` circles, and the spirals are turned evenly
    angle = np.arctan2(x[:, 1], x[:, 0]) / (2 * np.pi)
    difference = angle - turns * radius - y / n_classes
    assert difference - np.round(difference) == pytest.approx(0, abs=1e-4)
    assert len(np.unique(np.round(x, 4), axis=0)) == 103, "no point is in two classes"


@pytest.mark.parametrize(
    ("make", "arguments", "error", "message"),
    [
        (make_xor, {"n_samples": 0}, ValueError, "make_xor: n_samples is 0, expected at least 1"),
        (make_moons, {"n_samples": 1}, ValueError, "make_moons: n_samples is 1, expected at least 2"),
        (make_moons, {"n_samples": 10.0}, TypeError, "expected a whole number"),
        (make_moons, {"noise": -1}, ValueError, "make_moons: noise is -1, but must not be negative"),
        (make_moons, {"noise": None}, TypeError, "make_moons: noise is None, expected a number"),
        (
            make_spirals,
            {"n_samples": 3, "n_classes": 4},
            ValueError,
            "n_samples is 3, expected at least 4",
        ),
        (make_spirals, {"turns": float("inf")}, ValueError, "turns is inf"),
        (make_xor, {"rng": "seed"}, TypeError, "rng: got 'seed'"),
    ],
)
def test_errors(make: Callable[..., Any], arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make(**arguments)
