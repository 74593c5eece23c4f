"""fit on several ranks computes what a single process does with batches so many times as large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.threads.ranks import on_ranks

RNG = np.random.default_rng(0)
N = 23
X, T = RNG.normal(size=(N, 1, 5, 5)), RNG.normal(size=(N, 3))
LABELS = RNG.integers(0, 3, N)
SOME_IGNORED = np.where(np.isin(np.arange(N), [1, 2, 3, 8, 9, 17]), 7, LABELS)


def network() -> nn.Sequential:
    """In float64, with everything that draws numbers for samples."""
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, rng=0, dtype=np.float64), nn.Tanh(), nn.Dropout2d(0.2, rng=0),
        nn.Flatten(), nn.Dropout(0.2, rng=1), nn.Linear(18, 3, rng=1, dtype=np.float64),
    )  # fmt: skip


def loaded(x: Any, t: Any, **settings: Any) -> nn.data.DataLoader:
    noise = nn.data.augmentation.Noise(0.1)
    return nn.data.DataLoader(x, t, shuffle=True, transform=[noise], rng=5, **settings)


def trained(
    comm: Any = None, *, batch_size: int, target: Any = LABELS, optimizer: Any = nn.optim.Adam, **settings: Any
) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """The parameters and the history after two epochs."""
    model = network()
    history = nn.fit(
        model, loaded(X, target, batch_size=batch_size, drop_last=settings.pop("drop_last", False)), epochs=2,
        optimizer=optimizer(model.parameters(), lr=0.05), validation_data=(X[:10], target[:10]), comm=comm, rng=0,
        verbose=False, **settings,
    )  # fmt: skip
    return model.state_dict(), history.history


def alike(of_ranks: list[Any], expected: Any, rtol: float = 1e-9) -> None:
    """All ranks have the same bits, and those of a single process to rounding."""
    for state, history in of_ranks:
        assert history.keys() == expected[1].keys()
        for name, array in state.items():
            np.testing.assert_array_equal(array, of_ranks[0][0][name], err_msg=name)
            np.testing.assert_allclose(array, expected[0][name], rtol=rtol, atol=1e-11, err_msg=name)
        for name, values in history.items():
            np.testing.assert_array_equal(values, of_ranks[0][1][name], err_msg=name)
            np.testing.assert_allclose(values, expected[1][name], rtol=rtol, atol=1e-11, err_msg=name)


def same(ranks: int, batch_size: int, **settings: Any) -> None:
    """Ranks with this batch size, beside a single process with a larger one."""
    found = on_ranks(ranks, lambda comm: trained(comm, batch_size=batch_size, **settings))
    alike(found, trained(batch_size=batch_size * ranks, **settings))


@pytest.mark.parametrize(
    ("ranks", "batch_size"),
    [
        (1, 6),
        (2, 4),  # 23 = 2 · 8 + 7: the parts of the last batch differ by one sample
        (2, 11),  # 23 = 22 + 1: one rank has nothing
        (3, 7),  # 23 = 21 + 2
        (3, 30),  # more than all
        (5, 4),
    ],
)
def test_parts_of_any_size(ranks: int, batch_size: int) -> None:
    same(ranks, batch_size)


@pytest.mark.parametrize(
    ("loss", "target", "accumulate"),
    [
        (nn.CrossEntropyLoss(label_smoothing=0.1), LABELS, 2),
        (nn.CrossEntropyLoss(ignore_index=7), SOME_IGNORED, 1),
        (nn.CrossEntropyLoss(np.array([1.0, 2.0, 5.0]), ignore_index=7), SOME_IGNORED, 3),
        (nn.CrossEntropyLoss(ignore_index=7, reduction="sum"), SOME_IGNORED, 3),
        (nn.MSELoss(), T, 1),
        (nn.MSELoss(reduction="sum"), T, 1),
        (nn.SumSquaredErrorLoss(), T, 3),
        (mg.sum_squared_error, T, 1),
        (lambda y, t: mg.mean(mg.abs(y - t) ** 1.5), T, 1),
    ],
    ids=["smoothed", "ignored", "weights", "sum, ignored", "mse", "sum", "lecture", "function", "own"],
)
def test_losses(loss: Any, target: Any, accumulate: int) -> None:
    same(3, 2, loss=loss, target=target, accumulate=accumulate, optimizer=nn.optim.SGD)


@pytest.mark.parametrize(
    "settings",
    [
        {"clip_norm": 0.05},
        {"drop_last": True},
        {"accumulate": 2},
        {"schedule": nn.optim.OneCycleLR(0.05, epochs=2, steps_per_epoch=3)},
        {"schedule": nn.optim.CosineAnnealingLR(2)},
        {"metrics": ["accuracy", "f1", "confusion_matrix", lambda y, t: float(np.sqrt(((y[:, 0] - t) ** 2).mean()))]},
        {"metrics": []},
        {"class_weight": [1.0, 3.0, 2.0]},
    ],
    ids=lambda settings: ", ".join(settings),
)
def test_settings(settings: dict[str, Any]) -> None:
    same(2, 4, **settings)


@pytest.mark.parametrize("compile", [False, True])
@pytest.mark.parametrize("does_not_count", ["weight 0", "ignored"])
def test_metrics_see_parts_without_a_target_that_counts(does_not_count: str, compile: bool) -> None:
    """A rank may have only such targets, of the training data as of the validation data."""
    some = np.isin(np.arange(N), [5, 6, 7, 8, 9])
    how: dict[str, Any] = {"class_weight": [0.0, 1.0, 2.0]}
    if does_not_count == "ignored":
        how = {"loss": nn.CrossEntropyLoss(ignore_index=0)}
    sees_all = [lambda y, t: float(((y[:, 0] - t) ** 2).mean())]  # of any targets
    same(3, 1, target=np.where(some, 0, 1 + LABELS % 2), metrics=["accuracy", *sees_all], compile=compile, **how)


@pytest.mark.parametrize("style", ["readable", "fast"])
def test_programs(style: str) -> None:
    same(2, 4, compile=style)


class Rows:
    """A data set of samples."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def __len__(self) -> int:
        return N

    def __getitem__(self, i: int) -> tuple[Any, Any]:
        self.read.append(i)
        return X[i], LABELS[i]


def ready(size: int) -> list[Any]:
    return [(X[i : i + size], LABELS[i : i + size]) for i in range(0, N, size)]


class Ready:
    """An iterable of batches."""

    def __iter__(self) -> Any:
        return iter(ready(11))


@pytest.mark.parametrize("kind", ["arrays, unshuffled", "samples", "batches", "generator"])
def test_kinds_of_data(kind: str) -> None:
    def data(batch_size: int) -> Any:
        return {
            "arrays, unshuffled": lambda: nn.data.DataLoader(X, LABELS, batch_size=batch_size),
            "samples": lambda: nn.data.DataLoader(Rows(), batch_size=batch_size, shuffle=True, prefetch=2, rng=0),
            "batches": Ready,
            "generator": lambda: (batch for batch in ready(7)),
        }[kind]()

    def train(comm: Any, batch_size: int) -> Any:
        model = network()
        sgd = nn.optim.SGD(model.parameters(), lr=0.05)
        history = nn.fit(model, data(batch_size), optimizer=sgd, comm=comm, rng=0, verbose=False)
        return model.state_dict(), history.history

    alike(on_ranks(2, lambda comm: train(comm, 11)), train(None, 22))


def test_batches_that_one_rank_alone_has_are_an_error_on_all_of_them() -> None:
    said = []

    def train(comm: Any) -> None:
        batches = (batch for batch in ready(7)[: 2 + comm.rank])
        with pytest.raises(ValueError, match="more batches on one rank than on another") as raised:
            nn.fit(network(), batches, comm=comm, rng=0, verbose=False)
        said.append(str(raised.value))

    on_ranks(2, train)
    assert len(said) == 2


def test_each_rank_reads_its_own_samples_alone() -> None:
    def read(comm: Any) -> list[int]:
        rows = Rows()
        nn.fit(network(), nn.data.DataLoader(rows, batch_size=4, shuffle=True), comm=comm, verbose=False)
        return rows.read

    parts = on_ranks(3, read)
    assert sorted(i for part in parts for i in part) == list(range(N))
    assert [len(part) for part in parts] == [8, 8, 7]


def test_what_is_drawn_where_nothing_was_given_is_that_of_rank_0() -> None:
    """Weights, order, the part for validation: without any seed."""

    def train(comm: Any) -> Any:
        model = nn.Sequential(nn.Flatten(), nn.Linear(25, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3))
        history = nn.fit(model, X, LABELS, validation_split=0.2, epochs=2, comm=comm, verbose=False)
        return model.state_dict(), history.history

    found = on_ranks(2, train)
    alike(found, found[0])


def test_parameters_without_a_gradient_stay_without_one() -> None:
    """Momentum and weight decay do not move what no rank has used; what one rank alone has used, all move."""

    class Routed(nn.Module):
        def __init__(self) -> None:
            self.first, self.second, self.never = (nn.Linear(25, 3, rng=i, dtype=np.float64) for i in range(3))

        def forward(self, x: Any) -> Any:
            x = mg.reshape(x, (len(x), 25))
            return self.first(x) if x[0, 0] > 0 else self.second(x)

    def train(comm: Any) -> Any:
        model = Routed()
        before = model.state_dict()
        sgd = nn.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.1, momentum=0.9)
        x = np.ones((2, 1, 5, 5)) * np.array([1.0, -1.0]).reshape(2, 1, 1, 1)
        loader = nn.data.DataLoader(x, np.array([0, 1]), batch_size=1)
        nn.fit(model, loader, optimizer=sgd, comm=comm, verbose=False)
        after = model.state_dict()
        return {name for name in after if (after[name] != before[name]).any()}

    changed = {"first.weight", "first.bias", "second.weight", "second.bias"}
    assert on_ranks(2, train) == [changed, changed]


def test_frozen_layers_send_nothing() -> None:
    def train(comm: Any) -> Any:
        model = network()
        for p in model[0].parameters():
            p.requires_grad = False

        def thaw(_: Any) -> None:
            for p in model[0].parameters():
                p.requires_grad = True

        adam = nn.optim.Adam(model.parameters())
        nn.fit(model, X, LABELS, batch_size=6, optimizer=adam, callbacks=[thaw], epochs=2, comm=comm, verbose=False)
        return comm.messages

    (sent, _) = on_ranks(2, train)
    head, conv = 18 * 3 + 3, 2 * 9 + 2
    assert (head + 3,) in sent  # two parameters, and one number more
    assert (head + conv + 5,) in sent


def test_float16_beside_float64() -> None:
    class Mixed(nn.Module):
        def __init__(self) -> None:
            self.half = nn.Parameter(np.full(3, 0.5), dtype=np.float16)
            self.double = nn.Parameter(np.array([1.0, 2.0]), dtype=np.float64)

        def forward(self, x: Any) -> Any:
            return x * mg.mean(self.half) * mg.sum(self.double**2)

    def train(comm: Any, batch_size: int) -> Any:
        model, x = Mixed(), np.linspace(0.1, 1, 8)[:, None]
        sgd = nn.optim.SGD(model.parameters(), lr=0.001)
        loader = nn.data.DataLoader(x, 2 * x, batch_size=batch_size)
        nn.fit(model, loader, optimizer=sgd, loss="mse", comm=comm, verbose=False)
        return model.state_dict()

    found, expected = on_ranks(2, lambda comm: train(comm, 2))[1], train(None, 4)
    assert found["half"].dtype == np.float16
    np.testing.assert_allclose(found["half"], expected["half"], rtol=2e-3)
    np.testing.assert_allclose(found["double"], expected["double"], rtol=1e-4)


def normalized(comm: Any, batch_size: int, each: Callable[[Any], None] | None = None) -> Any:
    model = nn.Sequential(nn.Flatten(), nn.Linear(25, 4, rng=0), nn.BatchNorm1d(4), nn.Linear(4, 3, rng=1))
    loader = nn.data.DataLoader(X, LABELS, batch_size=batch_size, drop_last=True, rng=0)
    settings = {"validation_data": (X, LABELS), "callbacks": [each] if each else []}
    history = nn.fit(model, loader, epochs=2, comm=comm, verbose=False, **settings)
    return model.state_dict(), history.history


def test_batch_norm_has_statistics_of_its_own_on_each_rank_and_those_of_rank_0_in_the_end() -> None:
    at_epoch_end: list[Any] = []
    found = on_ranks(
        2, lambda comm: normalized(comm, 8, lambda run: at_epoch_end.append(run.model[2].running_var.data))
    )
    alike(found, found[0])
    assert all((value == at_epoch_end[2 * (i // 2)]).all() for i, value in enumerate(at_epoch_end))
    whole, _ = normalized(None, 16)
    assert abs(found[0][0]["2.running_var"] - whole["2.running_var"]).max() > 1e-4
    assert found[0][0]["2.num_batches_tracked"] == whole["2.num_batches_tracked"] == 2


def test_the_same_bits_in_every_run() -> None:
    runs = [on_ranks(3, lambda comm: trained(comm, batch_size=3)) for _ in range(2)]
    for name, array in runs[0][2][0].items():
        np.testing.assert_array_equal(array, runs[1][0][0][name])
    assert runs[0][0][1] == runs[1][1][1]


def test_a_single_process_has_the_bits_of_one_without_a_communicator() -> None:
    found, expected = trained(nn.distributed.Serial(), batch_size=5), trained(batch_size=5)
    assert all((found[0][name] == expected[0][name]).all() for name in expected[0])
    assert found[1] == expected[1]


def test_a_batch_whose_targets_are_all_ignored() -> None:
    with pytest.raises(ZeroDivisionError, match="every target of this batch is ignored"):
        on_ranks(2, lambda comm: nn.fit(network(), X, np.full(N, -100), comm=comm, verbose=False))


@pytest.mark.parametrize("ranks", [1, 2])
@pytest.mark.parametrize(
    ("loss", "target"),
    [
        (nn.CrossEntropyLoss(ignore_index=2), [0, 1, 2, 2]),
        (nn.CrossEntropyLoss(np.array([1.0, 2.0, 0.0])), [0, 1, 2, 2]),
    ],
    ids=["ignored", "weight 0"],
)
def test_a_batch_of_the_validation_whose_targets_do_not_count(loss: Any, target: list[int], ranks: int) -> None:
    validation = nn.data.DataLoader(X[:4], np.array(target), batch_size=2 // ranks)
    with pytest.raises(ZeroDivisionError, match=r"every target .*is ignored or has the weight 0"):
        on_ranks(
            ranks,
            lambda comm: nn.fit(
                network(), X, LABELS, loss=loss, epochs=1, validation_data=validation, comm=comm, verbose=False
            ),
        )


def test_an_error_of_one_rank_is_that_of_the_program() -> None:
    x = X.copy()
    x[3] = np.nan
    with pytest.raises(FloatingPointError, match=r"inputs of this batch hold NaN \(sample 3\)"):
        on_ranks(2, lambda comm: nn.fit(network(), nn.data.DataLoader(x, LABELS), comm=comm, verbose=False))


def test_ranks_have_metrics_of_the_same_types() -> None:
    """Outputs are gathered for some of them alone, and each rank has to know that of the others."""

    def train(comm: Any) -> None:
        metrics = None if comm.rank else ["accuracy"]
        model = network()
        adam = nn.optim.Adam(model.parameters())
        nn.fit(model, X, LABELS, batch_size=6, optimizer=adam, metrics=metrics, comm=comm, verbose=False)

    with pytest.raises(ValueError, match=r"the metrics .*accuracy by DefaultAccuracy"):
        on_ranks(2, train)
