"""Metrics of outputs on a GPU are those on the CPU, with targets on either."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.metrics.running_metrics import RunningMetrics

rng = np.random.default_rng(0)
SCORES, CLASSES = rng.normal(size=(9, 4, 3)).astype(np.float32), rng.integers(0, 4, size=(9, 3))
CLASSES[2, 1] = -100
DECISIONS, DECIDED = SCORES[:, :1, 0], (CLASSES[:, :1] == 2).astype(np.float32)

CLASS_METRICS = ["accuracy", "top_2_accuracy", "precision", "recall", "f1", "confusion_matrix"]


@pytest.mark.usefixtures("gpu")
@pytest.mark.parametrize(
    ("metrics", "loss", "output", "target"),
    [
        (None, nn.CrossEntropyLoss(), SCORES, CLASSES),
        (CLASS_METRICS, nn.CrossEntropyLoss(), SCORES, CLASSES),
        (CLASS_METRICS, nn.CrossEntropyLoss(), SCORES[..., 0], np.eye(4)[CLASSES[:, 0]]),
        (None, nn.CrossEntropyLoss(), SCORES[..., 0], np.eye(4)[CLASSES[:, 0]]),
        (None, nn.BCEWithLogitsLoss(), DECISIONS, DECIDED),
        (["accuracy", "precision", "confusion_matrix"], nn.BCEWithLogitsLoss(), DECISIONS, DECIDED),
        (["accuracy"], lambda y, t: 0.0, 1 / (1 + np.exp(-DECISIONS)), DECIDED),
        (["mse", "mae", lambda y, t: abs(y - t), nn.MSELoss()], nn.MSELoss(), DECISIONS, DECIDED),
    ],
)
def test_they_are_those_on_the_cpu(metrics: Any, loss: Any, output: Any, target: Any) -> None:
    found = []
    for device, target_device in (("cpu", "cpu"), ("cuda", "cuda"), ("cuda", "cpu")):
        running = RunningMetrics(loss, metrics)
        for batch in (slice(0, 5), slice(5, 9)):
            running.add(0.5, mg.to(output[batch], device), mg.to(target[batch], target_device))
        found.append(running.means())
        assert all(isinstance(value, float | np.ndarray) for value in found[-1].values())
    for other in found[1:]:
        assert other.keys() == found[0].keys()
        for name, value in found[0].items():
            np.testing.assert_allclose(other[name], value, rtol=1e-6, err_msg=name)


@pytest.mark.usefixtures("gpu")
def test_a_target_outside_of_the_classes_is_an_error() -> None:
    with pytest.raises(ValueError, match="got the target 4"):
        nn.metrics.TopKAccuracy(2).update(mg.to(SCORES[..., 0], "cuda"), mg.to(CLASSES[:, 0] * 0 + 4, "cuda"))
