"""Optimizers: their parameters, settings, steps and state, and schedules."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.minigrad.promises import same


def test_a_parameter_given_twice() -> None:
    """a parameter given twice to an optimizer, as tied weights are"""
    w = Tensor(1.0, requires_grad=True)
    sgd = nn.optim.SGD([w, w], lr=0.1)
    (w * w).backward()
    sgd.step()
    same(w.data, 0.8)


def test_frozen_parameters() -> None:
    """a frozen parameter (`requires_grad = False`)"""
    layer = nn.Linear(2, 2)
    layer.weight.requires_grad = False
    before = layer.state_dict()
    sgd = nn.optim.SGD(layer.parameters(), lr=0.1)
    mg.sum(layer(np.ones((1, 2)))).backward()
    sgd.step()
    same(layer.weight.data, before["weight"])
    assert (layer.bias.data != before["bias"]).all()


def test_what_is_no_parameter() -> None:
    """`SGD(w)`, a model, a dictionary, a computed Tensor, one without `requires_grad`, nothing"""
    w = Tensor(1.0, requires_grad=True)
    for params in (w, nn.Linear(1, 1), {"w": w}, [2 * w], [Tensor(1.0)], []):
        with pytest.raises((TypeError, ValueError), match="SGD: "):
            nn.optim.SGD(params)


def test_groups() -> None:
    """a parameter in two groups"""
    w = Tensor(1.0, requires_grad=True, name="w")
    with pytest.raises(ValueError, match=r"'w'.* is in group 0, too"):
        nn.optim.SGD([{"params": [w]}, {"params": [w], "lr": 0.1}])


def test_settings_that_there_are_not() -> None:
    """a setting that a group, or an optimizer, does not have: `group["LR"]`, `sgd.learning_rate = …`"""
    sgd = nn.optim.SGD([Tensor(1.0, requires_grad=True)])
    with pytest.raises(TypeError, match="did you mean 'lr'"):
        sgd.param_groups[0]["LR"] = 0.1
    with pytest.raises(AttributeError, match="its settings are lr"):
        sgd.learning_rate = 0.1  # type: ignore[attr-defined]


def test_learning_rates_of_groups() -> None:
    """`optimizer.lr` where groups differ"""
    w, v = Tensor(1.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    sgd = nn.optim.SGD([{"params": [w]}, {"params": [v], "lr": 0.1}], lr=0.2)
    with pytest.raises(ValueError, match=r"differs between the groups \(0.2, 0.1\)"):
        sgd.lr *= 0.5
    with pytest.raises(ValueError, match="differs between the groups"):
        sgd.lr = 0.5
    sgd.param_groups[0]["lr"] = 0.1
    assert sgd.lr == 0.1


def test_settings() -> None:
    """a setting that is not a number, is infinite, NaN, negative, or explodes"""
    w = Tensor(1.0, requires_grad=True)
    for settings in ({"lr": "0.1"}, {"lr": True}, {"lr": np.inf}, {"lr": np.nan}, {"lr": -1.0}, {"momentum": 5}):
        with pytest.raises((TypeError, ValueError), match=r"expected|negative"):
            nn.optim.SGD([w], **settings)
    sgd = nn.optim.SGD([w], lr=0.1)
    with pytest.raises(ValueError, match="lr is nan"):
        sgd.lr = np.nan


def test_no_gradient() -> None:
    """`optimizer.step()`, `clip_grad_norm_` and `clip_grad_value_` where no parameter has a gradient"""
    w = mg.Tensor(2.0, requires_grad=True)
    with pytest.raises(RuntimeError, match=r"loss\.backward\(\)"):
        nn.optim.SGD([w], lr=0.1).step()
    for clip in (nn.optim.clip_grad_norm_, nn.optim.clip_grad_value_):
        with pytest.raises(RuntimeError, match=r"loss\.backward\(\)"):
            clip([w], 1.0)


def _stepped(optimizer: type[nn.optim.Optimizer], dtype: type = np.float32) -> tuple[nn.Linear, nn.optim.Optimizer]:
    layer = nn.Linear(2, 1, rng=0, dtype=dtype)
    opt = optimizer(layer.parameters(), lr=0.01)  # type: ignore[call-arg, arg-type]
    mg.sum(layer(np.full((1, 2), 1e-4, dtype))).backward()
    opt.step()
    return layer, opt


def test_states_of_other_optimizers() -> None:
    """an optimizer's `load_state_dict` of another optimizer, other parameters, other shapes"""
    _, adam = _stepped(nn.optim.Adam)
    _, sgd = _stepped(nn.optim.SGD)
    other = nn.optim.Adam(nn.Linear(3, 1).parameters())
    for state in (sgd.state_dict(), nn.optim.Adam([mg.Tensor(1.0, requires_grad=True)]).state_dict()):
        with pytest.raises(ValueError, match="load_state_dict"):
            adam.load_state_dict(state)
    with pytest.raises(ValueError, match=r"shape \(1, 2\), expected \(1, 3\)"):
        other.load_state_dict(adam.state_dict())
    assert other.state == {}


def test_optimizers_of_models_that_are_moved() -> None:
    """a model that is moved, or gets another dtype, after some steps"""
    layer, adam = _stepped(nn.optim.Adam)
    layer.to(np.float64)
    adam.zero_grad()
    mg.sum(layer(np.ones((1, 2)))).backward()
    adam.step()
    assert adam.state[layer.weight]["exp_avg"].dtype == layer.weight.dtype == np.float64


def test_optimizers_of_float16() -> None:
    """optimizers of float16 parameters"""
    layer, _ = _stepped(nn.optim.Adam, np.float16)
    before = nn.Linear(2, 1, rng=0, dtype=np.float16)
    np.testing.assert_allclose(layer.weight.data, before.weight.data - np.float16(0.01), rtol=1e-2)


def test_learning_rates_in_a_schedule() -> None:
    """`eta_min`, `max_lr` and other learning rates in a schedule"""
    schedule = nn.optim.CosineAnnealingLR(10, eta_min=0.01)
    assert [base * schedule(10, base) for base in (0.1, 1.0)] == pytest.approx([0.01, 0.01])
    with pytest.raises(TypeError, match=r"write schedule\(t, base\)"):
        schedule(10)


def test_cycles_without_momentum() -> None:
    """`OneCycleLR` and `CyclicLR`"""
    model = nn.Linear(2, 1)
    optimizer = nn.optim.SGD(model.parameters(), momentum=0.5)
    for schedule in (nn.optim.OneCycleLR(0.1, 3), nn.optim.CyclicLR(0.01, 0.1)):
        data = (np.ones((3, 2)), np.ones((3, 1)))
        nn.fit(model, data, optimizer=optimizer, loss=nn.MSELoss(), batch_size=1, schedule=schedule, verbose=False)
        assert optimizer.momentum == 0.5
