"""Run: a training that can be iterated, stopped, saved and resumed."""

from __future__ import annotations

import signal
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.training import X, Y


class Fall(nn.callbacks.Callback):
    """Lowers the base of the learning rate after epochs that are even, and remembers how many there were."""

    def __init__(self) -> None:
        self.epochs = 0

    def on_epoch_end(self, run: Any) -> None:
        self.epochs += 1
        if self.epochs % 2 == 0:
            run.optimizer.scale_lr(1)
            run.optimizer.lr *= 0.5

    def state_dict(self) -> dict[str, Any]:
        return {"epochs": self.epochs}

    def load_state_dict(self, state_dict: Any) -> None:
        self.epochs = state_dict["epochs"]


def sgd(parameters: Any) -> nn.optim.SGD:
    return nn.optim.SGD(parameters, lr=0.1, momentum=0.9)


def everything(make_optimizer: Any = sgd, **settings: Any) -> nn.Run:
    """A run with all that has a state: dropout, running means, momentum, a schedule, callbacks."""
    model = nn.Sequential(
        *(nn.Linear(2, 8, rng=0), nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(0.2, rng=0), nn.Linear(8, 2, rng=1)),
    )
    settings = {
        "optimizer": make_optimizer(model.parameters()),
        "schedule": nn.optim.CosineAnnealingLR(18, every="batch"),
        "callbacks": [Fall()],
        "epochs": 3,
        "batch_size": 20,
        "validation_data": (X[:30], Y[:30]),
        "rng": 0,
        "verbose": False,
        **settings,
    }
    return nn.Run(model, X, Y, **settings)


def go(run: nn.Run, steps: int | None = None) -> nn.Run:
    """The loop of fit, or so many batches of it."""
    for batch in run:
        y = run.model(batch.x)
        loss = run.loss(y, batch.y)
        if batch.begins_step:
            run.optimizer.zero_grad()
        (loss * batch.share).backward()
        run.update(loss, y, batch.y)
        if batch.ends_step:
            run.optimizer.step()
        if steps is not None and run.step + 1 == steps and batch.ends_step:
            run.stop("to be resumed")
    return run


def parts(run: nn.Run) -> dict[str, Any]:
    """What a training leaves."""
    return {**run.model.state_dict(), **run.history.history}


def same(a: nn.Run, b: nn.Run) -> bool:
    first, second = parts(a), parts(b)
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


def test_a_loop_by_hand_is_fit() -> None:
    run = go(everything())
    other = everything()
    history = nn.fit(
        other.model,
        *(X, Y),
        optimizer=other.optimizer,
        schedule=other.schedule,
        callbacks=other.callbacks,
        epochs=3,
        batch_size=20,
        validation_data=(X[:30], Y[:30]),
        rng=0,
        verbose=False,
    )
    assert history == run.history
    assert all(np.array_equal(run.model.state_dict()[k], v) for k, v in other.model.state_dict().items())


@pytest.mark.parametrize("accumulate", [1, 2])
def test_it_resumes_to_the_same_bits_after_every_step(accumulate: int) -> None:
    whole = go(everything(accumulate=accumulate))
    assert whole.step == 18 // accumulate
    for steps in range(1, whole.step):
        first = go(everything(accumulate=accumulate), steps)
        assert first.step == steps
        assert not same(first, whole)
        first.stopped = None
        second = everything(accumulate=accumulate)
        second.load_state_dict(first.state_dict())
        assert same(go(second), whole), steps


def test_hooks_are_called_in_order_and_the_last_always() -> None:
    class Recorder(nn.callbacks.Callback):
        def __init__(self) -> None:
            self.calls: list[str] = []

        def __getattribute__(self, name: str) -> Any:
            if name.startswith("on_"):
                return lambda run: self.calls.append(f"{name[3:]} {run.epoch} {run.step}")
            return super().__getattribute__(name)

    recorder = Recorder()
    go(everything(epochs=2, batch_size=60, callbacks=[recorder], schedule=None))
    batches = [[f"epoch_begin {e} {2 * e - 2}", f"train_batch_end {e} {2 * e - 1}", f"train_batch_end {e} {2 * e}",
                f"epoch_end {e} {2 * e}"] for e in (1, 2)]  # fmt: skip
    assert recorder.calls == ["train_begin 0 0", *batches[0], *batches[1], "train_end 2 4"]
    for ends in ("break", "error"):
        recorder.calls.clear()
        run = everything(callbacks=[recorder])
        with pytest.raises(KeyError) if ends == "error" else pytest.MonkeyPatch.context(), run:
            for _ in run:
                if ends == "error":
                    raise KeyError("mine")
                break
        assert recorder.calls[-1].startswith("train_end")
        assert not run.model.training
        assert run.optimizer.lr == 0.1


@pytest.mark.usefixtures("ctrl_c_is_pythons")
def test_ctrl_c_ends_it_after_the_batch_and_keeps_the_history(capsys: Any) -> None:
    def press(run: nn.Run) -> None:
        if run.epoch == 2:
            signal.raise_signal(signal.SIGINT)

    run = go(everything(epochs=5, callbacks=[press], verbose=True, schedule=None))
    assert run.history.epoch == [1, 2]
    assert "stopped in epoch 2: interrupted by Ctrl-C" in capsys.readouterr().out
    assert run.state_dict()["position"]["stopped"] is None  # it can go on
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("ctrl_c_is_pythons")
def test_a_second_ctrl_c_ends_it_at_once() -> None:
    run = everything()
    batches = iter(run)
    next(batches)
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    del batches
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_run_stops_with_a_reason_after_the_batch() -> None:
    run = go(everything(), steps=4)
    assert (run.step, run.epoch, run.stopped) == (4, 1, "to be resumed")
    assert run.history.epoch == []
    assert list(run) == []


def test_what_does_not_fit_changes_nothing() -> None:
    run = go(everything())
    before, state = parts(run), run.state_dict()
    others = {
        "samples": everything(batch_size=30),
        "callbacks": everything(callbacks=[]),
        "optimizer": everything(nn.optim.Adam),
    }
    for other in others.values():
        was = parts(other)
        with pytest.raises(ValueError, match=r"checkpoint|optimizer|Adam"):
            other.load_state_dict(state)
        assert all(np.array_equal(was[name], value) for name, value in parts(other).items())
    broken = {**state, "optimizer": {**state["optimizer"], "state": {0: {"momentum_buffer": np.zeros(3)}}}}
    with pytest.raises(ValueError, match=r"shape|momentum_buffer"):
        run.load_state_dict(broken)
    assert all(np.array_equal(before[name], value) for name, value in parts(run).items())
    with pytest.raises(TypeError, match="what state_dict"):
        run.load_state_dict({"model": 3})


def test_random_layers_draw_by_epoch_and_sample() -> None:
    seen: list[Any] = []

    class Keep(nn.Module):
        def forward(self, x: Any) -> Any:
            seen.append(x.data != 0)
            return x

    model = nn.Sequential(nn.Linear(2, 4, rng=0), nn.Dropout(0.5), Keep(), nn.Linear(4, 2, rng=1))
    kept: dict[tuple[int, int], Any] = {}
    for batch_size in (10, 60):
        run = nn.Run(model, X, Y, epochs=2, batch_size=batch_size, rng=7, verbose=False)
        for batch in run:
            model(batch.x)
            for sample, mask in zip(batch.samples, seen.pop(), strict=True):
                assert np.array_equal(mask, kept.setdefault((run.epoch, int(sample)), mask))
    first, second = ([kept[epoch, i] for i in range(len(X))] for epoch in (1, 2))
    assert len(kept) == 240
    assert 0.4 < np.mean(first) < 0.6
    assert np.mean(np.array(first) == np.array(second)) < 0.6


def test_a_loop_that_does_not_say_its_loss_has_the_validation_in_its_history() -> None:
    def loop(**settings: Any) -> nn.Run:
        run = everything(epochs=2, callbacks=[], **settings)
        for x, t in run:
            run.optimizer.zero_grad()
            run.loss(run.model(x), t).backward()
            run.optimizer.step()
        return run

    assert set(loop().history.history) == {"val_loss", "val_accuracy", "lr"}
    assert loop(validation_data=None, schedule=None).history.history == {}
    assert loop(schedule=nn.optim.ReduceLROnPlateau()).history.epoch == [1, 2]
    with pytest.raises(ValueError, match=r"call run.update\(loss, y, t\)"):
        loop(schedule=nn.optim.ReduceLROnPlateau(), validation_data=None)


def test_the_history_has_the_learning_rate_that_a_callback_reduces() -> None:
    plateau = nn.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=9.0, factor=0.5)
    run = go(everything(epochs=4, callbacks=[plateau], schedule=None))
    assert run.history.history["lr"] == [0.1, 0.1, 0.05, 0.025]


def test_outputs_and_targets_that_are_swapped_are_refused() -> None:
    model = nn.Linear(2, 2, rng=0)
    run = nn.Run(model, X, Y, rng=0, verbose=False)
    x, t = next(iter(run))
    y = model(x)
    with pytest.raises(TypeError, match=r"outputs and targets are swapped; write run\.update\(loss, y, t\)"):
        run.update(run.loss(y, t), t, y)
