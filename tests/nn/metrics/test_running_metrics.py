"""Accuracy for classes on axis 1, of samples and of pixels, and where targets are not class numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.metrics.running_metrics import RunningMetrics
from tests.helpers.threads.ranks import on_ranks


class Outputs(nn.Module):
    """A model that returns its inputs."""

    def forward(self, x: Any) -> Any:
        return x


def measured(y: Any, target: Any, loss: Any = "cross_entropy", batch_size: int = 2) -> dict[str, float]:
    return nn.evaluate(Outputs(), (y, target), loss=loss, batch_size=batch_size)


rng = np.random.default_rng(0)
SCORES, CLASSES = rng.normal(size=(5, 3, 4, 6)), rng.integers(0, 3, size=(5, 4, 6))


def test_one_class_for_each_pixel() -> None:
    found = measured(SCORES, CLASSES)
    assert found["accuracy"] == pytest.approx(np.mean(SCORES.argmax(axis=1) == CLASSES))
    assert found["loss"] == pytest.approx(mg.cross_entropy(SCORES, CLASSES))


def test_it_is_trained_and_reported_in_the_history() -> None:
    images = rng.normal(size=(8, 1, 6, 6)).astype(np.float32)
    model = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1, rng=0))
    adam = nn.optim.Adam(model.parameters(), lr=0.05)
    brighter = (images[:, 0] > 0).astype(int)
    history = nn.fit(model, (images, brighter), optimizer=adam, epochs=60, batch_size=8, rng=0, verbose=False)
    assert history.history["accuracy"][0] < 0.9 < history.history["accuracy"][-1] <= 1


@pytest.mark.parametrize("ignore_index", [-100, 255, 1])
def test_ignored_classes_count_neither_for_the_accuracy_nor_for_the_mean_loss(ignore_index: int) -> None:
    kept = rng.random(CLASSES.shape) < 0.5
    target = np.where(kept, CLASSES, ignore_index)
    kept &= ignore_index != CLASSES
    found = measured(SCORES, target, nn.CrossEntropyLoss(ignore_index=ignore_index))
    assert found["accuracy"] == pytest.approx(np.mean((SCORES.argmax(axis=1) == CLASSES)[kept]))
    expected = mg.cross_entropy(SCORES, target, ignore_index=ignore_index)
    assert found["loss"] == pytest.approx(expected)


def test_batches_whose_targets_are_all_ignored_add_nothing_to_the_means() -> None:
    total = nn.CrossEntropyLoss(reduction="sum")  # a mean over nothing is an error of the loss
    y, t = SCORES[:4, :, 0, 0], np.array([-100, -100, 2, -100])
    found = measured(y, t, total, batch_size=2)
    assert found == pytest.approx({"loss": mg.cross_entropy(y[2], 2), "accuracy": float(y[2].argmax() == 2)})
    model = nn.Sequential(nn.Linear(3, 3, rng=0))
    sgd = nn.optim.SGD(model.parameters(), lr=0.1)
    data = nn.data.DataLoader(y, t, batch_size=2)
    assert np.isfinite(nn.fit(model, data, optimizer=sgd, loss=total, verbose=False).history["loss"])
    assert np.isnan(list(measured(y, np.full(4, -100), total).values())).all()


@pytest.mark.parametrize(
    ("y", "target", "loss"),
    [
        (SCORES[..., 0, 0], SCORES[..., 0, 1].round().astype(int), nn.MSELoss()),  # numbers that are whole
        (SCORES[:, :1, 0, 0], CLASSES[:, :1, 0], nn.MSELoss()),  # (N, 1) and (N, 1)
        (SCORES[:, :1, 0, 0], CLASSES[:, 0, 0] % 2, lambda y, t: mg.binary_cross_entropy_with_logits(y[:, 0], t)),
        (mg.softmax(SCORES[..., 0, 0]), mg.softmax(SCORES[..., 0, 1]), nn.CrossEntropyLoss()),
    ],
)
def test_there_is_no_accuracy_of_targets_that_are_not_class_numbers(y: Any, target: Any, loss: Any) -> None:
    assert measured(y, target, loss).keys() == {"loss"}


@pytest.mark.parametrize("shape", [(5,), (5, 1)])
def test_the_accuracy_of_one_decision_for_each_sample(shape: tuple[int, ...]) -> None:
    logits, decided = SCORES[:, 0, 0, 0].reshape(shape), (CLASSES[:, 0, 0] % 2).reshape(shape)
    expected = np.mean((logits > 0) == decided)
    for target in (decided, decided.astype(np.float32)):
        assert measured(logits, target, nn.BCEWithLogitsLoss())["accuracy"] == pytest.approx(expected)
        assert measured(mg.sigmoid(logits), target, nn.BCELoss())["accuracy"] == pytest.approx(expected)


def test_the_accuracy_of_one_hot_rows() -> None:
    scores, classes = SCORES[..., 0, 0], CLASSES[:, 0, 0]
    expected = measured(scores, classes)
    assert measured(scores, np.eye(3)[classes]) == pytest.approx(expected)
    assert measured(scores, np.eye(3)[classes], nn.MSELoss()).keys() == {"loss"}


def test_a_target_outside_of_the_classes_is_an_error_that_names_the_public_metric() -> None:
    message = r"^Accuracy: got the target -1, .* write metrics=\[nn\.metrics\.Accuracy\(ignore_index=-1\)\]"
    with pytest.raises(ValueError, match=message):
        measured(SCORES[..., 0, 0], np.full(5, -1), lambda y, t: y.mean())


class Largest(nn.metrics.Accuracy):
    """The accuracy, and the size of the largest batch."""

    def reset(self) -> None:
        super().reset()
        self.largest = 0

    def update(self, output: Any, target: Any) -> None:
        super().update(output, target)
        self.largest = max(self.largest, len(target))


@pytest.mark.parametrize(
    ("metrics", "later"),
    [
        (None, [(5,)]),  # the loss, how much it counts, whether there was an error, correct, count
        ([nn.metrics.Accuracy(), nn.metrics.TopKAccuracy(2)], [(7,)]),
        ([Largest()], [(3,), (2, 20), (28,)]),  # outputs of 7 samples and targets, which a subclass may look at
    ],
)
def test_ranks_send_counts_where_that_is_all_a_metric_keeps(metrics: Any, later: list[Any]) -> None:
    draw = np.random.default_rng(0)
    output, target = draw.normal(size=(7, 3)), draw.integers(0, 3, 7)

    def on(comm: Any) -> Any:
        running = RunningMetrics(nn.CrossEntropyLoss(), metrics, comm)
        own = slice(0, 4) if comm.rank == 0 else slice(4, 7)
        for _ in range(2):  # the first batch decides whether the default accuracy applies
            before = len(comm.messages)
            running.add(1.0, output[own], target[own])
        return running.means(), comm.messages[before:], running.metrics

    alone = RunningMetrics(nn.CrossEntropyLoss(), metrics)
    for _ in range(2):
        alone.add(1.0, output, target)
    for means, messages, found in on_ranks(2, on):
        assert means == alone.means()
        assert messages == later
        for name, metric in found.items():
            assert metric.state_dict() == alone.metrics[name].state_dict()


def test_an_error_of_one_rank_is_that_of_all() -> None:
    def on(comm: Any) -> Any:
        running = RunningMetrics(nn.CrossEntropyLoss(), {"accuracy": "accuracy", "largest": Largest()}, comm)
        running.add(1.0, np.eye(3), np.array([0, 1, 2]))
        with pytest.raises(ValueError, match="got the target 3, expected class numbers from 0 to 2"):
            running.add(1.0, np.eye(3), np.array([0, 1, 2 + comm.rank]))
        return running.metrics["accuracy"].state_dict()

    assert on_ranks(2, on) == [{"correct": 6, "count": 6}] * 2
