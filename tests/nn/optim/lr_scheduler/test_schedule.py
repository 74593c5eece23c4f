"""What all schedules share: they are functions of t, they are shown, copied and saved, and refuse nonsense."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.schedules import SCHEDULES, halved, schedules
from tests.helpers.parametrized.ids import shown

every_schedule = pytest.mark.parametrize("schedule", schedules(), ids=shown)


def test_each_schedule_is_here() -> None:
    named = {name for name in nn.optim.lr_scheduler.__all__ if name not in ("Schedule", "ReduceLROnPlateau")}
    assert named == set(SCHEDULES)
    assert all(
        getattr(nn.optim, name) is getattr(nn.optim.lr_scheduler, name) for name in nn.optim.lr_scheduler.__all__
    )


@every_schedule
def test_it_is_a_function_of_t_alone(schedule: Any) -> None:
    """The order of calls and their number do not matter, nor whether t is Python's or NumPy's."""
    there = [schedule(t, 0.1) for t in range(30)]
    back = [schedule(t, 0.1) for t in reversed(range(30))][::-1]
    assert there == back == [schedule(np.int64(t), np.float64(0.1)) for t in range(30)]
    assert all(type(factor) is float and factor >= 0 for factor in there)


@every_schedule
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_and_what_repr_shows_give_the_same_factors(schedule: Any, copied: Any) -> None:
    twins = [copied(schedule)]
    if "function" not in repr(schedule):
        twins.append(eval(repr(schedule), vars(nn.optim)))
    for twin in twins:
        assert repr(twin) == repr(schedule)
        assert [twin(t, 0.1) for t in range(20)] == [schedule(t, 0.1) for t in range(20)]


@every_schedule
def test_its_state_is_empty(schedule: Any) -> None:
    assert schedule.state_dict() == {}
    schedule.load_state_dict({})
    with pytest.raises(ValueError, match=r"unknown \['last_epoch'\]; it is a function of t, and has no state$"):
        schedule.load_state_dict({"last_epoch": 3})
    with pytest.raises(TypeError, match="expected a dictionary"):
        schedule.load_state_dict(3)


def test_what_t_counts_by_default_and_by_choice() -> None:
    counted = {type(schedule).__name__: schedule.every for schedule in schedules()}
    assert {name for name, every in counted.items() if every == "batch"} == {"OneCycleLR", "CyclicLR"}
    for name, given in SCHEDULES.items():
        if name in ("SequentialLR", "ChainedScheduler"):
            continue
        for every in ("batch", "epoch"):
            schedule = getattr(nn.optim, name)(**given[0], every=every)
            assert schedule.every == every
            assert f"every={every!r}" in repr(schedule)
        with pytest.raises(ValueError, match=rf"^{name}: every is 'step', expected 'batch' or 'epoch'$"):
            getattr(nn.optim, name)(**given[0], every="step")


@every_schedule
@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        ((-1,), ValueError, "t is -1, expected at least 0"),
        ((0.5,), TypeError, "t is 0.5, expected a whole number"),
        (("1",), TypeError, "t is '1', expected a whole number"),
        ((0, -0.1), ValueError, "base is -0.1, but must not be negative"),
        ((0, "0.1"), TypeError, "base is '0.1', expected a number"),
        ((), TypeError, r"__call__\(\) missing a required argument: 't'"),
    ],
)
def test_a_call_without_a_whole_number_is_refused(schedule: Any, args: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        schedule(*args)


@pytest.mark.parametrize("name", [*SCHEDULES, "ReduceLROnPlateau"])
def test_pytorchs_call_with_an_optimizer_gets_the_one_of_here(name: str) -> None:
    optimizer = nn.optim.SGD([mg.Tensor(1.0, requires_grad=True)], lr=0.1)
    for args, kwargs in (((optimizer, 10), {}), ((), {"optimizer": optimizer}), ((optimizer,), {"gamma": 0.5})):
        with pytest.raises(
            TypeError, match=rf"^{name}: a schedule has no optimizer; write schedule = {name}\("
        ) as error:
            getattr(nn.optim, name)(*args, **kwargs)
        assert "schedule=schedule), or in a loop optimizer.lr = base * schedule(t)" in str(error.value)
    with pytest.raises(TypeError, match=r"write schedule = StepLR\(10, gamma=0\.5\), and nn\.fit\("):
        nn.optim.StepLR(optimizer, 10, gamma=0.5)  # type: ignore[arg-type, misc]


def test_other_words_of_pytorch_lead_to_those_of_here() -> None:
    schedule: Any = nn.optim.StepLR(3)
    module: Any = nn
    for call, said in [
        (lambda: schedule.step(), r"write optimizer\.lr = base \* schedule\(t\)"),
        (lambda: schedule.get_last_lr(), r"write optimizer\.lr"),
        (lambda: schedule.gama, "did you mean gamma"),
        (lambda: module.optim.StepLr, r"did you mean nn\.optim\.StepLR"),
        (lambda: module.StepLR, r"did you mean nn\.optim\.StepLR"),
        (lambda: module.lr_scheduler, r"nn\.optim\.lr_scheduler"),
        (lambda: module.optim.CosineDecay, r"nn\.optim\.CosineAnnealingLR\(T_max\)"),
        (lambda: module.optim.MultiplicativeLR, r"nn\.optim\.LambdaLR"),
        (lambda: module.optim.StepLR(3, last_epoch=4), "which may begin anywhere"),
        (lambda: module.optim.OneCycleLR(0.1, 10, cycle_momentum=True), "the momentum stays as it is"),
        (lambda: module.optim.StepLR(), r"it is called StepLR\(step_size, gamma=0\.1, \*, every='epoch'\)"),
    ]:
        with pytest.raises((AttributeError, TypeError), match=said):
            call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.optim.StepLR(0), "StepLR: step_size is 0, expected at least 1"),
        (lambda: nn.optim.StepLR(3.0), "StepLR: step_size is 3.0, expected a whole number"),
        (lambda: nn.optim.StepLR(3, -1), "StepLR: gamma is -1, but must not be negative"),
        (lambda: nn.optim.MultiStepLR(30), "MultiStepLR: milestones is 30, expected a list of whole numbers"),
        (lambda: nn.optim.MultiStepLR([3, -1]), "MultiStepLR: milestones is -1, expected at least 0"),
        (lambda: nn.optim.MultiStepLR([0.5]), "MultiStepLR: milestones is 0.5, expected a whole number"),
        (lambda: nn.optim.ConstantLR(2), "ConstantLR: factor is 2, expected at most 1"),
        (lambda: nn.optim.LinearLR(0), "LinearLR: start_factor is 0, expected a number greater than 0"),
        (lambda: nn.optim.LinearLR(1.5), "LinearLR: start_factor is 1.5, expected at most 1"),
        (lambda: nn.optim.LinearLR(total_iters=0), "LinearLR: total_iters is 0, expected at least 1"),
        (lambda: nn.optim.PolynomialLR(0), "PolynomialLR: total_iters is 0, expected at least 1"),
        (lambda: nn.optim.PolynomialLR(3, -1), "PolynomialLR: power is -1, but must not be negative"),
        (lambda: nn.optim.ExponentialLR("0.9"), "ExponentialLR: gamma is '0.9', expected a number"),
        (lambda: nn.optim.CosineAnnealingLR(0), "CosineAnnealingLR: T_max is 0, expected at least 1"),
        (lambda: nn.optim.CosineAnnealingLR(5, -1), "eta_min is -1, but must not be negative"),
        (lambda: nn.optim.CosineAnnealingWarmRestarts(5, 0.5), "T_mult is 0.5, expected a whole number"),
        (lambda: nn.optim.LambdaLR(0.5), "LambdaLR: lr_lambda is 0.5, expected a function of the epoch"),
        (lambda: nn.optim.LambdaLR(lambda t: None)(3), r"LambdaLR: lr_lambda\(3\) is None, expected a number"),
        (lambda: nn.optim.LambdaLR(lambda t: -1.0)(3), r"LambdaLR: lr_lambda\(3\) is -1.0, but must not be negative"),
        (lambda: nn.optim.ExponentialLR(2)(5000), "ExponentialLR: the factor at t = 5000 is too large for a number"),
        (lambda: nn.optim.OneCycleLR(0.1), "either total_steps, or epochs and steps_per_epoch"),
        (lambda: nn.optim.OneCycleLR(0.1, 10, 2, 5), "either total_steps, or epochs and steps_per_epoch"),
        (lambda: nn.optim.OneCycleLR(0.1, epochs=2), "either total_steps, or epochs and steps_per_epoch"),
        (lambda: nn.optim.OneCycleLR(0.1, epochs=0, steps_per_epoch=3), "OneCycleLR: epochs is 0"),
        (lambda: nn.optim.OneCycleLR([0.1, 0.2], 10), "OneCycleLR: max_lr is a list, expected a number"),
        (lambda: nn.optim.OneCycleLR(0.1, 10, div_factor=0), "div_factor is 0, expected a number greater than 0"),
        (lambda: nn.optim.OneCycleLR(0.1, 10, anneal_strategy="cosine"), "'cosine', expected 'cos' or 'linear'"),
        (
            lambda: nn.optim.OneCycleLR(0.1, 10)(10, 0.1),
            "t is 10, and the cycle is over after t = 9; .* total_steps=11",
        ),
        (lambda: nn.optim.CyclicLR(0.1, 0.2, mode="triangular3"), "mode is 'triangular3', expected 'triangular' or"),
        (lambda: nn.optim.SequentialLR([], []), "SequentialLR: schedulers is empty"),
        (lambda: nn.optim.SequentialLR(nn.optim.StepLR(3), []), "expected a list of schedules"),
        (lambda: nn.optim.SequentialLR([halved], []), r"number 0 is a function, .*write nn.optim.LambdaLR\(function\)"),
        (lambda: nn.optim.SequentialLR([nn.optim.StepLR], []), "number 0 is a type, expected a schedule"),
        (lambda: nn.optim.ChainedScheduler([nn.optim.ReduceLROnPlateau()]), "which is not a function of t"),
        (lambda: nn.optim.SequentialLR([nn.optim.StepLR(3)] * 2, []), "milestones are .*, expected 1 for 2 schedules"),
        (lambda: nn.optim.SequentialLR([nn.optim.StepLR(3)] * 3, [5, 5]), "each greater than the one before"),
        (lambda: nn.optim.SequentialLR([nn.optim.StepLR(3)] * 2, [0]), "each greater than the one before and than 0"),
        (
            lambda: nn.optim.ChainedScheduler([nn.optim.StepLR(3), nn.optim.StepLR(3, every="batch")]),
            "count different things",
        ),
    ],
)
def test_settings_out_of_their_range_are_refused(call: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_settings_are_checked_when_they_are_set_later_too() -> None:
    schedule = nn.optim.StepLR(3)
    schedule.gamma = 0.5
    with pytest.raises(ValueError, match="StepLR: gamma is -1"):
        schedule.gamma = -1
    assert schedule(3) == 0.5


# ---------------------------------------------------------------- learning rates among the settings


@pytest.mark.parametrize(
    "schedule",
    [
        nn.optim.CosineAnnealingLR(5, eta_min=0.01),
        nn.optim.CosineAnnealingWarmRestarts(5, eta_min=0.01),
        nn.optim.OneCycleLR(0.1, 10),
        nn.optim.CyclicLR(0.1, 0.2),
        nn.optim.ReduceLROnPlateau(min_lr=0.01),
        nn.optim.SequentialLR([nn.optim.LinearLR(), nn.optim.CosineAnnealingLR(5, eta_min=0.01)], [2]),
    ],
    ids=lambda schedule: type(schedule).__name__,
)
def test_a_learning_rate_among_the_settings_needs_the_base(schedule: Any) -> None:
    with pytest.raises(
        TypeError, match=r"is a learning rate, so .* write schedule\(t, base\): optimizer\.lr = base \*"
    ):
        schedule(3)
    with pytest.raises(ValueError, match=r"the base learning rate is 0, and no factor makes 0.* of it"):
        schedule(3, 0)
    assert schedule(3, 0.1) >= 0


def test_others_do_without() -> None:
    assert nn.optim.CosineAnnealingLR(4)(2) == pytest.approx(0.5)
    assert nn.optim.CosineAnnealingLR(4)(2, 0.0) == pytest.approx(0.5)


# ---------------------------------------------------------------- one of one's own


class Inverse(nn.optim.Schedule):
    """As a user would write it."""

    def __init__(self, decay: float) -> None:
        self.decay = decay

    def _factor(self, t: int, base: float | None) -> float:  # noqa: ARG002
        return 1 / (1 + self.decay * t)


def test_a_subclass_of_ones_own_is_a_schedule() -> None:
    schedule = Inverse(0.5)
    assert [schedule(t) for t in range(3)] == [1, 1 / 1.5, 0.5]
    assert (repr(schedule), schedule.every) == ("Inverse(decay=0.5)", "epoch")
    with pytest.raises(NotImplementedError, match=r"^Schedule has no method _factor\(t, base\)"):
        nn.optim.Schedule()(0)
    assert nn.optim.SequentialLR([nn.optim.ConstantLR(0.5, 9), Inverse(1)], [2])(3) == 0.5


# ---------------------------------------------------------------- by hand


def test_a_loop_by_hand_sets_the_learning_rates_of_an_optimizer() -> None:
    w, v = (mg.Tensor(1.0, requires_grad=True) for _ in range(2))
    optimizer, schedule, base = nn.optim.SGD([w], lr=0.1), nn.optim.StepLR(2, gamma=0.5), 0.1
    rates = []
    for t in range(6):
        optimizer.lr = base * schedule(t)
        rates.append(optimizer.lr)
    assert rates == pytest.approx([0.1, 0.1, 0.05, 0.05, 0.025, 0.025])
    groups = nn.optim.SGD([{"params": [w], "lr": 1.0}, {"params": [v]}], lr=0.1)
    for t in range(6):
        groups.scale_lr(schedule(t))
    assert [group["lr"] for group in groups.param_groups] == pytest.approx([0.25, 0.025])
