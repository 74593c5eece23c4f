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


@pytest.mark.parametrize("kind", [np.asarray, list, Tensor])
def test_probabilities_do_not_widen_float32_logits(kind: Any) -> None:
    z = Tensor(logits, requires_grad=True, dtype=np.float32)
    loss = mg.cross_entropy(z, kind(np.full((4, 3), 1 / 3)))
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
        (logits[:, :1], labels, {}, "got 0 … .*; for yes or no of one output use binary_cross_entropy_with_logits"),
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


# ---------------------------------------------------------------- weights, ignored targets, smoothing

WEIGHT = np.array([0.5, 2.0, 1.0])


def one_by_one(z: Any, t: Any) -> Any:
    """−log softmax(z)[t] for each class number, in plain NumPy; z has the classes on its last axis."""
    return -np.log(np.take_along_axis(np.exp(z), np.asarray(t)[..., None], -1)[..., 0] / np.exp(z).sum(axis=-1))


def test_a_weighted_mean_is_divided_by_the_weights_of_the_targets() -> None:
    losses, w = one_by_one(logits, labels), WEIGHT[labels]
    value, z_bar = loss_and_gradient(logits, labels, weight=WEIGHT)
    assert value == pytest.approx(np.sum(w * losses) / w.sum())
    y, t = mg.softmax(logits), np.eye(3)[labels]
    np.testing.assert_allclose(z_bar, w[:, None] * (y - t) / w.sum(), rtol=1e-12)
    np.testing.assert_allclose(mg.cross_entropy(logits, labels, "none", weight=WEIGHT), w * losses)
    assert mg.cross_entropy(logits, labels, "sum", weight=WEIGHT) == pytest.approx(np.sum(w * losses))


def test_weights_of_probabilities_leave_the_mean_over_the_batch() -> None:
    t = np.full((4, 3), 1 / 3)
    expected = -np.sum(WEIGHT * t * mg.log_softmax(logits)) / 4
    assert mg.cross_entropy(logits, t, weight=WEIGHT) == pytest.approx(expected)


@pytest.mark.parametrize("epsilon", [0.3, 1.0])
def test_label_smoothing_mixes_the_targets_with_equal_ones(epsilon: float) -> None:
    smoothed = (1 - epsilon) * np.eye(3)[labels] + epsilon / 3
    value, z_bar = loss_and_gradient(logits, labels, label_smoothing=epsilon)
    expected, expected_bar = loss_and_gradient(logits, smoothed)
    assert value == pytest.approx(expected)
    np.testing.assert_allclose(z_bar, expected_bar, atol=1e-15)
    assert mg.cross_entropy(logits, np.eye(3)[labels], label_smoothing=epsilon) == pytest.approx(expected)


@pytest.mark.parametrize("ignored", [-100, 255, 1])
@pytest.mark.parametrize("dtype", [np.int64, np.int16])
def test_ignored_targets_do_not_count(ignored: int, dtype: Any) -> None:
    some = np.where([True, False, True, True], labels, ignored).astype(dtype)
    kept = some != ignored
    value, z_bar = loss_and_gradient(logits, some, ignore_index=ignored)
    expected, expected_bar = loss_and_gradient(logits[kept], labels[kept])
    assert value == pytest.approx(expected)
    np.testing.assert_allclose(z_bar[kept], expected_bar)
    np.testing.assert_array_equal(z_bar[~kept], 0)
    for how in ({"weight": WEIGHT}, {"label_smoothing": 0.3}, {"weight": WEIGHT, "label_smoothing": 0.3}):
        whole = mg.cross_entropy(logits, some, ignore_index=ignored, **how)
        assert whole == pytest.approx(mg.cross_entropy(logits[kept], labels[kept], **how))
    losses = mg.cross_entropy(logits, some, "none", ignore_index=ignored)
    np.testing.assert_array_equal(losses[~kept], 0)
    assert not np.signbit(losses[~kept]).any()


@pytest.mark.parametrize("f", [mg.cross_entropy, lambda z, *args, **how: mg.nll_loss(mg.log_softmax(z), *args, **how)])
def test_a_mean_over_nothing_is_refused(f: Any) -> None:
    nothing = np.full(4, -100)
    with pytest.raises(
        ZeroDivisionError, match=r"(cross_entropy|nll_loss): every target is ignored or has the weight 0"
    ):
        f(logits, nothing)
    with pytest.raises(ZeroDivisionError, match='reduction="sum"'):
        f(logits, labels, weight=np.zeros(3))
    assert f(logits, nothing, "sum") == 0
    np.testing.assert_array_equal(f(logits, nothing, "none"), np.zeros(4))
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.isnan(f(logits[:0], labels[:0], weight=WEIGHT))


def test_learned_weights() -> None:
    mg.check_grads(lambda w: mg.cross_entropy(logits, labels, weight=w), WEIGHT, order=2)
    mg.check_grads(lambda w: mg.cross_entropy(logits, labels, weight=w, label_smoothing=0.3), WEIGHT)


@pytest.mark.parametrize("size", [(5,), (4, 5), (2, 4, 5)])
def test_one_class_for_each_pixel(size: tuple[int, ...]) -> None:
    z, t = rng.normal(size=(2, 3, *size)), rng.integers(0, 3, size=(2, *size))
    rows = np.moveaxis(z, 1, -1)
    np.testing.assert_allclose(mg.cross_entropy(z, t, "none"), one_by_one(rows, t))
    weighted = mg.cross_entropy(rows.reshape(-1, 3), t.ravel(), weight=WEIGHT)
    assert mg.cross_entropy(z, t, weight=WEIGHT) == pytest.approx(weighted)
    probabilities = np.moveaxis(np.eye(3)[t], -1, 1)
    np.testing.assert_allclose(mg.cross_entropy(z, probabilities, "none"), one_by_one(rows, t))
    mg.check_grads(lambda z: mg.cross_entropy(z, t, weight=WEIGHT), z, order=2)


def test_counts_of_many_ignored_targets_in_float16() -> None:
    t = np.where(np.arange(140_000) % 2, -100, 0)
    value, z_bar = loss_and_gradient(np.zeros((len(t), 2), np.float16), t)
    assert value == pytest.approx(np.log(2), rel=1e-3)
    assert np.isfinite(z_bar).all()


def test_nll_loss_of_log_softmax_is_the_cross_entropy() -> None:
    for how in ({}, {"weight": WEIGHT}, {"ignore_index": 1}, {"reduction": "none"}):
        np.testing.assert_allclose(
            mg.nll_loss(mg.log_softmax(logits), labels, **how), mg.cross_entropy(logits, labels, **how)
        )
    y = np.array([[0.0, -np.inf]])  # certainty
    assert mg.nll_loss(y, [0]) == 0
    assert mg.nll_loss(y, [1]) == np.inf


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: mg.cross_entropy(logits, labels, WEIGHT), TypeError, "passed by keyword, weight="),
        (lambda: mg.cross_entropy(logits, labels, weight=WEIGHT[:2]), ValueError, r"\(2,\), expected \(3,\)"),
        (lambda: mg.cross_entropy(logits, labels, weight=1j * WEIGHT), TypeError, "real numbers only"),
        (lambda: mg.cross_entropy(logits, labels, label_smoothing=1.5), ValueError, "from 0 to 1"),
        (lambda: mg.cross_entropy(logits, labels, label_smoothing=-0.5), ValueError, "from 0 to 1"),
        (lambda: mg.cross_entropy(logits, labels, label_smoothing=Tensor(0.5)), TypeError, "from 0 to 1"),
        (lambda: mg.cross_entropy(logits, np.eye(3)[labels], ignore_index=1), ValueError, "got probabilities"),
        (lambda: mg.nll_loss(logits, labels.astype(float)), TypeError, r"write target\.astype\(int\)"),
        (lambda: mg.nll_loss(labels, logits), TypeError, r"the outputs come first: nll_loss\(y, target\)"),
        (lambda: mg.nll_loss(logits, list("abca")), TypeError, r"the targets are text, expected class numbers; number"),
        (lambda: mg.nll_loss(logits, labels[:, None]), ValueError, r"write target\[\.\.\., 0\]"),
        (lambda: mg.nll_loss(logits + 0j, labels), TypeError, "real numbers only"),
        (lambda: mg.nll_loss(-0.5, 0), ValueError, r"log-probabilities have shape \(N, C\)"),
    ],
)  # fmt: skip
def test_errors_of_weights_and_targets(call: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=rf"^(cross_entropy|nll_loss): .*{said}"):
        call()


def test_the_derivation_of_weights_and_smoothing_can_be_read() -> None:
    z, w = Tensor([[1.0, 2.0], [0.0, 3.0]], requires_grad=True), np.array([1.0, 2.0])
    L = mg.cross_entropy(z, [1, 0], weight=w)
    shown = str(mg.explain(L))
    assert "L = (Σ (−Σⱼ (wᵀ ∘ t ∘ log(softmax(z)))ₙⱼ)) / 3" in shown
    assert "z̄ = (L̄ / 3) (softmax(z) ∘ Σⱼ (wᵀ ∘ t)ₙⱼ − wᵀ ∘ t)" in shown
    assert "w = [2, 1]" in str(mg.explain(mg.cross_entropy(z, [1, 0], weight=[2, 1])))
    L = mg.cross_entropy(z, [1, 0], label_smoothing=0.2)
    shown = str(mg.explain(L))
    assert "t = ⎡0.1  0.9⎤" in shown
    assert "z̄ = (L̄ / 2) (softmax(z) − t)" in shown
