"""The state of an optimizer: training goes on as it would have, and what does not fit is refused before anything."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import OPTIMIZERS, RICH, minimize

every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)

#: With these, each optimizer keeps all that it can, and L-BFGS forgets what is old.
SETTINGS = {**RICH, "LBFGS": {"max_iter": 2, "history_size": 3}}

X = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


def model(dtype: Any = np.float32) -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 3, rng=0, dtype=dtype), nn.Tanh(), nn.Linear(3, 2, rng=1, dtype=dtype))


def make(name: str, net: nn.Module, **settings: Any) -> Any:
    return OPTIMIZERS[name](net.parameters(), **{"lr": 0.05, **SETTINGS.get(name, {}), **settings})


def train(net: nn.Module, optimizer: Any, steps: int = 3) -> list[list[float]]:
    x = X.astype(next(net.parameters()).dtype)
    for _ in range(steps):
        minimize(optimizer, lambda: mg.mean(net(x) ** 2))
    return [p.data.tolist() for p in net.parameters()]


def saved(name: str) -> dict[str, Any]:
    net = model()
    optimizer = make(name, net)
    train(net, optimizer)
    state: dict[str, Any] = optimizer.state_dict()
    return state


@every_optimizer
def test_training_goes_on_as_it_would_have(name: str) -> None:
    net = model()
    optimizer = make(name, net)
    train(net, optimizer)
    optimizer.scale_lr(0.5)
    stored = pickle.loads(pickle.dumps((net.state_dict(), optimizer.state_dict())))
    twin = model()
    again = make(name, twin, lr=0.7)
    twin.load_state_dict(stored[0])
    again.load_state_dict(stored[1])
    assert train(twin, again) == train(net, optimizer)
    again.scale_lr(1)
    assert again.lr == 0.05


@every_optimizer
def test_the_layout_is_that_of_pytorch(name: str) -> None:
    state = saved(name)
    assert list(state) == ["state", "param_groups"]
    numbers = [0] if name == "LBFGS" else [0, 1, 2, 3]
    assert list(state["state"]) == numbers
    assert state["param_groups"][0]["params"] == [0, 1, 2, 3]
    assert state["param_groups"][0]["lr"] == 0.05


@every_optimizer
def test_arrays_are_copied_in_and_out(name: str) -> None:
    net = model()
    optimizer = make(name, net)
    train(net, optimizer)
    state = optimizer.state_dict()
    before = copy.deepcopy(state)
    optimizer.load_state_dict(state)
    train(net, optimizer)
    np.testing.assert_equal(state, before)


@every_optimizer
def test_dtypes_follow_the_parameters(name: str) -> None:
    state = saved(name)
    net = model(np.float64)
    optimizer = make(name, net)
    optimizer.load_state_dict(state)
    train(net, optimizer)
    for value in optimizer.state[optimizer.params[0]].values():
        for array in value if isinstance(value, list) else [value]:
            assert getattr(array, "dtype", np.float64) == np.float64


@every_optimizer
def test_the_state_before_the_first_step_is_loaded_too(name: str) -> None:
    optimizer = make(name, model())
    state = optimizer.state_dict()
    assert state["state"] == {}
    net = model()
    optimizer = make(name, net)
    train(net, optimizer)
    optimizer.load_state_dict(state)
    assert optimizer.state == {}
    train(net, optimizer)


def test_groups_are_numbered_through() -> None:
    net = model()
    groups = [{"params": net[2].named_parameters(), "lr": 0.5}, {"params": net[0].named_parameters()}]
    optimizer = nn.optim.SGD(groups, lr=0.1, momentum=0.9)
    train(net, optimizer)
    state = optimizer.state_dict()
    assert [group["params"] for group in state["param_groups"]] == [[0, 1], [2, 3]]
    assert [group["lr"] for group in state["param_groups"]] == [0.5, 0.1]
    assert [state["state"][i]["momentum_buffer"].shape for i in range(4)] == [(2, 3), (2,), (3, 4), (3,)]
    assert state["param_groups"][1]["param_names"] == ("weight", "bias")
    optimizer.load_state_dict(state)
    state["param_groups"][1]["param_names"] = ("bias", "weight")
    with pytest.raises(ValueError, match=r"group 1: the state is of parameter 'bias' where this .* has 'weight'"):
        optimizer.load_state_dict(state)


def test_what_earlier_settings_left_is_not_in_the_state() -> None:
    net = model()
    optimizer = make("SGD", net)
    train(net, optimizer)
    optimizer.momentum = 0.0
    state = optimizer.state_dict()
    assert state["state"] == {}
    optimizer.load_state_dict(state)
    train(net, nn.optim.SGD(net.parameters()))
    assert nn.optim.SGD(net.parameters()).state_dict()["state"] == {}


@pytest.mark.parametrize(
    ("name", "setting", "value"), [(name, *item) for name, settings in RICH.items() for item in settings.items()]
)
def test_a_setting_turned_on_before_saving_is_loaded_and_the_next_step_adds_its_state(
    name: str, setting: str, value: Any
) -> None:
    net = model()
    optimizer = OPTIMIZERS[name](net.parameters(), lr=0.05)
    train(net, optimizer)
    setattr(optimizer, setting, value)
    twin = model()
    again = OPTIMIZERS[name](twin.parameters())
    twin.load_state_dict(net.state_dict())
    again.load_state_dict(optimizer.state_dict())
    np.testing.assert_equal(again.state_dict(), optimizer.state_dict())
    assert train(twin, again) == train(net, optimizer)
    assert again.state_dict()["state"].keys() == {0, 1, 2, 3}


def changed(name: str, *path: Any, to: Any) -> dict[str, Any]:
    """The state of an optimizer with one value replaced; ``...`` takes it out."""
    state = saved(name)
    part = state
    for key in path[:-1]:
        part = part[key]
    if to is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = to
    return state


GROUP = ("param_groups", 0)


@pytest.mark.parametrize(
    ("name", "state", "error", "message"),
    [
        ("SGD", lambda: 3, TypeError, "expected a dictionary as state_dict.* returns it, got 3"),
        ("SGD", lambda: model().state_dict(), TypeError, "expected a dictionary as state_dict.* returns it"),
        ("SGD", lambda: {"state": [], "param_groups": []}, TypeError, "'state' a dictionary"),
        ("SGD", lambda: {"state": {}, "param_groups": []}, ValueError, "the state has 0 groups .* this optimizer 1"),
        ("SGD", lambda: {"state": {}, "param_groups": [3]}, TypeError, "group 0: expected a dictionary"),
        ("SGD", lambda: changed("SGD", *GROUP, "params", to=[0]), ValueError, "has 1 parameters, .* this optimizer 4"),
        ("SGD", lambda: changed("SGD", *GROUP, "lr", to=...), ValueError, "its settings lack lr, and have nothing"),
        ("SGD", lambda: changed("SGD", *GROUP, "rho", to=1), ValueError, "lack nothing, and have rho besides"),
        ("SGD", lambda: changed("SGD", *GROUP, "lr", to=-1), ValueError, "group 0: lr is -1, but must not be negative"),
        ("SGD", lambda: changed("SGD", *GROUP, "nesterov", to=1), TypeError, "expected True or False"),
        ("Adam", lambda: saved("SGD"), ValueError, r"its settings lack betas, .* another optimizer than Adam"),
        ("SGD", lambda: saved("Adam"), ValueError, r"its settings lack momentum, .* another optimizer than SGD"),
        ("Adam", lambda: saved("AdamW"), ValueError, "the state is that of AdamW, which decays weights differently"),
        ("AdamW", lambda: saved("Adam"), ValueError, "the state is that of Adam, which decays weights differently"),
        ("Lion", lambda: saved("AdamW"), ValueError, "have eps, amsgrad besides"),
        ("LBFGS", lambda: saved("SGD"), ValueError, "another optimizer than LBFGS"),
        ("SGD", lambda: changed("SGD", "state", 9, to={}), ValueError, "the state is of parameters .* no group has: 9"),
        ("SGD", lambda: changed("SGD", "state", 1, to=[1]), TypeError, "parameter 1: expected a dictionary of arrays"),
        ("Adam", lambda: changed("Adam", "state", 3, "exp_avg", to=...), ValueError, "parameter 3: .*lack exp_avg"),
        ("Adam", lambda: changed("Adam", "state", 3, "sum", to=0), ValueError, "parameter 3: .*have sum besides"),
        ("Adam", lambda: changed("Adam", "state", 3, "step", to=-1), ValueError, "step is -1, expected at least 0"),
        (
            "Adam",
            lambda: changed("Adam", "state", 3, "step", to=1.5),
            TypeError,
            "step is 1.5, expected a whole",
        ),
        (
            "Adam",
            lambda: changed("Adam", "state", 3, "exp_avg", to=np.ones(3)),
            ValueError,
            r"parameter 3: exp_avg has shape \(3,\), expected \(2,\)",
        ),
        ("Adam", lambda: changed("Adam", "state", 3, "exp_avg", to=["a", "b"]), TypeError, "parameter 3: exp_avg"),
        ("Adam", lambda: changed("Adam", "state", 3, "exp_avg", to=[1j, 2]), TypeError, "exp_avg is complex"),
        ("LBFGS", lambda: changed("LBFGS", "state", 0, "d", to=np.ones(3)), ValueError, r"shape \(3,\), expected"),
        ("LBFGS", lambda: changed("LBFGS", "state", 0, "ro", to=[]), ValueError, "differ in length"),
        ("LBFGS", lambda: changed("LBFGS", "state", 0, "t", to=...), ValueError, "lack t"),
        ("LBFGS", lambda: changed("LBFGS", "state", 1, to={}), ValueError, "with the first parameter"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(name: str, state: Any, error: Any, message: str) -> None:
    net = model()
    optimizer = make(name, net)
    train(net, optimizer, steps=2)
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(error, match=rf"^{name}\.load_state_dict: .*{message}"):
        optimizer.load_state_dict(state())
    np.testing.assert_equal(optimizer.state_dict(), before)


def test_what_pytorch_keeps_besides_settings_does_not_matter() -> None:
    state = changed("Adam", *GROUP, "foreach", to=None)
    state["param_groups"][0] |= {"capturable": True, "initial_lr": np.float32(0.5), "max_lr": 3}
    optimizer = make("Adam", model())
    optimizer.load_state_dict(state)
    assert (optimizer.lr, optimizer.param_groups[0]["initial_lr"]) == (0.05, 0.5)
