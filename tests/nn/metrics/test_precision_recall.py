"""Precision, recall and F1 by their definitions; their averages are compared with scikit-learn's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn

rng = np.random.default_rng(1)
METRICS = {
    "precision": (nn.metrics.Precision, lambda hits, predicted, true: hits / predicted),
    "recall": (nn.metrics.Recall, lambda hits, predicted, true: hits / true),
    "f1": (nn.metrics.F1, lambda hits, predicted, true: 2 * hits / (predicted + true)),
}
every_metric = pytest.mark.parametrize(("metric", "formula"), METRICS.values(), ids=METRICS)


@every_metric
def test_decisions_by_the_definition(metric: Any, formula: Any) -> None:
    y, t = rng.random((31, 1)), rng.integers(0, 2, size=31)
    positive = y[:, 0] > 0.5
    measured = metric()
    for i in range(0, 31, 7):
        measured.update(y[i : i + 7], t[i : i + 7])
    assert measured.compute() == pytest.approx(formula((positive & (t == 1)).sum(), positive.sum(), t.sum()))


@every_metric
def test_each_class_by_the_definition(metric: Any, formula: Any) -> None:
    y, t = rng.normal(size=(40, 3, 2)), rng.integers(0, 3, size=(40, 2))
    predicted = y.argmax(axis=1)
    measured = metric(None)
    measured.update(y[:9], t[:9])
    measured.update(y[9:], t[9:])
    expected = [formula(((predicted == c) & (t == c)).sum(), (predicted == c).sum(), (t == c).sum()) for c in range(3)]
    np.testing.assert_allclose(measured.compute(), expected)


@every_metric
def test_nothing_to_divide_by_is_0_and_no_samples_are_nan(metric: Any, formula: Any) -> None:  # noqa: ARG001
    measured = metric()
    assert math.isnan(measured.compute())
    measured.update(np.array([0.1, 0.2]), np.array([0, 0]))  # no positive anywhere
    assert measured.compute() == 0
    per_class = metric(None)
    assert per_class.compute().shape == (0,)
    per_class.update(np.eye(3)[[0, 0]], np.array([-100, -100]))
    np.testing.assert_array_equal(per_class.compute(), np.full(3, math.nan))
    per_class.update(np.eye(3)[[0, 0]], np.array([0, 0]))
    np.testing.assert_array_equal(per_class.compute(), [1, 0, 0])


def test_auto_is_binary_for_one_output_and_macro_for_several() -> None:
    p, t = rng.random(51), rng.integers(0, 2, size=51)
    both = np.stack([1 - p, p], axis=1)

    def value(metric: Any, y: Any) -> Any:
        metric.update(y, t)
        return metric.compute()

    of_classes = value(nn.metrics.Precision(None), both)
    assert of_classes[0] != of_classes[1]
    assert value(nn.metrics.Precision(), p) == of_classes[1] == value(nn.metrics.Precision("binary"), both)
    assert value(nn.metrics.Precision(), both) == pytest.approx(of_classes.mean())
    assert value(nn.metrics.Precision("macro"), p) == pytest.approx(of_classes.mean())


def test_what_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"Recall: average is 'mean', expected 'auto', 'binary', .* or None"):
        nn.metrics.Recall("mean")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"F1: average='binary' is for two classes, and there are 3; .*'macro'"):
        nn.metrics.F1("binary").update(np.eye(3), np.arange(3))
    metric = nn.metrics.F1()
    metric.update(np.eye(3), np.arange(3))
    with pytest.raises(ValueError, match="F1: got outputs of 4 classes after 3"):
        metric.update(np.eye(4), np.arange(4))
    metric.reset()
    metric.update(np.eye(4), np.arange(4))
    assert metric.compute() == 1
