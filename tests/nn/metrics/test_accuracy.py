"""Accuracy of classes, pixels, one-hot rows and decisions, whatever the batches."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

rng = np.random.default_rng(0)
SCORES, CLASSES = rng.normal(size=(23, 4)), rng.integers(0, 4, size=23)
PIXELS, PIXEL_CLASSES = rng.normal(size=(5, 3, 4, 6)), rng.integers(0, 3, size=(5, 4, 6))


def measured(metric: Any, output: Any, target: Any, batch_size: int = 5, loss: Any = None) -> Any:
    if loss is not None:
        metric.for_loss(loss)
    for i in range(0, len(target), batch_size):
        metric.update(output[i : i + batch_size], target[i : i + batch_size])
    return metric.compute()


@pytest.mark.parametrize("batch_size", [1, 5, 23])
def test_class_numbers(batch_size: int) -> None:
    expected = np.mean(SCORES.argmax(axis=1) == CLASSES)
    for dtype in (np.int64, np.uint8, np.int8):
        assert measured(nn.metrics.Accuracy(), SCORES, CLASSES.astype(dtype), batch_size) == expected
    assert measured(nn.metrics.Accuracy(), SCORES.astype(np.float16), CLASSES, batch_size) == expected


def test_pixels() -> None:
    expected = np.mean(PIXELS.argmax(axis=1) == PIXEL_CLASSES)
    assert measured(nn.metrics.Accuracy(), PIXELS, PIXEL_CLASSES) == expected


def test_one_hot_rows_and_probabilities_stand_for_their_greatest() -> None:
    expected = np.mean(SCORES.argmax(axis=1) == CLASSES)
    one_hot = np.eye(4)[CLASSES]
    for target in (one_hot, one_hot.astype(int), one_hot.astype(bool), 0.9 * one_hot + 0.025):
        assert measured(nn.metrics.Accuracy(), SCORES, target) == expected
    rows = np.moveaxis(np.eye(3)[PIXEL_CLASSES], -1, 1)
    assert measured(nn.metrics.Accuracy(), PIXELS, rows) == np.mean(PIXELS.argmax(axis=1) == PIXEL_CLASSES)


@pytest.mark.parametrize("output_shape", [(23,), (23, 1)])
@pytest.mark.parametrize("target_shape", [(23,), (23, 1)])
def test_decisions(output_shape: Any, target_shape: Any) -> None:
    logits, decided = SCORES[:, 0], CLASSES % 2
    expected = np.mean((logits > 0) == decided)
    y, t = logits.reshape(output_shape), decided.reshape(target_shape)
    for target in (t, t.astype(bool), t.astype(np.float32)):
        assert measured(nn.metrics.Accuracy(), y, target, loss=nn.BCEWithLogitsLoss()) == expected
        assert measured(nn.metrics.Accuracy(), y, target, loss=mg.binary_cross_entropy_with_logits) == expected
        assert measured(nn.metrics.Accuracy(), mg.sigmoid(y), target, loss=nn.BCELoss()) == expected
        assert measured(nn.metrics.Accuracy(), mg.sigmoid(y), target) == expected
        assert measured(nn.metrics.Accuracy(threshold=0), y, target) == expected
    assert measured(nn.metrics.Accuracy(threshold=1), y, t, loss=nn.BCEWithLogitsLoss()) == np.mean(
        (logits > 1) == decided
    )


@pytest.mark.parametrize("loss", [nn.MSELoss(), nn.L1Loss()])
def test_decisions_of_a_loss_that_is_not_of_logits_are_parted_in_the_middle(loss: nn.Module) -> None:
    """Outputs trained to be 0 or 1 may lie beyond; where no loss says what they are, those are refused."""
    y, t = np.array([-0.5, 0.4, 0.6, 1.5]), np.array([0, 1, 1, 1])
    assert measured(nn.metrics.Accuracy(), y, t, loss=loss) == 0.75
    with pytest.raises(ValueError, match=r"outside of 0 … 1, which are not probabilities"):
        measured(nn.metrics.Accuracy(), y, t)


def test_several_decisions_for_each_sample() -> None:
    decided = rng.integers(0, 2, size=SCORES.shape)
    expected = np.mean((SCORES > 0) == decided)
    assert measured(nn.metrics.Accuracy(), SCORES, decided, loss=nn.BCEWithLogitsLoss()) == pytest.approx(expected)


@pytest.mark.parametrize("metric", [nn.metrics.Accuracy, lambda **kwargs: nn.metrics.TopKAccuracy(1, **kwargs)])
@pytest.mark.parametrize("ignored", [-100, 255, 1])
def test_ignored_targets_do_not_count(metric: Any, ignored: int) -> None:
    target = np.where(rng.random(23) < 0.4, ignored, CLASSES)
    counts = target != ignored
    expected = np.mean((SCORES.argmax(axis=1) == CLASSES)[counts])
    loss = nn.CrossEntropyLoss(ignore_index=ignored)
    assert measured(metric(), SCORES, target, loss=loss) == expected
    assert measured(metric(ignore_index=ignored), SCORES, target, loss=nn.CrossEntropyLoss(ignore_index=2)) == expected
    assert math.isnan(measured(metric(), SCORES, np.full(23, ignored), loss=loss))


def test_tensors_are_measured_as_arrays() -> None:
    y = mg.Tensor(SCORES, requires_grad=True)
    assert measured(nn.metrics.Accuracy(), y, mg.Tensor(CLASSES)) == np.mean(SCORES.argmax(axis=1) == CLASSES)


@pytest.mark.parametrize("wrong", [-1, 4, 255])
@pytest.mark.parametrize(
    "metric", [nn.metrics.Accuracy, lambda: nn.metrics.TopKAccuracy(2), nn.metrics.ConfusionMatrix]
)
def test_a_target_outside_of_the_classes_is_an_error(metric: Any, wrong: int) -> None:
    target = CLASSES.copy()
    target[7] = wrong
    with pytest.raises(ValueError, match=f"got the target {wrong}, expected class numbers from 0 to 3"):
        measured(metric(), SCORES, target)


@pytest.mark.parametrize(
    ("output", "target", "error", "message"),
    [
        (SCORES, CLASSES[:-1], ValueError, r"outputs of shape \(23, 4\) and targets of shape \(22,\) do not fit"),
        (SCORES, CLASSES.astype(float), TypeError, r"targets of dtype float64.*astype\(int\)"),
        (SCORES, 2 * np.eye(4)[CLASSES], ValueError, "neither one-hot nor probabilities"),
        (SCORES, SCORES - SCORES.mean(axis=1, keepdims=True) + 0.25, ValueError, "neither one-hot nor probabilities"),
        (SCORES[:, 0], CLASSES % 2, ValueError, r"outside of 0 … 1.*threshold=0"),
        (np.full(23, 0.5), 2 * (CLASSES % 2) - 1, ValueError, "targets −1 and 1"),
        (np.full(23, 0.5), np.full(23, 0.3), TypeError, "not all 0 or 1"),
    ],
)
def test_what_does_not_fit_is_an_error(output: Any, target: Any, error: Any, message: str) -> None:
    metric = nn.metrics.Accuracy()
    with pytest.raises(error, match=f"Accuracy: .*{message}"):
        metric.update(output, target)
    assert math.isnan(metric.compute())


# ---------------------------------------------------------------- top k


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_top_k_is_the_share_of_ranks_below_k(k: int) -> None:
    ranks = (-SCORES).argsort(axis=1).argsort(axis=1)[np.arange(23), CLASSES]
    assert measured(nn.metrics.TopKAccuracy(k), SCORES, CLASSES) == np.mean(ranks < k)
    assert measured(nn.metrics.TopKAccuracy(k), SCORES, np.eye(4)[CLASSES]) == np.mean(ranks < k)


def test_top_k_of_pixels() -> None:
    flat, classes = np.moveaxis(PIXELS, 1, -1).reshape(-1, 3), PIXEL_CLASSES.ravel()
    expected = measured(nn.metrics.TopKAccuracy(2), flat, classes)
    assert 0.3 < expected < 0.9
    assert measured(nn.metrics.TopKAccuracy(2), PIXELS, PIXEL_CLASSES) == expected


def test_a_score_that_is_nan_is_not_among_the_best() -> None:
    y = np.array([[0.1, math.nan, 0.2, 0.0]])
    ranked = [measured(nn.metrics.TopKAccuracy(2), y, np.array([label])) for label in range(4)]
    assert ranked == [0, 0, 1, 0]


def test_more_ranks_than_classes_and_binary_outputs_are_errors() -> None:
    with pytest.raises(ValueError, match="k is 5, and there are 4 classes"):
        measured(nn.metrics.TopKAccuracy(), SCORES, CLASSES)
    with pytest.raises(ValueError, match="several classes"):
        measured(nn.metrics.TopKAccuracy(1), SCORES[:, :1], CLASSES[:, None])
    with pytest.raises(ValueError, match="TopKAccuracy: k is 0"):
        nn.metrics.TopKAccuracy(0)
