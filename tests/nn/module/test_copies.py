"""Copies and pickles of layers, models and optimizers: whole, tied as before, and trained on their own."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.modules import MODULES, construct
from tests.helpers.networks.optimizers import OPTIMIZERS, minimize
from tests.helpers.parametrized.copies import every_copy, every_deep_copy
from tests.helpers.parametrized.for_each import for_each

in_every_way = pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])

X = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
Y = np.array([0, 1, 0, 1, 0, 1])

SETTINGS: dict[str, Any] = {"SGD": {"momentum": 0.9}, "Adam": {"weight_decay": 0.01}}


class Positive(nn.Parameter):
    """A parameter of one's own, with an attribute."""

    def __init__(self, data: Any, floor: float) -> None:
        super().__init__(data)
        self.floor = floor


class Tied(nn.Module):
    """With ties between layers and lists, a frozen parameter, an operation, a buffer and random numbers."""

    def __init__(self) -> None:
        self.encoder = nn.Linear(4, 4, rng=0)
        self.decoder = nn.Linear(4, 4, rng=1)
        self.decoder.weight = self.encoder.weight
        self.scales = [Positive(np.ones(4, np.float32), floor=0.5), (self.encoder.bias,)]
        self.again = self.scales[0]
        self.frozen = nn.Parameter(np.ones(4, np.float32))
        self.frozen.requires_grad = False
        self.activation = mg.tanh
        self.mean = mg.Tensor(np.zeros(4, np.float32))
        self.dropout = nn.Dropout(0.5, rng=2)

    def forward(self, x: Any) -> Any:
        h = self.dropout(self.activation(self.encoder(x - self.mean)))
        return self.decoder(h) * self.scales[0] * self.frozen


def state(model: nn.Module) -> dict[str, list[float]]:
    return {name: array.tolist() for name, array in model.state_dict().items()}


@in_every_way
@for_each("name", list(MODULES))
def test_a_copy_of_each_module_has_its_parameters(name: str, copied: Any) -> None:
    module = construct(name)
    twin = copied(module)
    assert type(twin) is type(module)
    assert repr(twin) == repr(module)
    twins = twin.state_dict()
    assert list(twins) == list(module.state_dict())
    assert all(np.array_equal(array, twins[name]) for name, array in module.state_dict().items())
    assert [type(p) for p in twin.parameters()] == [type(p) for p in module.parameters()]
    shared = {id(p) for p in module.parameters()} & {id(p) for p in twin.parameters()}
    assert len(shared) == (len(list(module.parameters())) if copied is copy.copy else 0)


@every_copy
def test_ties_stay_ties(copied: Any) -> None:
    model = copied(Tied())
    assert list(state(model)) == list(state(Tied()))
    assert model.decoder.weight is model.encoder.weight
    assert model.scales[0] is model.again
    assert model.scales[1][0] is model.encoder.bias
    assert (type(model.again), model.again.floor) == (Positive, 0.5)
    assert not model.frozen.requires_grad
    assert model.activation is mg.tanh
    assert type(model.mean) is mg.Tensor


@every_deep_copy
def test_a_copy_computes_the_same_and_draws_the_same_random_numbers(copied: Any) -> None:
    model = Tied()
    twin = copied(model)
    for _ in range(2):
        assert model(X).tolist() == twin(X).tolist()


@every_deep_copy
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_copied_with_its_model_trains_the_copy(name: str, copied: Any) -> None:
    model = Tied()
    optimizer = OPTIMIZERS[name]([p for p in model.parameters() if p.requires_grad], lr=0.1, **SETTINGS.get(name, {}))

    def step(model: nn.Module, optimizer: nn.optim.Optimizer) -> None:
        minimize(optimizer, lambda: mg.mean(model(X) ** 2))

    step(model, optimizer)
    before = state(model)
    twin, of_twin = copied((model, optimizer))
    step(twin, of_twin)
    assert state(model) == before != state(twin)
    step(model, optimizer)  # with momentum and random numbers where they were
    assert state(model) == state(twin)


@every_deep_copy
def test_gradients_are_copied(copied: Any) -> None:
    model = Tied()
    mg.mean(model(X) ** 2).backward()
    twin = copied(model)
    for p, q in zip(model.parameters(), twin.parameters(), strict=True):
        assert (p.grad is None) == (q.grad is None)
        assert p.grad is None or (p.grad.tolist() == q.grad.tolist() and not np.shares_memory(p.grad, q.grad))


def test_a_copy_is_trained_by_fit_and_the_original_stays() -> None:
    model = nn.Sequential(nn.Linear(4, 4, rng=0), nn.Tanh(), nn.Dropout(0.2, rng=1), nn.Linear(4, 2, rng=2))
    before = state(model)
    twin = copy.deepcopy(model)
    nn.fit(twin, (X, Y), optimizer=nn.optim.SGD(twin.parameters(), lr=0.1), verbose=False)
    assert state(model) == before != state(twin)


def test_another_process_goes_on_training() -> None:
    model = nn.Sequential(nn.Linear(4, 2, rng=0))
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    program = (
        "import pickle, sys, minigrad as mg\n"
        "model, optimizer, x = pickle.load(sys.stdin.buffer)\n"
        "mg.mean(model(x) ** 2).backward()\n"
        "optimizer.step()\n"
        "pickle.dump(model, sys.stdout.buffer)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps((model, optimizer, X)), capture_output=True, check=True
    )
    mg.mean(model(X) ** 2).backward()
    optimizer.step()
    for name, array in pickle.loads(done.stdout).state_dict().items():
        np.testing.assert_allclose(array, model.state_dict()[name], rtol=1e-6)


def test_a_module_that_keeps_a_hook_and_itself_is_copied() -> None:
    model = nn.Linear(2, 2)
    model.hook = model.weight.register_hook(lambda w_bar: None)
    model.whole = [model]
    with pytest.warns(RuntimeWarning, match="has none of its hooks"):
        twin = copy.deepcopy(model)
    twin.hook.remove()
    assert twin.whole[0] is twin


class Slotted(nn.Module):
    """With its parameters in slots."""

    __slots__ = ("inner", "later", "scale")

    def __init__(self) -> None:
        self.scale = nn.Parameter(np.ones(4, np.float32))
        self.inner = nn.Linear(4, 4, rng=0)
        self.note = "n"

    def forward(self, x: Any) -> Any:
        return self.inner(x) * self.scale


@in_every_way
def test_a_module_with_slots_has_its_parameters_too(copied: Any) -> None:
    model = Slotted()
    assert list(state(model)) == ["scale", "inner.weight", "inner.bias"]
    twin = copied(model)
    assert state(twin) == state(model)
    assert (twin.note, twin(X).tolist()) == ("n", model(X).tolist())
    assert not hasattr(twin, "later")
