"""Generators of random numbers are in the state, and go on where they were."""

from __future__ import annotations

import copy
import io
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

X = np.ones(50, np.float32)
BIT_GENERATORS = [np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64]


class Noisy(nn.Module):
    """With a generator that two dropouts share, and another."""

    def __init__(self, seed: int, kind: Any = np.random.PCG64) -> None:
        rng = np.random.Generator(kind(seed))
        self.drops = [nn.Dropout(0.5, rng=rng), nn.Dropout(0.2, rng=rng)]
        self.rng = np.random.Generator(kind(seed + 1))
        self.bias = nn.Parameter(np.zeros(50, np.float32))

    def forward(self, x: Any) -> Any:
        return self.drops[1](self.drops[0](x)) + self.rng.normal(size=x.shape) + self.bias


def test_each_comes_once_with_its_first_path() -> None:
    model = Noisy(0)
    assert [name for name, _ in model.named_generators()] == ["rng", "drops.0.rng"]
    assert list(model.state_dict()) == ["bias", "rng", "drops.0.rng"]
    assert [name for name, _ in model.named_generators("m", recurse=False)] == ["m.rng"]


@pytest.mark.parametrize("kind", BIT_GENERATORS, ids=lambda kind: kind.__name__)
def test_a_state_goes_on_with_the_same_numbers(kind: Any) -> None:
    model, twin = Noisy(0, kind), Noisy(5, kind)
    model(X)
    model.rng.integers(2, size=3, dtype=np.uint32)  # keeps half of a number
    file = io.BytesIO()
    np.savez(file, **model.state_dict())
    file.seek(0)
    with np.load(file) as stored:
        twin.load_state_dict(stored)
    assert twin.drops[0].rng is twin.drops[1].rng
    for _ in range(2):
        assert twin(X).tolist() == model(X).tolist()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_shares_what_was_shared(copied: Any) -> None:
    twin = copied(Noisy(0))
    assert twin.drops[0].rng is twin.drops[1].rng is not twin.rng


def test_a_state_without_them_loads_and_leaves_them() -> None:
    model, twin = Noisy(0), Noisy(0)
    report = model.load_state_dict({"bias": np.zeros(50)})
    assert repr(report) == "<All keys matched successfully>"
    assert model(X).tolist() == twin(X).tolist()


@pytest.mark.parametrize(
    "state",
    [
        np.zeros(3, np.uint8),
        np.array(["a"]),
        np.frombuffer(b"[1]", np.uint8),
        np.frombuffer(b"{}", np.uint8),
        None,
        nn.Dropout(rng=np.random.Generator(np.random.MT19937(0))).state_dict()["rng"],
    ],
)
def test_what_is_not_its_state_changes_nothing(state: Any) -> None:
    model, twin = Noisy(0), Noisy(0)
    with pytest.raises(ValueError, match="load_state_dict: rng is not the state of a PCG64"):
        model.load_state_dict({**Noisy(1).state_dict(), "rng": state})
    assert model(X).tolist() == twin(X).tolist()


def test_a_shared_one_under_both_names() -> None:
    state = Noisy(1).state_dict()
    model = Noisy(0)
    model.load_state_dict({**state, "drops.1.rng": state["drops.0.rng"]})
    with pytest.raises(ValueError, match=r"drops\.0\.rng and drops\.1\.rng are one in this Noisy, and differ"):
        model.load_state_dict({**state, "drops.1.rng": state["rng"]})


def test_a_generator_without_a_seed_belongs_to_the_state_once_it_has_drawn() -> None:
    def make() -> Any:
        return nn.Sequential(nn.Linear(2, 2, rng=0), nn.Dropout(0.5), nn.AlphaDropout(0.5))

    model, other = make(), make()
    assert list(model.state_dict()) == ["0.weight", "0.bias"]
    assert all(
        np.array_equal(a, b) for a, b in zip(model.state_dict().values(), other.state_dict().values(), strict=True)
    )
    assert list(copy.deepcopy(model).state_dict()) == ["0.weight", "0.bias"]
    model(np.ones((3, 2), np.float32))
    assert list(model.state_dict()) == ["0.weight", "0.bias", "1.rng", "2.rng"]
    other.load_state_dict(model.state_dict())
    assert list(other.state_dict()) == list(model.state_dict())
    x = np.ones((64, 2), np.float32)
    assert np.array_equal(model(x).data, other(x).data)


def test_fit_draws_by_the_samples_and_leaves_such_generators_out_of_the_state() -> None:
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Dropout(0.5))
    nn.fit(model, np.ones((8, 2), np.float32), np.zeros(8, int), rng=0, verbose=False)
    assert list(model.state_dict()) == ["0.weight", "0.bias"]


def test_a_state_is_not_a_search_for_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attribute that layers lack is looked for among names that are nearly the same, which takes milliseconds."""
    monkeypatch.setattr(mg.unsupported, "closest", lambda *_: pytest.fail("a name was looked for"))
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5), nn.Dropout(0.5, rng=0))
    model.load_state_dict(model.state_dict())
