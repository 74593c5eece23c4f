"""Groups of parameters: settings of their own, checked; and the attributes that stand for all groups."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import OPTIMIZERS, minimize

IN_GROUPS = {name: cls for name, cls in OPTIMIZERS.items() if name != "LBFGS"}
every_optimizer = pytest.mark.parametrize("optimizer", IN_GROUPS.values(), ids=IN_GROUPS)


def leaf(value: Any = 1.0, name: str | None = None) -> mg.Tensor:
    return mg.Tensor(value, requires_grad=True, name=name)


@every_optimizer
def test_each_group_has_settings_of_its_own_and_those_of_the_others(optimizer: Any) -> None:
    w, v, u = leaf([2.0, 3.0]), leaf([2.0, 3.0]), leaf([2.0, 3.0])
    together = optimizer([{"params": [w]}, {"params": iter([v]), "lr": 0.01}], lr=0.1, weight_decay=0.1)
    together.add_param_group({"params": u, "weight_decay": 0.0})
    assert [group["lr"] for group in together.param_groups] == [0.1, 0.01, 0.1]
    assert [len(group["params"]) for group in together.param_groups] == [1, 1, 1]
    alone = []
    for p, settings in ((w, {}), (v, {"lr": 0.01}), (u, {"weight_decay": 0.0})):
        twin = copy.deepcopy(p)
        alone.append((twin, p))
        single = optimizer([twin], **{"lr": 0.1, "weight_decay": 0.1, **settings})
        for _ in range(3):
            minimize(single, lambda twin=twin: (twin**2).sum())
    for _ in range(3):
        minimize(together, lambda: (w**2 + v**2 + u**2).sum())
    for twin, p in alone:
        assert twin.data.tolist() == p.data.tolist()


def test_the_dictionaries_of_the_user_stay() -> None:
    given = {"params": [leaf()], "lr": 0.1}
    nn.optim.SGD([given])
    assert list(given) == ["params", "lr"]


def test_a_group_is_a_dictionary() -> None:
    w = leaf()
    group = nn.optim.SGD([w], lr=0.1).param_groups[0]
    assert list(group) == ["params", "lr", "momentum", "dampening", "weight_decay", "nesterov", "maximize"]
    assert (group["params"], group["lr"], len(group), "lr" in group, "betas" in group) == ((w,), 0.1, 7, True, False)
    group.update(lr=0.2, momentum=0.5)
    assert (group["lr"], group.get("momentum"), group.get("betas")) == (0.2, 0.5, None)
    assert repr(group).startswith("<ParameterGroup(lr=0.2, momentum=0.5, ")
    for change in (lambda: group.pop("lr"), lambda: group.clear(), lambda: group.update(params=[leaf()])):
        with pytest.raises(TypeError, match=r"cannot be deleted|of a group stay"):
            change()
    with pytest.raises(KeyError, match="did you mean 'momentum'"):
        group["momentun"]
    assert group == group
    assert group != nn.optim.SGD([leaf()], lr=0.1).param_groups[0]


@every_optimizer
def test_what_a_group_does_not_have(optimizer: Any) -> None:
    name = optimizer.__name__
    with pytest.raises(TypeError, match=f"{name}: group 1 has no setting 'learning_rat'; it has lr, "):
        optimizer([{"params": [leaf()]}, {"params": [leaf()], "learning_rat": 1}])
    with pytest.raises(TypeError, match=f"{name}: group 0 has no setting 'weightdecay'; did you mean 'weight_decay'"):
        optimizer([{"params": [leaf()], "weightdecay": 1}])
    with pytest.raises(ValueError, match=f"{name}: group 0: lr is -1, but must not be negative"):
        optimizer([{"params": [leaf()], "lr": -1}])
    opt = optimizer([leaf()], lr=0.1)
    with pytest.raises(TypeError, match=f"{name} has no setting 'LR'; did you mean 'lr'"):
        opt.param_groups[0]["LR"] = 1
    for setting, hint in {"learning_rate": "its settings are lr", "Lr": "did you mean lr?"}.items():
        with pytest.raises(AttributeError, match=f"{name} has no attribute '{setting}' to set; {hint}"):
            setattr(opt, setting, 0.2)
    with pytest.raises(AttributeError):
        opt.param_groups = []
    assert opt.lr == 0.1


@pytest.mark.parametrize(
    ("groups", "error", "message"),
    [
        ([{"params": []}], ValueError, "group 0: got no parameters; leave the group out"),
        ([{"params": iter([])}], ValueError, "call it again"),
        ([{"lr": 0.1}], ValueError, "group 0: got a dict without 'params'"),
        ({"params": [leaf()]}, TypeError, r"got a dict; write SGD\(\[group\]\), a list of groups"),
        ([leaf(), {"params": [leaf()]}], TypeError, "got both groups and single parameters"),
        ([{"params": nn.Linear(1, 1)}], TypeError, "group 0: .*write model.parameters"),
        ([{"params": {leaf()}}], TypeError, "got a set, whose order"),
        ([{"params": [{"params": [leaf()]}]}], TypeError, "groups are not nested"),
        ([{"params": [leaf() * 2]}], ValueError, "group 0: the parameter number 0 .* was computed"),
        ([{"params": [nn.Linear(1, 1).weight.detach()]}], TypeError, "group 0: .*requires_grad=False"),
    ],
)
def test_what_is_not_a_group(groups: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        nn.optim.SGD(groups)


def test_what_cannot_be_added() -> None:
    w = leaf(name="w")
    opt = nn.optim.SGD([w])
    with pytest.raises(ValueError, match=r"SGD: group 1: its parameter number 1, 'w', of shape \(\) is in group 0"):
        opt.add_param_group({"params": [leaf(), w]})
    with pytest.raises(TypeError, match="got a list, expected a dictionary; write add_param_group"):
        opt.add_param_group([w])  # type: ignore[arg-type]
    assert opt.params == [w]
    with pytest.raises(ValueError, match="LBFGS moves all parameters in one direction"):
        nn.optim.LBFGS([{"params": [w]}, {"params": [leaf()]}])


def test_a_parameter_twice_in_one_group_counts_once() -> None:
    w, v = leaf(), leaf()
    opt = nn.optim.SGD([{"params": [w, v, w]}])
    assert opt.params[0] is w
    assert len(opt.params) == 2


def test_only_if_all_groups_are_frozen_nothing_is_left_to_train() -> None:
    frozen, w = nn.Linear(1, 1), leaf()
    for p in frozen.parameters():
        p.requires_grad = False
    nn.optim.SGD([{"params": frozen.parameters()}, {"params": [w]}])
    with pytest.raises(ValueError, match="all 2 parameters are frozen"):
        nn.optim.SGD([{"params": [frozen.weight]}, {"params": [frozen.bias]}])


# ---------------------------------------------------------------- names


def test_names_are_kept_and_shown() -> None:
    model = nn.Linear(2, 3)
    opt = nn.optim.Adam(model.named_parameters())
    assert opt.param_groups[0]["param_names"] == ("weight", "bias")
    assert opt.params == list(model.parameters())
    with pytest.raises(ValueError, match="group 1: its parameter number 0, 'again', of shape"):
        opt.add_param_group({"params": [("again", model.weight)]})
    with pytest.raises(ValueError, match="give names to the parameters of all groups, or of none"):
        opt.add_param_group({"params": [leaf()]})
    with pytest.raises(ValueError, match=r"number 1 has no name .* as model.named_parameters\(\) does, or none"):
        nn.optim.Adam([("w", leaf()), leaf()])
    with pytest.raises(ValueError, match="number 0, 'double', of shape"):
        nn.optim.Adam([("double", leaf() * 2)])


# ---------------------------------------------------------------- attributes of all groups


def test_an_attribute_is_that_of_all_groups_where_they_agree() -> None:
    opt = nn.optim.SGD([{"params": [leaf()]}, {"params": [leaf()]}], lr=0.1)
    opt.lr *= 0.5
    assert [group["lr"] for group in opt.param_groups] == [0.05, 0.05]
    opt.param_groups[1]["lr"] = 0.2
    for use in (lambda: opt.lr, lambda: setattr(opt, "lr", 1.0)):
        with pytest.raises(ValueError, match=r"SGD: lr differs .*0.05, 0.2.*param_groups\[i\]\['lr'\].*scale_lr"):
            use()
    opt.momentum = 0.5
    assert [group["momentum"] for group in opt.param_groups] == [0.5, 0.5]


def test_settings_of_other_optimizers_are_not_there() -> None:
    lbfgs = nn.optim.LBFGS([leaf()])
    assert not hasattr(lbfgs, "weight_decay")
    with pytest.raises(AttributeError):
        lbfgs.weight_decay = 0.1
    with pytest.raises(AttributeError, match="did you mean"):
        nn.optim.SGD([leaf()]).momentun = 0.5  # type: ignore[attr-defined]


def test_learning_rates_are_scaled_relative_to_their_base() -> None:
    opt = nn.optim.SGD([{"params": [leaf()]}, {"params": [leaf()], "lr": 0.01}], lr=0.1)

    def rates() -> list[float]:
        return [group["lr"] for group in opt.param_groups]

    for factor in (0.5, 0.5, 0.0, 2, 1):
        opt.scale_lr(factor)
        assert rates() == [factor * 0.1, factor * 0.01]
    opt.scale_lr(0.5)
    opt.param_groups[0]["lr"] = 1.0  # a new base
    opt.scale_lr(0.25)
    assert rates() == [0.25, 0.0025]
    assert [group["initial_lr"] for group in opt.param_groups] == [1.0, 0.01]
    for factor in (-1, np.nan, "1", None):
        with pytest.raises((TypeError, ValueError), match=r"SGD.scale_lr: factor is"):
            opt.scale_lr(factor)  # type: ignore[arg-type]


def test_settings_that_do_not_fit_one_another() -> None:
    for settings in ({}, {"momentum": 0.9, "dampening": 0.1}):
        with pytest.raises(ValueError, match=r"SGD: nesterov is True, momentum .* and dampening .*; expected"):
            nn.optim.SGD([leaf()], nesterov=True, **settings)  # type: ignore[arg-type]
    opt = nn.optim.SGD([leaf()], momentum=0.9, nesterov=True)
    with pytest.raises(ValueError, match="nesterov"):
        opt.momentum = 0.0
    assert opt.momentum == 0.9


def test_copies_have_groups_of_their_own() -> None:
    opt = nn.optim.Adam([{"params": [leaf()]}, {"params": [leaf()], "lr": 0.01}], lr=0.1)
    opt.scale_lr(0.5)
    for twin in (copy.deepcopy(opt), pickle.loads(pickle.dumps(opt))):
        twin.param_groups[0]["lr"] = 3.0
        with pytest.raises(ValueError, match="negative"):
            twin.param_groups[0]["lr"] = -1
        twin.add_param_group({"params": [leaf()]})
        assert [group["lr"] for group in twin.param_groups] == [3.0, 0.005, 0.1]
        assert [group["lr"] for group in opt.param_groups] == [0.05, 0.005]


class SignDescent(nn.optim.Optimizer):
    """The optimizer of a user, as it would be for PyTorch."""

    def __init__(self, params: Any, lr: float, decay: float = 1.0) -> None:
        self.note = "mine"
        super().__init__(params, {"lr": lr, "decay": decay})

    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for w in group["params"]:
                state = self.state.setdefault(w, {})
                state["mean"] = group["decay"] * state.get("mean", 0.0) + w.grad
                w.data -= group["lr"] * np.sign(state["mean"])


def test_an_optimizer_of_ones_own() -> None:
    net = nn.Linear(2, 2, rng=0)
    before = net.weight.data.copy()
    mine = SignDescent([{"params": net.parameters(), "decay": 0.5}], lr=0.25)
    nn.fit(net, (np.ones((4, 2)), np.zeros(4, int)), optimizer=mine, schedule=nn.optim.StepLR(1), verbose=False)
    assert set(abs(net.weight.data - before).ravel()) == {0.25}
    twin = SignDescent(net.parameters(), lr=1.0)
    twin.load_state_dict(mine.state_dict())
    assert (twin.lr, twin.param_groups[0]["decay"]) == (0.25, 0.5)
    assert twin.state[net.weight]["mean"].tolist() == mine.state[net.weight]["mean"].tolist()
    with pytest.raises(TypeError, match="expected the settings as a dictionary"):
        nn.optim.Optimizer(net.parameters(), 0.1)  # type: ignore[arg-type]


def test_repr() -> None:
    opt = nn.optim.Lion([{"params": [leaf([1.0, 2.0])]}, {"params": [leaf()], "lr": 0.01}])
    assert repr(opt).split("\n") == [
        "Lion (",
        "Parameter Group 0: 2 numbers in 1 parameter",
        "    lr: 0.0001",
        "    betas: (0.9, 0.99)",
        "    weight_decay: 0.0",
        "    maximize: False",
        "Parameter Group 1: 1 number in 1 parameter",
        "    lr: 0.01",
        "    betas: (0.9, 0.99)",
        "    weight_decay: 0.0",
        "    maximize: False",
        ")",
    ]
