"""Losses with a margin: slopes at it, vectors of length 0, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg

Y, SIGNS = np.array([0.5, 1.0, 2.0, 0.0]), np.array([1, -1, -1, -1])
ONES = np.ones((2, 3))


def test_at_the_margin_the_slopes_are_pytorchs() -> None:
    slopes = mg.grad(lambda y: mg.hinge_embedding_loss(y, SIGNS, "sum"))(Y)
    np.testing.assert_array_equal(slopes, [1, -1, 0, -1])
    slopes = mg.grad(lambda y: mg.margin_ranking_loss(y, np.zeros(4), SIGNS, "sum"))(Y)
    np.testing.assert_array_equal(slopes, [0, 1, 1, 1])
    slopes = mg.grad(lambda y: mg.multi_margin_loss(y, 0))(np.array([2.0, 1.0, 1.5]))
    np.testing.assert_allclose(slopes, [-1 / 3, 0, 1 / 3])


def test_known_values() -> None:
    np.testing.assert_array_equal(mg.hinge_embedding_loss(Y, SIGNS, "none", margin=2.0), [0.5, 1, 0, 2])
    np.testing.assert_allclose(mg.soft_margin_loss(Y, SIGNS, "none"), np.log1p(np.exp(-SIGNS * Y)))
    scores = np.array([[0.1, 0.2, 0.4, 0.8]])
    assert mg.multi_margin_loss(scores, [3]) == pytest.approx(0.325)  # PyTorch's documentation
    assert mg.multi_margin_loss(scores, [3], weight=[1, 1, 1, 2]) == pytest.approx(0.65)
    squares = (0.3**2 + 0.4**2 + 0.6**2) / 4
    assert mg.multi_margin_loss(scores[0], 3, p=2) == pytest.approx(squares)
    assert mg.multi_margin_loss(scores[0], 3, weight=[1, 1, 1, 2]) == pytest.approx(0.65)


def test_beyond_the_margin_nothing_is_lost() -> None:
    opposite = mg.cosine_embedding_loss(np.array([[1.0, 0.0]]), [[-1.0, 0.1]], [-1], "none")
    near = mg.triplet_margin_loss(np.array([[0.0, 0.0]]), [[0.1, 0.0]], [[3.0, 4.0]], "none")
    np.testing.assert_array_equal([opposite, near], np.zeros((2, 1)))


def test_far_logits() -> None:
    np.testing.assert_array_equal(mg.soft_margin_loss(np.array([1000.0, -1000.0]), [1, 1], "none"), [0, 1000])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_vectors_of_length_0_have_a_cosine_of_0(dtype: Any) -> None:
    x1, x2 = np.zeros((2, 3), dtype), np.ones((2, 3), dtype)
    losses = mg.cosine_embedding_loss(x1, x2, [1, -1], "none")
    np.testing.assert_array_equal(losses, [1, 0])
    assert losses.dtype == dtype
    if dtype != np.float16:  # whose range they exceed
        x1_bar = mg.grad(lambda x: mg.cosine_embedding_loss(x, x2, [1, 1]))(x1)
        assert x1_bar.dtype == dtype
        assert np.isfinite(x1_bar).all()


def test_a_triplet() -> None:
    a, p, n = (np.array([v]) for v in ([0.0, 0.0], [3.0, 4.0], [6.0, 8.0]))
    assert mg.triplet_margin_loss(a, p, n, margin=7, eps=0) == pytest.approx(2)
    assert mg.triplet_margin_loss(a, p, n, margin=7, eps=0, swap=True) == pytest.approx(7)
    assert mg.triplet_margin_loss(a, p, n, margin=10, p=1, eps=0) == pytest.approx(3)
    known = 7 + np.linalg.norm(a - p + 0.5) - np.linalg.norm(a - n + 0.5)  # PyTorch adds it, too
    assert mg.triplet_margin_loss(a, p, n, margin=7, eps=0.5) == pytest.approx(known)
    mg.check_grads(lambda a, p, n: mg.triplet_margin_loss(a, p, n, margin=9), a, p, n, order=2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: mg.hinge_embedding_loss(Y, SIGNS > 0), r"got 0 … 1; for 0 and 1, write 2 \* target - 1"),
        (lambda: mg.hinge_embedding_loss(SIGNS, Y), "the outputs come first, and then the targets"),
        (lambda: mg.soft_margin_loss(Y, 2 * SIGNS), r"targets are -1 or 1, got -2 … 2$"),
        (lambda: mg.soft_margin_loss(Y, mg.Tensor(1.0 * SIGNS, requires_grad=True)), r"pass target\.detach\(\)"),
        (lambda: mg.margin_ranking_loss(Y, Y[:2], SIGNS), r"x1 has shape \(4,\), but x2 \(2,\)"),
        (lambda: mg.margin_ranking_loss(Y, Y, SIGNS[:2]), r"has shape \(4,\), but target \(2,\)"),
        (lambda: mg.cosine_embedding_loss(ONES, ONES, [[1], [1]]), r"need targets of shape \(2,\), got \(2, 1\)"),
        (lambda: mg.cosine_embedding_loss(ONES[None], ONES[None], [1]), r"vectors have shape \(N, D\) or \(D,\)"),
        (lambda: mg.cosine_embedding_loss(ONES, ONES[:1], [1, 1]), r"but x2 \(1, 3\)"),
        (lambda: mg.triplet_margin_loss(ONES, ONES, ONES[:1]), r"anchor has shape \(2, 3\), but negative \(1, 3\)"),
        (lambda: mg.triplet_margin_loss(ONES, ONES, ONES, p=0), "p is 0, expected a positive number"),
        (lambda: mg.multi_margin_loss(ONES, [0, 1], p=3), "p is 1 or 2, got 3"),
        (lambda: mg.multi_margin_loss(ONES, [0.0, 1.0]), r"integers, got float64; write target\.astype\(int\)"),
        (lambda: mg.multi_margin_loss(ONES, [0, 3]), r"run from 0 to 2 for 3 classes"),
        (lambda: mg.multi_margin_loss(ONES[None], [0]), r"outputs have shape \(N, C\) or \(C,\), got \(1, 2, 3\)"),
        (lambda: mg.hinge_embedding_loss(1j * Y, SIGNS), "real numbers only"),
        (lambda: mg.hinge_embedding_loss(Y, SIGNS, margin=np.inf), "margin is inf, expected a finite number"),
    ],
)
def test_what_is_refused(call: Any, said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"^\w+_loss: .*{said}"):
        call()
