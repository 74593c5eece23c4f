"""Schedules against PyTorch's schedulers, over all t, on two groups of parameters with bases of their own."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import nn

pytestmark = pytest.mark.oracle

BASES = (0.1, 0.003)
T = 40

whole, share, rate = st.integers(1, 12), st.floats(0, 1), st.floats(0, 0.01)
gamma = st.floats(0.05, 1)

#: Settings of each scheduler that is a function of t.
SETTINGS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "ConstantLR": st.fixed_dictionaries({}, optional={"factor": st.floats(0.01, 1), "total_iters": whole}),
    "LinearLR": st.fixed_dictionaries(
        {}, optional={"start_factor": st.floats(0.01, 1), "end_factor": share, "total_iters": whole}
    ),
    "StepLR": st.fixed_dictionaries({"step_size": whole}, optional={"gamma": gamma}),
    "MultiStepLR": st.fixed_dictionaries(
        {"milestones": st.lists(st.integers(0, T), max_size=4)}, optional={"gamma": gamma}
    ),
    "ExponentialLR": st.fixed_dictionaries({"gamma": gamma}),
    "PolynomialLR": st.fixed_dictionaries({}, optional={"total_iters": whole, "power": st.floats(0, 4)}),
    "LambdaLR": st.builds(lambda a: {"lr_lambda": lambda t: 1 / (1 + a * t)}, st.floats(0, 2)),
    "CosineAnnealingLR": st.fixed_dictionaries({"T_max": whole}, optional={"eta_min": rate}),
    "CosineAnnealingWarmRestarts": st.fixed_dictionaries(
        {"T_0": whole}, optional={"T_mult": st.integers(1, 3), "eta_min": rate}
    ),
    "OneCycleLR": st.fixed_dictionaries(
        {"max_lr": st.floats(0.001, 1)},
        optional={
            "pct_start": share,
            "anneal_strategy": st.sampled_from(["cos", "linear"]),
            "div_factor": st.floats(1, 50),
            "final_div_factor": st.floats(1, 1e5),
            "three_phase": st.booleans(),
        },
    ).map(lambda given: {**given, "total_steps": T}),
    "CyclicLR": st.fixed_dictionaries(
        {"base_lr": rate, "max_lr": st.floats(0.01, 1), "step_size_up": whole},
        optional={
            "step_size_down": whole,
            "mode": st.sampled_from(["triangular", "triangular2", "exp_range"]),
            "gamma": st.floats(0.8, 1),
        },
    ),
}
WITHOUT_MOMENTUM = {"OneCycleLR": {"cycle_momentum": False}, "CyclicLR": {"cycle_momentum": False}}


def optimizers() -> tuple[Any, Any]:
    """PyTorch's optimizer and ours, each with two groups."""
    from tests.helpers.pytorch import torch

    theirs = torch.optim.SGD([{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in BASES])
    ours = nn.optim.SGD([{"params": [nn.Parameter(np.zeros(1))], "lr": lr} for lr in BASES])
    return theirs, ours


def rates(optimizer: Any) -> list[float]:
    return [group["lr"] for group in optimizer.param_groups]


def compare(scheduler: Any, theirs: Any, schedule: Any, ours: Any) -> None:
    """The learning rates of both groups at each t are the same, to 1e-12."""
    for t in range(T):
        for group, base in zip(ours.param_groups, BASES, strict=True):
            group["lr"] = base * schedule(t, base)
        np.testing.assert_allclose(rates(ours), rates(theirs), rtol=1e-12, atol=1e-12)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a step of the scheduler without one of the optimizer
            scheduler.step()


@pytest.mark.parametrize("name", SETTINGS)
@given(data=st.data())
@settings(deadline=None, max_examples=25)
def test_a_schedule_gives_the_learning_rates_of_pytorchs_scheduler(name: str, data: st.DataObject) -> None:
    from tests.helpers.pytorch import torch

    given_settings = data.draw(SETTINGS[name])
    theirs, ours = optimizers()
    try:
        scheduler = getattr(torch.optim.lr_scheduler, name)(theirs, **given_settings, **WITHOUT_MOMENTUM.get(name, {}))
    except ZeroDivisionError:  # a phase of one step, in PyTorch's OneCycleLR
        assume(False)
    compare(scheduler, theirs, getattr(nn.optim, name)(**given_settings), ours)


RELATIVE = ["ConstantLR", "LinearLR", "StepLR", "ExponentialLR", "PolynomialLR", "CosineAnnealingLR"]


@given(data=st.data(), names=st.lists(st.sampled_from(RELATIVE), min_size=2, max_size=3))
@settings(deadline=None, max_examples=25)
def test_schedules_one_after_another(data: st.DataObject, names: list[str]) -> None:
    from tests.helpers.pytorch import torch

    drawn = [data.draw(SETTINGS[name]) for name in names]
    first = data.draw(st.integers(1, 15))
    milestones = [first, first + data.draw(st.integers(1, 15))][: len(names) - 1]
    theirs, ours = optimizers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = [getattr(torch.optim.lr_scheduler, n)(theirs, **s) for n, s in zip(names, drawn, strict=True)]
        scheduler = torch.optim.lr_scheduler.SequentialLR(theirs, parts, milestones)
    schedule = nn.optim.SequentialLR([getattr(nn.optim, n)(**s) for n, s in zip(names, drawn, strict=True)], milestones)
    compare(scheduler, theirs, schedule, ours)


@given(
    data=st.data(),
    names=st.lists(st.sampled_from(["ConstantLR", "LinearLR", "StepLR", "ExponentialLR"]), min_size=1, max_size=3),
)
@settings(deadline=None, max_examples=25)
def test_products_of_schedules(data: st.DataObject, names: list[str]) -> None:
    from tests.helpers.pytorch import torch

    drawn = [data.draw(SETTINGS[name]) for name in names]
    theirs, ours = optimizers()
    parts = [getattr(torch.optim.lr_scheduler, n)(theirs, **s) for n, s in zip(names, drawn, strict=True)]
    scheduler = torch.optim.lr_scheduler.ChainedScheduler(parts)
    schedule = nn.optim.ChainedScheduler([getattr(nn.optim, n)(**s) for n, s in zip(names, drawn, strict=True)])
    compare(scheduler, theirs, schedule, ours)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "mode": st.sampled_from(["min", "max"]),
            "factor": st.floats(0.05, 0.95),
            "patience": st.integers(0, 3),
            "threshold": st.sampled_from([0, 1e-4, 0.1]),
            "threshold_mode": st.sampled_from(["rel", "abs"]),
            "cooldown": st.integers(0, 3),
            "min_lr": st.sampled_from([0, 0.001, 0.05]),
            "eps": st.sampled_from([1e-8, 0.01]),
        },
    ),
    st.lists(st.sampled_from([0.1, 0.5, 0.9, 0.95, 1.0, 1.05, float("nan")]), min_size=20, max_size=40),
)
@settings(deadline=None, max_examples=100)
def test_a_plateau(given_settings: Any, losses: list[float]) -> None:
    from tests.helpers.pytorch import torch

    theirs, _ = optimizers()
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, **given_settings)
    schedule = nn.optim.ReduceLROnPlateau(**given_settings)
    for t, loss in enumerate(losses):
        scheduler.step(loss)
        schedule.step(loss)
        ours = [base * schedule(t, base) for base in BASES]
        np.testing.assert_allclose(ours, rates(theirs), rtol=1e-12)
        for name in ("best", "num_bad_epochs", "cooldown_counter"):
            assert getattr(schedule, name) == getattr(scheduler, name)


@pytest.mark.parametrize("name", [*SETTINGS, "SequentialLR", "ReduceLROnPlateau"])
def test_arguments_and_defaults_are_pytorchs(name: str) -> None:
    """But for the optimizer, where it begins, and what moves the momentum; lists of rates, one for each group, too."""
    from tests.helpers.pytorch import torch

    left_out = {"self", "optimizer", "last_epoch", "cycle_momentum", "base_momentum", "max_momentum"}
    left_out |= {"scale_fn", "scale_mode"}
    theirs = inspect.signature(getattr(torch.optim.lr_scheduler, name).__init__).parameters
    ours = inspect.signature(getattr(nn.optim, name)).parameters
    expected = [(key, p.default) for key, p in theirs.items() if key not in left_out]
    assert [(key, p.default) for key, p in ours.items() if key != "every"] == expected
