"""What several ranks agree on: when to stop, who writes, and where to go on from."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.threads.ranks import on_ranks

X = np.random.default_rng(0).normal(size=(24, 4)).astype(np.float32)
T = (X.sum(axis=1) > 0).astype(int)


def trained(comm: Any, **settings: Any) -> tuple[Any, Any]:
    model = nn.Sequential(nn.Linear(4, 5, rng=0), nn.Tanh(), nn.Dropout(0.2, rng=0), nn.Linear(5, 2, rng=1))
    settings = {"batch_size": 4, "epochs": 4, "rng": 0, "verbose": False, "validation_data": (X, T)} | settings
    sgd = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    history = nn.fit(model, X, T, optimizer=sgd, comm=comm, **settings)
    return model.state_dict(), history


def alike(found: list[Any], expected: Any, atol: float = 0) -> None:
    for state, _ in found:
        for name, array in state.items():
            np.testing.assert_allclose(array, expected[0][name], rtol=0, atol=atol)


@pytest.mark.parametrize("stopping_rank", [0, 1])
@pytest.mark.parametrize("hook", ["on_train_begin", "on_epoch_begin", "on_train_batch_end", "on_epoch_end"])
def test_where_one_rank_stops_all_of_them_do(stopping_rank: int, hook: str) -> None:
    """As a callback that looks at the clock does, or Ctrl-C that reaches one rank before the others."""
    stopped: dict[int, Any] = {}

    def stop(run: Any) -> None:
        if run.comm.rank == stopping_rank and run.step >= 2 * (hook != "on_train_begin"):
            run.stop("it is late")

    def end(run: Any) -> None:
        stopped[run.comm.rank] = (run.step, run.stopped)

    callback = nn.callbacks.LambdaCallback(**{hook: stop, "on_train_end": end})
    found = on_ranks(2, lambda comm: trained(comm, callbacks=[callback]))
    assert stopped[0][0] == stopped[1][0] < 12
    assert stopped[stopping_rank][1] == "it is late"
    assert stopped[1][1] == "it is late" or stopped[0][1] == "another rank was stopped"
    alike(found, found[0])


def test_a_run_whose_second_rank_was_interrupted_goes_on_when_it_is_resumed(tmp_path: Path) -> None:
    def interrupt(run: Any) -> None:
        if run.comm.rank == 1 and run.step == 3:
            run.interrupted = True
            run.stop("interrupted by Ctrl-C")

    path = tmp_path / "run.safetensors"
    callback = nn.callbacks.LambdaCallback(on_train_batch_end=interrupt)
    on_ranks(2, lambda comm: trained(comm, callbacks=[callback], checkpoint=path))
    again = nn.callbacks.LambdaCallback(on_train_batch_end=lambda run: None)
    found = on_ranks(2, lambda comm: trained(comm, callbacks=[again], checkpoint=path, resume=path))
    assert found[0][1].epoch == [1, 2, 3, 4]
    alike(found, on_ranks(2, trained)[0])


def test_early_stopping_and_plateaus_decide_the_same_on_all_ranks() -> None:
    def train(comm: Any, batch_size: int) -> Any:
        stop = nn.callbacks.EarlyStopping(patience=2, min_delta=0.05, restore_best_weights=True)
        plateau = nn.callbacks.ReduceLROnPlateau(patience=1, min_delta=0.05, factor=0.5)
        return trained(comm, batch_size=batch_size, epochs=40, callbacks=[plateau, stop])

    found, expected = on_ranks(3, lambda comm: train(comm, 2)), train(None, 6)
    assert 2 < len(expected[1].epoch) < 40
    assert all(history.epoch == expected[1].epoch for _, history in found)
    assert all(history.history["lr"] == expected[1].history["lr"] for _, history in found)
    alike(found, expected, atol=1e-5)


def test_rank_0_alone_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def train(comm: Any) -> Any:
        own = tmp_path / str(comm.rank)
        callbacks = [nn.callbacks.CSVLogger(own / "log.csv"), nn.callbacks.ModelCheckpoint(own / "{epoch}.npz")]
        return trained(comm, callbacks=callbacks, checkpoint=own / "run.safetensors", epochs=2, verbose=True)

    on_ranks(2, train)
    assert [folder.name for folder in tmp_path.iterdir()] == ["0"]
    assert {"log.csv", "1.npz", "2.npz", "run.safetensors"} <= {file.name for file in (tmp_path / "0").iterdir()}
    assert [line[:9] for line in capsys.readouterr().out.splitlines()] == ["epoch 1/2", "epoch 2/2"]


class Killed(Exception):
    pass


def killed_and_resumed(path: Path, before: int, after: int, sizes: tuple[int, int], epochs: int = 3) -> list[Any]:
    """A training on some ranks, which ends after its fifth batch, and goes on with others."""
    loader = {"checkpoint": nn.Checkpoint(path, save_freq=1), "epochs": epochs, "metrics": ["accuracy", "f1"]}

    def die(run: Any) -> None:
        if run.step == 5:
            raise Killed

    dying = {"callbacks": [nn.callbacks.LambdaCallback(on_train_batch_end=die)]}
    with pytest.raises(Killed):
        on_ranks(before, lambda comm: trained(comm, batch_size=sizes[0], **dying, **loader))
    going_on = {"callbacks": [nn.callbacks.LambdaCallback(on_train_batch_end=lambda run: None)], "resume": path}
    return on_ranks(after, lambda comm: trained(comm, batch_size=sizes[1], **going_on, **loader))


@pytest.mark.parametrize(("before", "after"), [(2, 2), (2, 1), (1, 3), (3, 2), (1, 2)])
def test_a_run_goes_on_with_another_number_of_ranks(tmp_path: Path, before: int, after: int) -> None:
    """With batches that have the same number of samples on all ranks together: to rounding, as if nothing had been."""
    sizes = 6 // before, 6 // after
    found = killed_and_resumed(tmp_path / "run.safetensors", before, after, sizes)
    whole = trained(None, batch_size=6, epochs=3, metrics=["accuracy", "f1"])
    alike(found, whole, atol=1e-6)
    for _, history in found:
        assert history.epoch == [1, 2, 3]
        for name, values in whole[1].history.items():
            np.testing.assert_allclose(history.history[name], values, rtol=1e-5)


def test_with_the_same_number_of_ranks_it_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    found = killed_and_resumed(tmp_path / "run.safetensors", 2, 2, (3, 3))
    alike(found, on_ranks(2, lambda comm: trained(comm, batch_size=3, epochs=3))[0])


def test_batches_of_another_size_go_on_at_the_next_sample(tmp_path: Path) -> None:
    """5 batches of 2 · 2 samples are done; four ranks go on with 8 at a time, at the next sample."""
    seen: list[Any] = []

    class Rows:
        def __len__(self) -> int:
            return 24

        def __getitem__(self, i: int) -> Any:
            seen.append(i)
            return X[i], T[i]

    def train(comm: Any, resumes: bool) -> Any:
        def die(run: Any) -> None:
            if run.step == 5 and not resumes:
                raise Killed

        model = nn.Linear(4, 2, rng=0)
        return nn.fit(
            model, Rows(), batch_size=2, comm=comm, rng=0, verbose=False, epochs=2 if resumes else 1,
            optimizer=nn.optim.SGD(model.parameters(), lr=0.1),
            checkpoint=nn.Checkpoint(tmp_path / "run", save_freq=1), resume=tmp_path / "run" if resumes else None,
            callbacks=[nn.callbacks.LambdaCallback(on_train_batch_end=die)],
        )  # fmt: skip

    with pytest.raises(Killed):
        on_ranks(2, lambda comm: train(comm, False))
    seen.clear()
    said = r"began with 4 samples a batch on 2 ranks, not 8 on 4; it goes on with what is given here"
    with pytest.warns(UserWarning, match=said):
        histories = on_ranks(4, lambda comm: train(comm, True))
    # The checkpoint is of the fourth batch, as the fifth ended in the callback: 16 of 24 samples were done.
    assert len(seen) == 8 + 24
    assert len(set(seen[:8])) == 8
    assert [history.epoch for history in histories] == [[1, 2]] * 4


def test_with_the_same_number_of_ranks_the_batch_size_has_to_be_the_same(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is of a training with batch_size = 3, and here it is 4"):
        killed_and_resumed(tmp_path / "run.safetensors", 2, 2, (3, 4))


def test_a_loop_of_ones_own() -> None:
    def train(comm: Any, batch_size: int, forgets: bool = False) -> Any:
        model = nn.Linear(4, 2, rng=0)
        sgd = nn.optim.SGD(model.parameters(), lr=0.1)
        run = nn.Run(model, X[:21], T[:21], optimizer=sgd, batch_size=batch_size, comm=comm, rng=0, verbose=False)
        for batch in run:
            x, t = batch
            run.optimizer.zero_grad()
            y, loss = None, 0.0
            if batch.counts:
                y = model(x)
                loss = run.loss(y, t)
                (loss * batch.share).backward()
            if not forgets:
                run.mean_gradients()
            run.optimizer.step()
            run.update(loss, y, t)
        return model.state_dict(), run.history

    expected = train(None, 20)
    found = on_ranks(2, lambda comm: train(comm, 10))
    alike(found, expected, atol=1e-6)
    np.testing.assert_allclose(found[0][1].history["loss"], expected[1].history["loss"], rtol=1e-5)
    with pytest.raises(ValueError, match=r"weight after epoch 1 .*lacks run\.mean_gradients\(\)"):
        on_ranks(2, lambda comm: train(comm, 3, forgets=True))


def test_ranks_draw_different_numbers_where_none_belong_to_samples() -> None:
    """A layer whose input has another length than the batch draws for the step."""
    drawn: dict[int, Any] = {}

    def note(rank: int, y: Any) -> None:
        drawn.setdefault(rank, np.asarray(y) == 0)

    class Halves(nn.Module):
        def __init__(self) -> None:
            self.linear, self.drop = nn.Linear(2, 2, rng=0), nn.Dropout(0.5, rng=0)

        def forward(self, x: Any) -> Any:
            y = self.drop(x.reshape(-1, 2))
            return self.linear(y).reshape(len(x), -1)[:, :2]

    def train(comm: Any) -> None:
        model = Halves()
        model.drop.register_forward_hook(lambda m, x, y: note(comm.rank, y))
        nn.fit(model, np.ones((8, 4), np.float32), T[:8], batch_size=4, comm=comm, rng=0, verbose=False)

    on_ranks(2, train)
    assert drawn[0].shape == drawn[1].shape
    assert (drawn[0] != drawn[1]).any()


def test_no_message_but_the_first_ones_is_sent_without_need() -> None:
    """Each step: the weights of the parts, the losses, gradients, whether to stop; accuracies are in that of losses."""
    sent: list[Any] = []

    def train(comm: Any) -> None:
        model = nn.Linear(4, 2, rng=0)
        nn.fit(model, X, T, batch_size=4, comm=comm, metrics=[], rng=0, verbose=False)
        sent.append(comm.messages)

    started = time.monotonic()
    on_ranks(2, train)
    assert time.monotonic() - started < 60
    step = [(3,), (3,), (4 * 2 + 2 + 2 + 1,), (2,)]
    assert sent[0].count((13,)) == 3
    assert all(message in sent[0] for message in step)
    assert len(sent[0]) < 3 * len(step) + 9
