"""Ranks that were given different things, or have become different: all of them say so, and none waits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from nn.distributed.differences import checksum, refuse_differences
from tests.helpers.threads.ranks import on_ranks

X, T = np.random.default_rng(0).normal(size=(12, 4)).astype(np.float32), np.arange(12) % 3


def errors(call: Any, ranks: int = 2) -> list[str]:
    """What each rank says."""

    def caught(comm: Any) -> str:
        with pytest.raises(ValueError, match="fit: ") as raised:
            call(comm)
        return str(raised.value)

    return on_ranks(ranks, caught)


def test_who_differs_says_in_what_and_the_others_who() -> None:
    of_each = errors(lambda comm: refuse_differences(comm, {"a": 1, "b": comm.rank == 1}, "do so"), ranks=3)
    assert of_each == [
        "fit: b is False on rank 0, and differs on rank 1; do so",
        "fit: b is True on rank 1, and False on rank 0; do so",
        "fit: b is False on rank 0, and differs on rank 1; do so",
    ]
    first, second = errors(lambda comm: refuse_differences(comm, {"a": 1, "b": 2} if comm.rank == 0 else {"a": 1}))
    assert (
        first == "fit: b is 2 on rank 0, and differs on rank 1; all ranks have to run the same program on the same data"
    )
    assert second.startswith("fit: b is missing on rank 1, and 2 on rank 0;")
    first, second = errors(lambda comm: refuse_differences(comm, {"a": 1, "b": 2} if comm.rank else {"a": 1}))
    assert first.startswith("fit: rank 1 has more than rank 0;")
    assert second.startswith("fit: rank 1 has b, 2, and rank 0 does not;")
    on_ranks(2, lambda comm: refuse_differences(comm, {"a": 1}))


def model(**last: Any) -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Linear(5, 3, **last))


@pytest.mark.parametrize(
    ("of_rank_1", "said"),
    [
        ({"model": nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Linear(6, 3))}, r"0\.weight is .*\(6, 4\)"),
        ({"model": model(dtype=np.float64)}, r"2\.weight is float64 of shape \(3, 5\) on rank 1, and float32 of shape"),
        ({"model": model(bias=False)}, r"2\.bias is missing"),
        ({"model": nn.Sequential(*model(), nn.ReLU(), nn.Linear(3, 3))}, r"rank 1 has 4\.weight"),
        ({"data": (X[::-1], T)}, r"array 0 of the training data is float32 of shape \(12, 4\), checksum"),
        ({"data": (X[:9], T[:9])}, "n_samples of the training data is 9"),
        ({"batch_size": 3}, "n_batches of the training data is 4"),
        ({"validation_data": (X, T)}, "the number of loaders is 2"),
        ({"epochs": 2}, "epochs is 2 on rank 1, and 1 on rank 0"),
        ({"accumulate": 2}, "accumulate is 2"),
        ({"clip_norm": 1.0}, r"clip_norm is 1\.0"),
        ({"optimizer": "sgd"}, "the optimizer is SGD"),
        ({"loss": "nll"}, r"the loss is NLLLoss\(\)"),
        ({"schedule": nn.optim.CosineAnnealingLR(1)}, "the schedule is CosineAnnealingLR"),
        ({"callbacks": [nn.callbacks.ParameterPath()]}, r"the callbacks is \['ParameterPath'\]"),
        ({"metrics": ["f1"]}, r"the metrics is \['f1 by F1'\]"),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else "",
)
def test_what_fit_compares_before_it_begins(of_rank_1: dict[str, Any], said: str) -> None:
    def train(comm: Any) -> None:
        given = {"model": model(), "data": (X, T), **(of_rank_1 if comm.rank else {})}
        nn.fit(given.pop("model"), given.pop("data"), comm=comm, verbose=False, **given)

    first, second = errors(train)
    assert "on rank 0" in first or "than rank 0" in first
    with pytest.raises(AssertionError, match=f"(?s)fit: .*{said}"):
        raise AssertionError(second)


def test_a_parameter_that_one_rank_alone_changes_is_noticed_at_the_end_of_the_epoch() -> None:
    def change(run: Any) -> None:
        if run.comm.rank == 1 and run.step == 2:
            run.model[2].bias.data[0] += 1e-6

    def train(comm: Any) -> None:
        changing = nn.callbacks.LambdaCallback(on_train_batch_end=change)
        nn.fit(model(), X, T, batch_size=2, epochs=3, callbacks=[changing], comm=comm, verbose=False)

    first, second = errors(train)
    assert "2.bias after epoch 1" in first
    assert "on rank 1" in second
    assert "a callback has changed it on one rank alone" in second


def test_a_layer_that_one_rank_alone_freezes_is_noticed_before_the_sum() -> None:
    def train(comm: Any) -> None:
        network = model()
        if comm.rank:
            network[0].weight.requires_grad = False
        adam = nn.optim.Adam(network.parameters())
        nn.fit(network, X, T, optimizer=adam, comm=comm, verbose=False)

    assert all("0.weight in the optimizer" in error for error in errors(train))


@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize("change", ["freeze", "convert"])
def test_what_a_callback_changes_in_the_training_of_one_rank_is_noticed_before_the_next_sum(
    rank: int, change: str
) -> None:
    """The other rank has nothing new to compare, and has to compare all the same."""

    def act(run: Any) -> None:
        if run.comm.rank == rank and run.step == 2:
            if change == "freeze":
                run.model[0].weight.requires_grad = False
            else:
                run.model[0].weight.dtype = np.float64

    def train(comm: Any) -> None:
        acting = nn.callbacks.LambdaCallback(on_train_batch_end=act)
        nn.fit(model(), X, T, batch_size=2, metrics=[], callbacks=[acting], comm=comm, verbose=False)

    assert all("what is trained of 0.weight is" in error for error in errors(train))


def test_checksums() -> None:
    for array in (np.zeros((2, 3)), np.float32(3), np.array(["a", "b"]), np.zeros((0, 2)), np.ones(4)[::2]):
        assert checksum(array) == checksum(np.array(array))
    assert checksum(np.zeros(2)) != checksum(np.array([0, 5e-324]))
