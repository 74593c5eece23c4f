"""Scalars of each epoch, as TensorBoard reads them."""

from __future__ import annotations

import struct
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.networks.fake_run import FakeRun

EPOCHS = [{"loss": 2.0, "accuracy": 0.5, "val_loss": 3.0, "matrix": np.eye(2)}, {"loss": 1.0, "val_loss": 2.5}]


def events(folder: Path) -> list[Any]:
    """All events of a folder: each is a length of 8 bytes, a checksum of 4, the event, and a checksum of 4."""
    event_pb2 = pytest.importorskip("tensorboardX.proto.event_pb2")
    found = []
    for file in sorted(folder.iterdir()):
        data = file.read_bytes()
        while data:
            (length,) = struct.unpack("<Q", data[:8])
            found.append(event_pb2.Event.FromString(data[12 : 12 + length]))
            data = data[16 + length :]
    return found


def scalars(folder: Path) -> list[tuple[int, str, float]]:
    return [(event.step, value.tag, value.simple_value) for event in events(folder) for value in event.summary.value]


def test_numbers_and_learning_rate_of_each_epoch(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    FakeRun(lr=0.25).train(nn.callbacks.TensorBoard(tmp_path), EPOCHS)
    assert sorted(scalars(tmp_path)) == [
        (1, "accuracy/train", 0.5),
        (1, "loss/train", 2.0),
        (1, "loss/validation", 3.0),
        (1, "lr", 0.25),
        (2, "loss/train", 1.0),
        (2, "loss/validation", 2.5),
        (2, "lr", 0.25),
    ]


def test_an_epoch_can_be_read_while_the_training_goes_on(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    callback = nn.callbacks.TensorBoard(tmp_path)
    run = FakeRun()
    run.train(callback, EPOCHS[:1], end=False)
    until = time.monotonic() + 20
    while len(scalars(tmp_path)) < 4 and time.monotonic() < until:  # the file is written by a thread
        time.sleep(0.05)
    assert {step for step, _, _ in scalars(tmp_path)} == {1}
    callback.on_train_end(run)
    callback.on_train_end(run)  # also where it is called twice


def test_a_resumed_training_hides_what_came_after_the_checkpoint(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    run = FakeRun().train(nn.callbacks.TensorBoard(tmp_path / "first"), EPOCHS)
    assert not any(event.HasField("session_log") for event in events(tmp_path / "first"))
    run.history = nn.History(epoch=[1], history={"loss": [2.0]})  # the checkpoint of epoch 1
    run.train(nn.callbacks.TensorBoard(tmp_path / "resumed"), EPOCHS[1:])
    assert [event.step for event in events(tmp_path / "resumed") if event.HasField("session_log")] == [2]


def test_metrics_of_each_class_and_several_learning_rates_are_curves(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    run = FakeRun()
    weight, bias = run.model[0].weight, run.model[0].bias
    run.optimizer = nn.optim.SGD([{"params": [weight], "lr": 0.5}, {"params": [bias]}], lr=0.25)
    run.train(nn.callbacks.TensorBoard(tmp_path), [{"recall": np.array([0.25, 0.75]), "val_recall": np.array([1.0])}])
    assert sorted(scalars(tmp_path)) == [
        (1, "lr/0", 0.5),
        (1, "lr/1", 0.25),
        (1, "recall/train/0", 0.25),
        (1, "recall/train/1", 0.75),
        (1, "recall/validation/0", 1.0),
    ]


def test_histograms_of_parameters_and_gradients(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Linear(3, 1, rng=0))
    model[1].bias.requires_grad = False
    x = np.arange(8.0).reshape(4, 2)
    board = nn.callbacks.TensorBoard(tmp_path, histograms=2)
    nn.fit(model, x, x[:, :1], loss="mse", epochs=3, callbacks=[board], verbose=False, rng=0)
    found = {
        (event.step, value.tag): value.histo
        for event in events(tmp_path)
        for value in event.summary.value
        if value.HasField("histo")
    }
    names = [name for name, _ in model.named_parameters()]
    tags = [f"parameters/{name}" for name in names] + [f"gradients/{name}" for name in names[:-1]]
    assert sorted(found) == sorted((2, tag) for tag in tags)  # of the epochs 1 to 3, the second
    assert found[2, "parameters/0.weight"].num == 6
    assert found[2, "parameters/1.bias"].sum == float(model[1].bias.data.sum())  # it is frozen


def test_a_callback_of_ones_own_writes_beside_it(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    board, run = nn.callbacks.TensorBoard(tmp_path), FakeRun()
    assert board.writer is None
    board.on_train_begin(run)
    board.writer.add_scalar("own", 1.5, 7)
    board.on_train_end(run)
    assert scalars(tmp_path) == [(7, "own", 1.5)]
    assert board.writer is None


def test_a_second_training_in_a_folder_is_warned_of(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    FakeRun().train(nn.callbacks.TensorBoard(tmp_path), EPOCHS)
    with pytest.warns(UserWarning, match=r"another training has written into .*second"):
        FakeRun().train(nn.callbacks.TensorBoard(tmp_path), EPOCHS)


def test_without_tensorboardx_the_training_does_not_begin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    run = FakeRun()
    with pytest.raises(ImportError, match=r"pip install .*\[tensorboard\]"):
        run.train(nn.callbacks.TensorBoard(tmp_path), EPOCHS)
    assert run.epoch == 0
    with pytest.raises(TypeError, match="TensorBoard: log_dir is a int"):
        nn.callbacks.TensorBoard(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="histograms is -1"):
        nn.callbacks.TensorBoard(histograms=-1)


def test_of_several_processes_the_first_one_writes(tmp_path: Path) -> None:
    run = FakeRun()
    run.comm = SimpleNamespace(rank=1, size=2)
    run.train(nn.callbacks.TensorBoard(tmp_path / "logs"), [{"loss": 1.0}])
    assert not list(tmp_path.iterdir())
