"""States of metrics, and metrics of one's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from nn.metrics.running_metrics import RunningMetrics
from tests.helpers.parametrized.ids import shown

rng = np.random.default_rng(5)
SCORES, CLASSES = rng.normal(size=(12, 6)), rng.integers(0, 6, size=12)


class Spread(nn.metrics.Metric):
    """A metric of one's own, with an array and a number."""

    name = "spread"

    def reset(self) -> None:
        self.low, self.seen = np.full(6, np.inf), 0

    def update(self, output: Any, target: Any) -> None:
        self.low = np.minimum(self.low, output.min(axis=0))
        self.seen += len(target)

    def compute(self) -> float:
        return float(self.low.sum()) * self.seen


ALL = [
    *("accuracy", "top_3_accuracy", "precision", "recall", "f1", "confusion_matrix"),
    *(nn.metrics.F1(None), Spread(), lambda y, t: y[:, 0]),
]


def running(metrics: Any, loss: Any = None) -> RunningMetrics:
    return RunningMetrics(nn.CrossEntropyLoss() if loss is None else loss, metrics)


def fed(metrics: RunningMetrics, *batches: slice) -> RunningMetrics:
    for batch in batches:
        metrics.add(float(batch.start), SCORES[batch], CLASSES[batch])
    return metrics


FIRST, SECOND = slice(0, 5), slice(5, 12)


@pytest.mark.parametrize("given", [None, *ALL], ids=shown)
def test_going_on_from_a_state_gives_what_going_on_gives(given: Any) -> None:
    metrics = given if given is None else [given]
    whole = fed(running(metrics), FIRST, SECOND).means()
    interrupted = fed(running(metrics), FIRST)
    state = interrupted.state_dict()
    fed(interrupted, SECOND)  # a state is a copy
    resumed = running(metrics)
    resumed.load_state_dict(state)
    fed(resumed, SECOND)
    np.testing.assert_equal(resumed.means(), whole)
    fed(interrupted, SECOND)  # and so is what was loaded
    np.testing.assert_equal(resumed.means(), whole)
    resumed.reset()
    np.testing.assert_equal(fed(resumed, FIRST, SECOND).means(), whole)


@pytest.mark.parametrize("metric", ALL, ids=shown)
def test_the_state_of_another_metric_is_refused(metric: Any) -> None:
    (own,) = running([metric]).metrics.values()
    with pytest.raises(ValueError, match=r"the state does not fit: missing .*, unknown"):
        own.load_state_dict({"best": 3})
    with pytest.raises(TypeError, match="expected a dictionary"):
        own.load_state_dict([])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="the state has accuracy, and here they are f1"):
        running(["f1"]).load_state_dict(running(["accuracy"]).state_dict())


def test_the_loss_is_a_mean_over_samples() -> None:
    assert fed(running([]), FIRST, SECOND).means() == {"loss": (0 * 5 + 5 * 7) / 12}


def test_a_metric_without_methods_says_which_are_missing() -> None:
    class Empty(nn.metrics.Metric):
        """Without methods."""

    with pytest.raises(NotImplementedError, match=r"Empty has no method reset\(\)"):
        Empty()
