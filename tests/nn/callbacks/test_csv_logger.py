"""A row for each epoch; after a restart, the same bytes."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.networks.fake_run import FakeRun

EPOCHS = [{"loss": 1 / 3, "val_loss": 0.1 + 0.2, "lr": 1e-30}, {"loss": float("nan"), "val_loss": 2.0, "lr": 1e-31}]


def test_numbers_read_back_as_they_are(tmp_path: Path) -> None:
    FakeRun().train(nn.callbacks.CSVLogger(tmp_path / "new" / "log.csv"), EPOCHS)
    text = (tmp_path / "new" / "log.csv").read_bytes()
    assert text.splitlines()[0] == b"epoch,loss,val_loss,lr"
    rows = list(csv.DictReader(text.decode().splitlines()))
    assert [row.pop("epoch") for row in rows] == ["1", "2"]
    for row, logs in zip(rows, EPOCHS, strict=True):
        np.testing.assert_equal({name: float(value) for name, value in row.items()}, logs)


def test_a_row_is_there_as_soon_as_its_epoch_is_over(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("an old training")
    run = FakeRun()
    callback = nn.callbacks.CSVLogger(path)
    run.train(callback, [], end=False)
    assert path.read_text() == ""
    for i in range(1, 3):
        run.train(callback, EPOCHS[:1], end=False)
        assert len(path.read_text().splitlines()) == 1 + i


def test_other_separators_arrays_and_numbers_of_numpy(tmp_path: Path) -> None:
    logs = {"loss": np.float32(0.5), "matrix": np.array([[1, 2], [3, 4]]), "seen": 3}
    FakeRun().train(nn.callbacks.CSVLogger(tmp_path / "log.csv", separator=";"), [logs])
    assert (tmp_path / "log.csv").read_text() == "epoch;loss;matrix;seen\n1;0.5;[[1, 2], [3, 4]];3\n"
    FakeRun().train(nn.callbacks.CSVLogger(tmp_path / "log.csv"), [logs])
    (row,) = csv.DictReader((tmp_path / "log.csv").read_text().splitlines())
    assert json.loads(row["matrix"]) == [[1, 2], [3, 4]]


def test_numbers_of_some_epochs_alone_get_a_column(tmp_path: Path) -> None:
    FakeRun().train(nn.callbacks.CSVLogger(tmp_path / "log.csv"), [{"a": 1.0}, {"a": 2.0, "b": 3.0}, {"b": 4.0}])
    assert (tmp_path / "log.csv").read_text() == "epoch,a,b\n1,1.0,\n2,2.0,3.0\n3,,4.0\n"


@pytest.mark.parametrize("damage", [b"", b"3,0.5", b"3,0.5,0.5,0.1\n4,0.5,0.5,0.1\n", None])
def test_after_a_restart_the_file_has_the_bytes_of_a_training_that_was_not_killed(
    tmp_path: Path, damage: bytes | None
) -> None:
    epochs: Any = [{"loss": 1 / i, "val_loss": 2 / i, "lr": 0.1} for i in range(1, 6)]
    FakeRun().train(nn.callbacks.CSVLogger(tmp_path / "whole.csv"), epochs)
    path = tmp_path / "log.csv"
    killed = nn.callbacks.CSVLogger(path)
    run = FakeRun().train(killed, epochs[:2], end=False)
    state = killed.state_dict()
    killed.rows.append({"epoch": "99"})  # a state is a copy
    if damage is None:  # the file is lost
        path.unlink()
    else:  # rows after the checkpoint, and a part of one
        with path.open("ab") as file:
            file.write(damage)
    resumed = nn.callbacks.CSVLogger(path)
    resumed.load_state_dict(state)
    run.train(resumed, epochs[2:])
    assert path.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_new_training_replaces_the_file(tmp_path: Path) -> None:
    callback = nn.callbacks.CSVLogger(tmp_path / "log.csv")
    FakeRun().train(callback, EPOCHS)
    FakeRun().train(callback, EPOCHS[:1])
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 2


def test_what_does_not_fit_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="CSVLogger: path is a int"):
        nn.callbacks.CSVLogger(3)  # type: ignore[arg-type]
    for separator in ("", "ab", '"', "\n", 3):
        with pytest.raises(TypeError, match="CSVLogger: separator is"):
            nn.callbacks.CSVLogger("log.csv", separator=separator)  # type: ignore[arg-type]
    with pytest.raises(IsADirectoryError, match=r"CSVLogger: .* is a folder, expected a file, as .*log\.csv"):
        FakeRun().train(nn.callbacks.CSVLogger(tmp_path), EPOCHS)
    with pytest.raises(FileNotFoundError, match="expanduser"):
        FakeRun().train(nn.callbacks.CSVLogger("~/log.csv"), EPOCHS)
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match=r"the state does not fit: missing \['rows'\]"):
        nn.callbacks.CSVLogger("log.csv").load_state_dict({})
