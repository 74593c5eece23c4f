"""Optimizers against PyTorch's: steps, groups, states that are handed over, and clipping."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import OPTIMIZERS, minimize

pytestmark = pytest.mark.oracle

STEPS = 20


def numbers(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most, allow_subnormal=False).map(lambda number: round(number, 4))


rates, decays, shares = numbers(1e-4, 0.3), st.just(0.0) | numbers(1e-3, 0.5), numbers(0, 0.999)
momenta = st.just(0.0) | shares
tiny = st.sampled_from([1e-8, 1e-4, 1e-2])
COMMON = {"lr": rates, "weight_decay": decays, "maximize": st.booleans()}
ADAM = {**COMMON, "betas": st.tuples(shares, shares), "eps": tiny, "amsgrad": st.booleans()}

#: What is drawn for each setting of an optimizer.
DRAWN: dict[str, dict[str, Any]] = {
    "SGD": {**COMMON, "momentum": momenta, "dampening": momenta},
    "Adagrad": {**COMMON, "lr_decay": decays, "initial_accumulator_value": st.sampled_from([0.0, 0.5]), "eps": tiny},
    "RMSprop": {
        **COMMON,
        "alpha": numbers(0.1, 0.99),
        "eps": tiny,
        "momentum": momenta,
        "centered": st.booleans(),
    },
    "Adadelta": {**COMMON, "rho": shares, "eps": tiny},
    "Adam": ADAM,
    "AdamW": ADAM,
}
every_optimizer = pytest.mark.parametrize("name", DRAWN)


def settings_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    drawn = st.fixed_dictionaries({}, optional=DRAWN[name])
    if name != "SGD":
        return drawn
    nesterov = st.fixed_dictionaries({"momentum": numbers(0.1, 1), "nesterov": st.just(True)}, optional=COMMON)
    return drawn | nesterov


class Pair:
    """The same parameters here and in PyTorch, in two groups, and the same optimizer of both."""

    def __init__(self, name: str, defaults: dict[str, Any], *own: dict[str, Any]) -> None:
        from tests.helpers.pytorch import torch

        rng = np.random.default_rng(0)
        start = [rng.normal(size=shape) for shape in ((3, 2), (4,), ())]
        self.ours = [mg.Tensor(w, requires_grad=True) for w in start]
        self.theirs = [torch.tensor(w, requires_grad=True) for w in start]
        self.optimizers = (
            getattr(nn.optim, name)(self.groups(self.ours, own), **defaults),
            getattr(torch.optim, name)(self.groups(self.theirs, own), **defaults),
        )

    @staticmethod
    def groups(params: list[Any], own: tuple[dict[str, Any], ...]) -> list[Any]:
        if not own:
            return params
        return [{"params": part, **settings} for part, settings in zip((params[:1], params[1:]), own, strict=True)]

    def losses(self, k: int) -> tuple[Any, Any]:
        """The loss of step k, of both: Σ a w + w² / 20, with another a in each step."""
        from tests.helpers.pytorch import torch

        a = [np.random.default_rng(k).normal(size=w.shape) for w in self.ours]

        def loss(params: list[Any], constant: Any) -> Any:
            return sum((constant(a) * w + 0.05 * w * w).sum() for a, w in zip(a, params, strict=True))

        return lambda: loss(self.ours, mg.Tensor), lambda: loss(self.theirs, torch.as_tensor)

    def step(self, k: int) -> None:
        for optimizer, loss in zip(self.optimizers, self.losses(k), strict=True):
            minimize(optimizer, loss)

    def compare(self, tolerance: float = 1e-10) -> None:
        for ours, theirs in zip(self.ours, self.theirs, strict=True):
            np.testing.assert_allclose(ours.data, theirs.detach().numpy(), rtol=tolerance, atol=tolerance)


@every_optimizer
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_twenty_steps_in_groups(name: str, data: st.DataObject) -> None:
    defaults, *own = (data.draw(settings_of(name)) for _ in range(3))
    for group in own:  # PyTorch has one for all groups
        group.pop("initial_accumulator_value", None)
    if name == "SGD" and any(group.get("dampening") or group.get("momentum") == 0 for group in (defaults, *own)):
        own = [{key: value for key, value in group.items() if key != "nesterov"} for group in own]
        defaults.pop("nesterov", None)
    pair = Pair(name, defaults, *own)
    for k in range(STEPS):
        pair.step(k)
    pair.compare()


def as_arrays(state: Any) -> Any:
    """A state of PyTorch's with arrays in place of Tensors."""
    if isinstance(state, dict):
        return {key: as_arrays(value) for key, value in state.items()}
    if isinstance(state, list):
        return [as_arrays(value) for value in state]
    return state.numpy().copy() if hasattr(state, "numpy") else state


def as_tensors(state: Any) -> Any:
    from tests.helpers.pytorch import torch

    if isinstance(state, dict):
        return {key: as_tensors(value) for key, value in state.items()}
    if isinstance(state, list):
        return [as_tensors(value) for value in state]
    return torch.as_tensor(state) if isinstance(state, np.ndarray | np.generic) else state


SHORT = {"lr": 0.1, "max_iter": 3, "history_size": 4}
CONTINUED = [
    ("SGD", {"momentum": 0.9, "weight_decay": 0.1}),
    ("SGD", {}),
    ("Adagrad", {"lr_decay": 0.1}),
    ("RMSprop", {"momentum": 0.5, "centered": True}),
    ("Adadelta", {}),
    ("Adam", {"amsgrad": True}),
    ("AdamW", {"weight_decay": 0.1}),
    ("LBFGS", SHORT),
    ("LBFGS", {**SHORT, "line_search_fn": "strong_wolfe"}),
]


@pytest.mark.parametrize(("name", "options"), CONTINUED)
def test_a_state_of_pytorch_is_taken_over_and_given_back(name: str, options: dict[str, Any]) -> None:
    from tests.helpers.pytorch import torch

    pair = Pair(name, options)
    ours, theirs = pair.optimizers
    schedule = torch.optim.lr_scheduler.StepLR(theirs, 1000)  # which notes the initial learning rate
    for k in range(5):
        minimize(theirs, pair.losses(k)[1])
        schedule.step()
    for w, v in zip(pair.ours, pair.theirs, strict=True):
        w.data = v.detach().numpy().copy()
    ours.load_state_dict(as_arrays(theirs.state_dict()))
    assert ours.param_groups[0]["initial_lr"] == ours.lr
    for k in range(5, 10):
        pair.step(k)
    pair.compare()
    theirs.load_state_dict(as_tensors(copy.deepcopy(ours.state_dict())))
    for k in range(10, 15):
        pair.step(k)
    pair.compare()


def rosenbrock(params: list[Any]) -> Any:
    w, v, u = params
    return ((1 - w) ** 2).sum() + 5 * ((v[:2] - w**2) ** 2).sum() + ((u - v) ** 2).sum()


@settings(max_examples=10, deadline=None)
@given(
    options=st.fixed_dictionaries(
        {"lr": numbers(0.05, 0.5), "max_iter": st.integers(1, 6), "history_size": st.integers(1, 4)},
        optional={"max_eval": st.integers(1, 9), "line_search_fn": st.sampled_from([None, "strong_wolfe"])},
    )
)
def test_steps_of_lbfgs(options: dict[str, Any]) -> None:
    pair = Pair("LBFGS", options)
    ours, theirs = pair.optimizers
    for _ in range(3):
        minimize(ours, lambda: rosenbrock(pair.ours))
        minimize(theirs, lambda: rosenbrock(pair.theirs))
    pair.compare(1e-6)  # a line search divides differences of losses
    counts = [[next(iter(o.state.values()))[name] for name in ("n_iter", "func_evals")] for o in pair.optimizers]
    assert counts[0] == counts[1]


@settings(max_examples=30, deadline=None)
@given(
    norm_type=st.sampled_from([1.0, 2.0, 3.5, math.inf]),
    most=numbers(0, 20),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
    dtype=st.sampled_from(["float32", "float64"]),
)
def test_clipping(norm_type: float, most: float, scale: float, dtype: str) -> None:
    from tests.helpers.pytorch import torch

    rng = np.random.default_rng(0)
    gradients = [(scale * rng.normal(size=shape)).astype(dtype) for shape in ((3, 2), (4,), ())]
    ours = [nn.Parameter(np.zeros_like(g)) for g in gradients]
    theirs = [torch.zeros(g.shape, dtype=getattr(torch, dtype), requires_grad=True) for g in gradients]

    def check() -> None:
        for w, v in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(w.grad, v.grad.numpy(), rtol=1e-5)

    for w, v, g in zip(ours, theirs, gradients, strict=True):
        w.grad, v.grad = g.copy(), torch.tensor(g)
    norm = nn.optim.clip_grad_norm_(ours, most, norm_type)
    np.testing.assert_allclose(norm, torch.nn.utils.clip_grad_norm_(theirs, most, norm_type).item(), rtol=1e-5)
    check()
    nn.optim.clip_grad_value_(ours, most / 2)
    torch.nn.utils.clip_grad_value_(theirs, most / 2)
    check()


def test_all_of_pytorchs_settings_have_its_names_places_and_defaults() -> None:
    from inspect import signature

    from tests.helpers.pytorch import torch

    ours_alone, theirs_alone = {"Lion"}, {"foreach", "capturable", "differentiable", "fused", "decoupled_weight_decay"}
    for name in OPTIMIZERS.keys() - ours_alone:
        theirs = signature(getattr(torch.optim, name)).parameters
        ours = signature(OPTIMIZERS[name]).parameters
        assert list(ours) == [key for key in theirs if key not in theirs_alone]
        assert [p.default for p in ours.values()] == [theirs[key].default for key in ours]
