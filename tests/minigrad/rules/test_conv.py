"""Convolution against loops, its three primitives against one another, and its error messages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.tensor import Tensor
from tests import naive
from tests.samples import PRIMITIVES

input_grad, weight_grad = (PRIMITIVES[f"conv2d_{name}_grad"] for name in ("input", "weight"))

small = st.integers(1, 3)
scans = st.fixed_dictionaries(
    {
        "x": st.tuples(small, small, st.integers(1, 7), st.integers(1, 7)),
        "w": st.tuples(small, st.integers(1, 4), st.integers(1, 4)),
        "stride": st.tuples(small, small),
        "padding": st.tuples(st.integers(0, 2), st.integers(0, 2)),
        "seed": st.integers(0, 99),
    }
)


def draw(scan: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    (n, c, h, w), (o, kh, kw) = scan["x"], scan["w"]
    assume(kh <= h + 2 * scan["padding"][0] and kw <= w + 2 * scan["padding"][1])
    rng = np.random.default_rng(scan["seed"])
    how = {"stride": scan["stride"], "padding": scan["padding"]}
    return rng.normal(size=(n, c, h, w)), rng.normal(size=(o, c, kh, kw)), how


@given(scans)
def test_the_three_are_adjoint(scan: dict[str, Any]) -> None:
    """⟨conv(x, w), y⟩ = ⟨x, input_grad(y, w)⟩ = ⟨w, weight_grad(y, x)⟩: one sum of products, taken in three orders."""
    x, w, how = draw(scan)
    z = mg.conv2d(x, w, **how)
    y = np.random.default_rng(scan["seed"] + 100).normal(size=z.shape)
    whole = np.sum(z * y)
    assert np.sum(x * input_grad(y, w, size=x.shape[2:], **how)) == pytest.approx(whole, abs=1e-9)
    assert np.sum(w * weight_grad(y, x, kernel=w.shape[2:], **how)) == pytest.approx(whole, abs=1e-9)


@given(scans)
def test_values_against_loops(scan: dict[str, Any]) -> None:
    x, w, how = draw(scan)
    b = np.arange(float(len(w)))
    np.testing.assert_allclose(mg.conv2d(x, w, b, **how), naive.conv2d(x, w, b, **how), rtol=1e-10, atol=1e-12)


def test_batches_larger_than_the_workspace() -> None:
    """Columns are made for a few samples at a time; where one piece ends and the next begins must not show."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(40, 3, 28, 28)), rng.normal(size=(2, 3, 5, 5))
    z = mg.conv2d(x, w, padding=2)
    for i in (0, 2, 3, 17, 39):
        np.testing.assert_allclose(z[i : i + 1], mg.conv2d(x[i : i + 1], w, padding=2), rtol=1e-12)
    z_bar = rng.normal(size=z.shape)
    how = {"stride": (1, 1), "padding": (2, 2)}
    one_by_one = sum(weight_grad(z_bar[i : i + 1], x[i : i + 1], kernel=(5, 5), **how) for i in range(len(x)))
    np.testing.assert_allclose(weight_grad(z_bar, x, kernel=(5, 5), **how), one_by_one, rtol=1e-9, atol=1e-9)


def test_scanning_is_cross_correlation() -> None:
    """The filter is not flipped."""
    image = np.zeros((1, 1, 3, 3))
    image[0, 0, 1, 1] = 1
    filters = np.arange(9.0).reshape(1, 1, 3, 3)
    np.testing.assert_array_equal(mg.conv2d(image, filters, padding=1)[0, 0], filters[0, 0, ::-1, ::-1])


def test_an_empty_batch() -> None:
    x, w = Tensor(np.ones((0, 1, 3, 3)), requires_grad=True), Tensor(np.ones((2, 1, 2, 2)), requires_grad=True)
    mg.conv2d(x, w).sum().backward()
    assert x.grad.shape == x.shape
    np.testing.assert_array_equal(w.grad, 0)


def test_images_need_no_gradient() -> None:
    x, w = Tensor(np.ones((1, 1, 3, 3))), Tensor(np.ones((1, 1, 2, 2)), requires_grad=True)
    mg.conv2d(x, w).sum().backward()
    assert x.grad is None
    np.testing.assert_array_equal(w.grad, 4)


def test_whole_numbers_of_any_kind_are_strides() -> None:
    x, w = np.ones((1, 1, 5, 5)), np.ones((1, 1, 2, 2))
    for stride in (2, np.int64(2), (2, 2), [2, 2]):
        assert mg.conv2d(x, w, stride=stride).shape == (1, 1, 2, 2)


def ones(*shape: int) -> Tensor:
    return Tensor(np.ones(shape))


@pytest.mark.parametrize(
    ("args", "how", "message"),
    [
        ((ones(8, 3, 32, 32), ones(6, 1, 5, 5)), {}, r"3 channels.*expects 1.*did you mean Conv2d\(3, 6, 5\)\?"),
        ((ones(8, 3, 9, 9), ones(6, 1, 5, 3)), {}, r"did you mean Conv2d\(3, 6, \(5, 3\)\)\?"),
        ((ones(3, 9, 9), ones(6, 3, 5, 5)), {}, r"got shapes \(3, 9, 9\).*batch axis: x\[None\]"),
        ((ones(1, 3, 9, 9), ones(3, 5, 5)), {}, r"\(O, C, KH, KW\), got shapes"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3), ones(3)), {}, r"bias has shape \(3,\).*2 filters: \(2,\)"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3), ones(2, 1)), {}, r"bias has shape \(2, 1\)"),
        ((ones(1, 1, 3, 9), ones(2, 1, 6, 3)), {"padding": 1}, r"6 rows.*⌊\(3 − 6 \+ 2·1\) / 1⌋ \+ 1 = 0.*at least 2"),
        ((ones(1, 1, 9, 3), ones(2, 1, 3, 4)), {}, r"4 columns does not fit into 3 columns"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"stride": 0}, r"stride must be a whole number ≥ 1.*got 0"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"stride": 1.5}, r"stride must be a whole number.*got 1\.5"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"stride": (1, 2, 3)}, r"pair \(rows, columns\).*got \(1, 2, 3\)"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"padding": (0, -1)}, r"padding must be a whole number ≥ 0"),
        ((ones(1, 1, 9, 9), ones(2, 1, 3, 3)), {"padding": "same"}, r"padding must be a whole number.*'same'"),
    ],
)  # fmt: skip
def test_errors_say_how_to_mend_it(args: Any, how: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^conv2d: .*{message}"):
        mg.conv2d(*args, **how)
