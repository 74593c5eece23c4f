"""Values as text: numbers, vectors, matrices, and what is too large for either."""

import numpy as np
import pytest

import minigrad as mg
from minigrad.notation import show
from minigrad.notation.values import number, showing


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float64(-0.25), "−0.25"),
        ([0.5, -1.0], "[0.5, −1]"),
        ([[1.0, 2.0, 3.0]], "[1  2  3]"),
        ([[1.0, -0.5], [2.0, 10.0]], "⎡1  −0.5⎤\n⎣2    10⎦"),
        ([[1.0], [2.0], [3.0]], "⎡1⎤\n⎢2⎥\n⎣3⎦"),
        ([[[[1.0, 2.0], [3.0, 4.0]]]], "⎡1  2⎤\n⎣3  4⎦"),
        (np.ones((2, 2, 2)), "2×2×2, 1 … 1, norm 2.828"),
        (np.arange(9.0), "[0, 1, 2, 3, 4, 5, 6, 7, 8]"),
        (np.arange(37.0) % 2, "37 elements, 0 … 1, norm 4.243"),
        (np.linspace(0.1234, 0.9876, 7), "7 elements, 0.1234 … 0.9876, norm 1.656"),
        (np.zeros((0, 3)), "0×3, empty"),
        (np.array([True, False]), "[1, 0]"),
        (np.full((10, 10), np.nan), "10×10, nan … nan, norm nan"),
        (np.array([1e30, 1.0]), "[1e+30, 1]"),
    ],
)
def test_show(value, text):
    assert show(value) == text


@pytest.mark.parametrize("shape", [(6, 6), (1, 6, 6), (1, 1, 6, 6), (6, 1), (1, 6), (6,), (3, 5), (2, 6)])
def test_small_arrays_are_shown_in_full_where_there_is_room(shape):
    array = np.random.default_rng(0).normal(size=shape)
    shown = show(array, 72)
    assert "norm" not in shown
    assert max(map(len, shown.split("\n"))) <= 72
    for x in array.flat:
        assert number(x) in shown
    if shown.count("  "):
        assert "norm" in show(array, len(shown.split("\n")[0]) - 1)


@pytest.mark.parametrize(("limit", "shape"), [(2, (2, 2)), (3, (3, 3)), (8, (8, 8)), (10, (1, 10, 10))])
def test_the_limit_is_an_option(limit, shape):
    small, large = np.ones(shape), np.ones((shape[-2] + 1, shape[-1]))
    with showing(limit):
        assert "norm" not in show(small, 72)
        assert "norm" in show(large, 72)


@pytest.mark.parametrize("form", ["__str__", "markdown", "html", "play"])
def test_a_derivation_shows_arrays_up_to_its_limit(form, capsys):
    X = mg.Tensor(np.random.default_rng(0).normal(size=(1, 6, 6)))
    W = mg.Tensor(np.random.default_rng(1).normal(size=(6, 6)), requires_grad=True)
    loss = mg.sum(mg.tanh(X @ W))

    def written(max_shown: int) -> str:
        text = getattr(mg.explain(loss, max_shown=max_shown), form)()
        return capsys.readouterr().out if text is None else text

    assert ", norm " not in written(6)
    assert ", norm " in written(5)
    with pytest.raises(ValueError, match="max_shown is the largest number of rows and columns to show, got 0"):
        mg.explain(loss, max_shown=0)
