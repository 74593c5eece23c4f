"""Files of weights: which epochs are saved, under which names."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import nn
from tests.helpers.networks.fake_run import FakeRun


def logs(*losses: float) -> list[dict[str, Any]]:
    return [{"loss": 0.5, "val_loss": loss, "matrix": [[1, 2]]} for loss in losses]


def epoch_of(path: Any) -> float:
    """The number of the epoch whose weights are in a file."""
    model = FakeRun().model
    nn.load(path, into=model)
    assert model[0].weight.data == model[1].running_mean.data
    return float(model[0].weight.data.item())


@pytest.mark.parametrize("suffix", ["safetensors", "npz"])
def test_every_epoch_has_a_file(tmp_path: Path, suffix: str) -> None:
    path = f"{tmp_path}/new/{{epoch:02d}}-{{val_loss:.2f}}.{suffix}"
    callback = nn.callbacks.ModelCheckpoint(path)
    FakeRun().train(callback, logs(2, 1, 3))
    files = sorted((tmp_path / "new").iterdir())
    assert [file.name for file in files] == [f"{name}.{suffix}" for name in ("01-2.00", "02-1.00", "03-3.00")]
    assert [epoch_of(file) for file in files] == [1, 2, 3]
    assert callback.last_path == files[-1]


def test_without_a_number_in_the_name_the_last_one_is_kept(tmp_path: Path) -> None:
    FakeRun().train(nn.callbacks.ModelCheckpoint(tmp_path / "model.safetensors"), logs(2, 1, 3))
    assert [file.name for file in tmp_path.iterdir()] == ["model.safetensors"]
    assert epoch_of(tmp_path / "model.safetensors") == 3


@pytest.mark.parametrize(
    ("settings", "values", "best"),
    [
        ({}, [2, 1, 3], 2),
        ({}, [2, 1, 1], 2),  # the same is not better
        ({"mode": "max"}, [2, 1, 3], 3),
        ({}, [math.nan, 3, math.nan], 2),
        ({"monitor": "loss"}, [2, 1, 3], 1),
    ],
)
def test_the_best_epoch_alone(tmp_path: Path, settings: Any, values: list[float], best: int) -> None:
    path = tmp_path / "best.safetensors"
    FakeRun().train(nn.callbacks.ModelCheckpoint(path, save_best_only=True, **settings), logs(*values))
    assert epoch_of(path) == best


def test_no_epoch_is_best_if_all_are_nan(tmp_path: Path) -> None:
    callback = nn.callbacks.ModelCheckpoint(tmp_path / "best.safetensors", save_best_only=True)
    FakeRun().train(callback, logs(math.nan, math.nan))
    assert list(tmp_path.iterdir()) == []
    assert callback.last_path is None


def test_a_resumed_training_knows_the_best_one_before(tmp_path: Path) -> None:
    first = nn.callbacks.ModelCheckpoint(tmp_path / "best.safetensors", save_best_only=True)
    run = FakeRun().train(first, logs(2, 1), end=False)
    resumed = nn.callbacks.ModelCheckpoint(tmp_path / "best.safetensors", save_best_only=True)
    resumed.load_state_dict(first.state_dict())
    run.train(resumed, logs(1.5))
    assert epoch_of(tmp_path / "best.safetensors") == 2
    assert resumed.last_path == tmp_path / "best.safetensors"
    run.train(resumed, logs(0.5))
    assert epoch_of(tmp_path / "best.safetensors") == 4
    new = FakeRun().train(resumed, logs(7))  # another training
    assert (new.epoch, epoch_of(tmp_path / "best.safetensors")) == (1, 1)


def test_what_does_not_fit_is_an_error(tmp_path: Path) -> None:
    checkpoint = nn.callbacks.ModelCheckpoint
    with pytest.raises(ValueError, match=r"ModelCheckpoint: .*must end in \.safetensors"):
        checkpoint("model.h5")
    with pytest.raises(TypeError, match="'filepath'; write path="):
        checkpoint(filepath="model.npz")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"'save_weights_only'; nn\.save writes weights"):
        checkpoint("model.npz", save_weights_only=True)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="ModelCheckpoint: path is a int"):
        checkpoint(3)  # type: ignore[arg-type]
    for unused in ({"monitor": "accuracy"}, {"mode": "min"}):
        with pytest.raises(ValueError, match="say nothing; write save_best_only=True, too, or leave them out"):
            checkpoint("model.npz", **unused)
    with pytest.raises(ValueError, match="ModelCheckpoint: monitor is 'val_loss', but there are no validation data"):
        FakeRun().train(checkpoint(tmp_path / "a.npz", save_best_only=True), [{"loss": 1.0}])
    for name in ("{val_acc:.2f}", "{}", "{loss:d}", "{loss"):
        with pytest.raises(ValueError, match=r"path '.*' cannot be filled in .*may have epoch, loss, val_loss, with"):
            FakeRun().train(checkpoint(tmp_path / f"{name}.npz"), logs(1))
    with pytest.raises(ValueError, match="the state does not fit"):
        checkpoint("a.npz").load_state_dict({"best": 1.0})
    assert list(tmp_path.iterdir()) == []
