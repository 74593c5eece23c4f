"""Cross-entropy from logits: class numbers, probabilities, certainty, and its error messages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.core.graph import sweep
from minigrad.core.tensor import Tensor

rng = np.random.default_rng(0)
logits, labels = rng.normal(size=(4, 3)), np.array([2, 0, 1, 2])


def loss_and_gradient(z: Any, target: Any, **params: Any) -> tuple[Any, Any]:
    z = Tensor(z, requires_grad=True)
    loss = mg.cross_entropy(z, target, **params)
    loss.sum().backward()
    return loss.data, z.grad


@pytest.mark.parametrize("kind", [np.asarray, list, Tensor, np.uint8])
def test_class_numbers_are_certain_probabilities(kind: Any) -> None:
    one, two = loss_and_gradient(logits, kind(labels)), loss_and_gradient(logits, np.eye(3)[labels])
    np.testing.assert_array_equal(one[0], two[0])
    np.testing.assert_array_equal(one[1], two[1])


def test_the_error_signal_is_that_of_the_lecture() -> None:
    """z̄ = y − t, divided by the size of the batch."""
    _, z_bar = loss_and_gradient(logits, labels)
    y = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(z_bar, (y - np.eye(3)[labels]) / 4, rtol=1e-12)


def test_reductions() -> None:
    losses, _ = loss_and_gradient(logits, labels, reduction="none")
    assert losses.shape == (4,)
    np.testing.assert_allclose(losses, [-mg.log_softmax(z)[t] for z, t in zip(logits, labels, strict=True)])
    total, total_bar = loss_and_gradient(logits, labels, reduction="sum")
    mean, mean_bar = loss_and_gradient(logits, labels)
    assert total == pytest.approx(losses.sum())
    assert mean == pytest.approx(losses.mean())
    np.testing.assert_allclose(total_bar, 4 * mean_bar)


def test_one_sample_needs_no_batch() -> None:
    loss, z_bar = loss_and_gradient(logits[0], 2)
    batch_loss, batch_bar = loss_and_gradient(logits[:1], [2])
    assert loss == pytest.approx(batch_loss)
    np.testing.assert_allclose(z_bar, batch_bar[0])
    assert loss == pytest.approx(loss_and_gradient(logits[0], [0.0, 0.0, 1.0])[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_logits_neither_overflow_nor_warn(dtype: type) -> None:
    z = np.array([[1000.0, -1000.0], [1000.0, -1000.0]], dtype=dtype)
    losses, z_bar = loss_and_gradient(z, [0, 1], reduction="none")
    np.testing.assert_array_equal(losses, [0, 2000])
    np.testing.assert_array_equal(z_bar, [[0, 0], [1, -1]])


@pytest.mark.parametrize("target", [[0], [[1.0, 0.0]], np.array([[1.0, 0.0]]), Tensor([[1.0, 0.0]])], ids=repr)
def test_a_class_of_probability_0_adds_nothing(target: Any) -> None:
    loss, z_bar = loss_and_gradient([[0.0, -np.inf]], target)
    assert loss == 0
    np.testing.assert_array_equal(z_bar, [[0, 0]])


def test_certainty_about_a_wrong_class_costs_infinitely() -> None:
    loss, z_bar = loss_and_gradient([[0.0, -np.inf]], [1])
    assert loss == np.inf
    np.testing.assert_array_equal(z_bar, [[1, -1]])


def test_probabilities_do_not_widen_float32_logits() -> None:
    z = Tensor(logits, requires_grad=True, dtype=np.float32)
    loss = mg.cross_entropy(z, np.full((4, 3), 1 / 3))
    seen = {}
    sweep(loss, np.float32(1), visit=lambda t, t_bar: seen.setdefault(t, t_bar))
    assert loss.dtype == np.float32
    assert {t_bar.dtype for t_bar in seen.values()} == {np.dtype(np.float32)}


halves = np.full((2, 2), 0.5)


@pytest.mark.parametrize("t", [[1, 0], halves, Tensor(halves)], ids=repr)
def test_the_error_signal_for_probabilities_is_written_as_in_the_lecture(t: Any) -> None:
    z = Tensor([[1.0, 2.0], [0.0, 3.0]], requires_grad=True)
    L = mg.cross_entropy(z, t, reduction="sum")
    assert "z̄ = L̄ (softmax(z) − t)" in str(mg.explain(L))


@pytest.mark.parametrize("weights", [2 * halves, 0 * halves, -halves, [[0.1, 0.2], [0.9, 0.8]], 1.001 * halves])
def test_targets_that_do_not_sum_to_1_scale_the_softmax_by_their_sum(weights: Any) -> None:
    _, z_bar = loss_and_gradient(logits[:2, :2], np.asarray(weights), reduction="none")
    y = mg.softmax(logits[:2, :2])
    np.testing.assert_allclose(z_bar, y * np.sum(weights, axis=1, keepdims=True) - weights, rtol=1e-12)


def test_learned_probabilities_need_not_keep_their_sum() -> None:
    """z̄ = y Σ t − t has the slope y in each t, also where Σ t = 1 today."""
    y = mg.softmax(logits[0])
    slopes = mg.jacobian(lambda t: mg.grad(mg.cross_entropy)(logits[0], t))(np.full(3, 1 / 3))
    np.testing.assert_allclose(slopes, y[:, None] - np.eye(3))


def test_targets_can_be_learned() -> None:
    """Distillation: the error signal of a probability is −log y."""
    t = Tensor(np.full(3, 1 / 3), requires_grad=True)
    mg.cross_entropy(logits[0], t).backward()
    np.testing.assert_allclose(t.grad, -mg.log_softmax(logits[0]))


@pytest.mark.parametrize(
    ("z", "target", "params", "message"),
    [
        (logits, labels, {"reduction": "avg"}, r"reduction is \"mean\", \"sum\" or \"none\", got 'avg'"),
        (logits[0, 0], 0, {}, r"logits have shape \(N, C\), \(C,\) or \(N, C, d1, …\), got \(\)"),
        (logits, labels[:3], {}, r"need class numbers of shape \(4,\), got shape \(3,\)"),
        (logits, labels[:, None], {}, r"got shape \(4, 1\)"),
        (logits, np.eye(3, dtype=int)[labels], {}, r"got shape \(4, 3\)"),
        (logits, labels + 1, {}, r"run from 0 to 2 for 3 classes.*got 1 … 3"),
        (logits, labels - 1, {}, r"run from 0 to 2 for 3 classes.*got -1 … 1"),
        (logits, labels.astype(float), {}, r"shape \(4,\), but the logits have \(4, 3\).*astype\(int\)"),
    ],
)  # fmt: skip
def test_errors_say_what_was_expected(z: Any, target: Any, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=rf"^cross_entropy: .*{message}"):
        mg.cross_entropy(Tensor(z), target, **params)
