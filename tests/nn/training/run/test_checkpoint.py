"""Checkpoints of fit: written in time, resumed from, and never mixed up."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.training import X, Y, model_and_optimizer


class Killed(BaseException):
    """As a process that is killed."""


def train(path: Path | None = None, *, kill_at: int | None = None, **settings: Any) -> tuple[Any, nn.History]:
    model, optimizer = model_and_optimizer()

    def kill(run: nn.Run) -> None:
        if run.step == kill_at:
            raise Killed

    class Kill(nn.callbacks.Callback):
        on_train_batch_end = staticmethod(kill)

    settings = {"epochs": 3, "batch_size": 30, "rng": 0, "verbose": False, "callbacks": [Kill()], **settings}
    if path is not None:
        settings = {"checkpoint": path, "resume": path, **settings}
    try:
        return model, nn.fit(model, X, Y, optimizer=optimizer, **settings)
    except Killed:
        return model, nn.History()


def weights(model: nn.Module) -> list[bytes]:
    return [array.tobytes() for array in model.state_dict().values()]


def test_a_program_that_is_started_again_ends_with_the_same_bits(tmp_path: Path) -> None:
    whole, history = train()
    for kill_at in (1, 4, 5, 11):
        path = tmp_path / f"{kill_at}.safetensors"
        train(path, kill_at=kill_at)
        model, resumed = train(path)
        assert weights(model) == weights(whole)
        assert resumed == history
        again, finished = train(path)  # nothing is left to do
        assert weights(again) == weights(whole)
        assert finished == history


def test_it_goes_on_for_more_epochs(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    train(path, epochs=2)
    model, history = train(path, epochs=3)
    assert weights(model) == weights(train(epochs=3)[0])
    assert history.epoch == [1, 2, 3]


@pytest.mark.parametrize("save_freq", [1, 2])
def test_within_an_epoch_it_goes_on_from_the_last_step_that_was_saved(save_freq: int, tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    train(path, checkpoint=nn.Checkpoint(path, save_freq=save_freq), kill_at=7)
    at: list[tuple[int, int, int]] = []

    class Kill(nn.callbacks.Callback):  # of the same name: it stands for the other one
        def on_train_begin(self, run: nn.Run) -> None:
            at.append((run.step, run.epoch, run.batch))

    model, _ = train(path, callbacks=[Kill()])
    assert at == [(6, 2, 2)]
    assert weights(model) == weights(train()[0])


def test_the_last_two_are_kept_and_a_damaged_one_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    whole, history = train(path)
    damaged = bytearray(path.read_bytes())
    damaged[-5] ^= 1
    path.write_bytes(damaged)
    with pytest.warns(RuntimeWarning, match="previous"):
        model, resumed = train(path)
    assert weights(model) == weights(whole)
    assert resumed == history


def test_a_file_of_another_training_is_not_overwritten_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    train(path)
    with pytest.warns(UserWarning, match="was there already, and is replaced; to go on from it, write resume="):
        train(path, resume=None)


def test_what_does_not_fit_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    train(path)
    content = path.read_bytes()
    for settings, words in (
        ({"rng": 1}, "has rng=0, got rng=1"),
        ({"batch_size": 60}, "batch_size = 30, and here it is 60"),
        ({"callbacks": []}, "the callbacks Kill, and here they are none"),
        ({"schedule": nn.optim.ReduceLROnPlateau()}, "holds nothing for schedule"),
    ):
        with pytest.raises(ValueError, match=words):
            train(path, **settings)
        assert path.read_bytes() == content
    with pytest.raises(TypeError, match="resume is a int"):
        train(resume=3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Checkpoint: expected the path"):
        nn.Checkpoint(3)  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_written_is_noticed_before_the_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    steps: list[int] = []
    with pytest.raises(OSError, match="file"):
        train(checkpoint=tmp_path / "file" / "a.safetensors", callbacks=[lambda run: steps.append(run.step)])
    assert not steps


def test_the_file_holds_no_time_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in "ab":
        train(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nan_and_infinity_survive(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    validation = (np.full((4, 2), np.nan, np.float32), np.zeros(4, int))
    with pytest.warns(RuntimeWarning, match="validation loss is nan"):
        _, history = train(path, validation_data=validation, epochs=1)
    _, again = train(path, validation_data=validation, epochs=1)
    assert np.isnan(again.history["val_loss"]).all()
    assert again.history["loss"] == history.history["loss"]


def test_a_folder_in_place_of_a_file_is_refused_before_the_training(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match=r"Checkpoint: .* is a folder, expected a file, as .*run\.safetensors"):
        train(checkpoint=tmp_path)
    with pytest.raises(IsADirectoryError, match=r"fit: resume: .* is a folder"):
        train(resume=tmp_path)


def test_a_training_that_goes_on_says_from_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.safetensors"
    train(path, verbose=True, epochs=1)  # there is no file yet
    assert "resumed" not in capsys.readouterr().out
    train(path, epochs=2)
    assert not capsys.readouterr().out
    train(path, verbose=True)
    assert capsys.readouterr().out.startswith(f"resumed from {path}: 2 of 3 epochs are done\nepoch 3/3 ")
    train(path, verbose=True)
    assert capsys.readouterr().out == (
        f"resumed from {path}: 3 of 3 epochs are done, nothing is left to train; for more, write a larger epochs=\n"
    )
    train(path, epochs=4, checkpoint=nn.Checkpoint(path, save_freq=2), kill_at=15)
    train(path, epochs=4, verbose=True)
    assert capsys.readouterr().out.startswith(f"resumed from {path}: 3 of 4 epochs and 2 batches are done\n")


def test_the_state_of_another_model_is_refused_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    train(path, callbacks=[])
    with pytest.raises(ValueError, match=r"does not fit this training: load_state_dict: .* unexpected"):
        nn.fit(nn.Linear(2, 2), X, Y, resume=path, batch_size=30, verbose=False)


def test_settings_that_are_not_those_of_the_checkpoint_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"

    def resume(lr: float = 0.1, **settings: Any) -> tuple[list[str], float]:
        model = nn.Linear(2, 2, rng=0)
        optimizer = nn.optim.SGD(model.parameters(), lr=lr)
        slower = nn.callbacks.ReduceLROnPlateau("loss", patience=1, min_delta=9)  # after the second epoch
        settings = {"epochs": 3, "callbacks": [slower], "rng": 0, "verbose": False, **settings}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            nn.fit(model, X, Y, optimizer=optimizer, checkpoint=path, resume=path, **settings)
        assert all((warning.filename, warning.category) == (__file__, UserWarning) for warning in caught)
        return [str(warning.message) for warning in caught], optimizer.lr

    assert resume(epochs=2) == ([], pytest.approx(0.01))
    assert resume() == ([], pytest.approx(0.01, rel=0.95))  # the training has changed it, and not its author
    (message,), lr = resume(lr=0.5, epochs=4)
    assert "began with lr = 0.1, not 0.5; the checkpoint's are taken; " in message
    assert lr < 0.1
    assert resume(lr=0.5, epochs=4)[0] == [message]  # and each time
    (message,), _ = resume(clip_norm=1.0, loss=nn.CrossEntropyLoss(label_smoothing=0.1))
    assert "began with loss = " in message
    assert "clip_norm = None, not 1.0; it goes on with what is given here" in message


def test_a_file_to_go_on_from_that_nobody_writes_is_missed(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    for checkpoint in (None, tmp_path / "a.safetensors"):
        with pytest.warns(UserWarning, match=r"missing': there is no such file, so the training begins anew"):
            train(resume=missing, checkpoint=checkpoint)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(resume=missing, checkpoint=missing)  # it is the first start
        train(resume=missing)
        missing.rename(tmp_path / "missing.previous")  # as if killed between two renamings
        with pytest.warns(RuntimeWarning, match="the previous one is loaded"):
            train(resume=missing)


def test_a_file_that_is_something_else_is_refused_and_not_said_to_be_replaced(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 not a checkpoint")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"photo\.jpg"):
            train(checkpoint=photo)
    assert photo.read_bytes().startswith(b"\xff\xd8")


def test_a_file_that_is_replaced_is_kept_as_the_previous_one_at_first(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    train(path)
    content = path.read_bytes()
    with pytest.warns(UserWarning, match="Until the next one is written") as warned:
        train(path, resume=None, kill_at=1)
    assert warned[0].filename == __file__
    assert (tmp_path / "a.safetensors.previous").read_bytes() == content
