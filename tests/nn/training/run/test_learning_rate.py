"""fit with a schedule: the learning rate of each step, the history, and what is left after it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.training import X, Y

STEPS = 4  # batches of 32 in the 120 samples


class Recorder(nn.optim.SGD):
    """Remembers the learning rates of its steps: of each group, if there are several."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rates: list[Any] = []

    def step(self, closure: Any = None) -> Any:
        rates = [group["lr"] for group in self.param_groups]
        self.rates.append(rates[0] if len(rates) == 1 else tuple(rates))
        return super().step(closure)


def model_and_recorder(lr: float = 0.1) -> tuple[Any, Recorder]:
    model = nn.Sequential(nn.Linear(2, 2, rng=0))
    return model, Recorder(model.parameters(), lr=lr)


def fit(model: Any, optimizer: Any, **settings: Any) -> nn.History:
    return nn.fit(model, (X, Y), optimizer=optimizer, rng=0, verbose=False, **settings)


def test_a_schedule_of_epochs_and_a_function_of_the_epoch() -> None:
    for schedule in (nn.optim.ExponentialLR(0.5), lambda epoch: 0.5**epoch):
        model, optimizer = model_and_recorder()
        history = fit(model, optimizer, epochs=3, schedule=schedule)
        assert optimizer.rates == [0.1] * STEPS + [0.05] * STEPS + [0.025] * STEPS
        assert history.history["lr"] == [0.1, 0.05, 0.025]
        assert list(history.history) == ["loss", "accuracy", "lr"]
        assert optimizer.lr == 0.1


def test_a_schedule_of_steps_counts_them_through_all_epochs() -> None:
    model, optimizer = model_and_recorder()
    schedule = nn.optim.LinearLR(0.5, total_iters=6, every="batch")
    history = fit(model, optimizer, epochs=2, schedule=schedule)
    assert optimizer.rates == pytest.approx([0.1 * schedule(t) for t in range(2 * STEPS)])
    assert history.history["lr"] == [optimizer.rates[STEPS - 1], optimizer.rates[-1]]


def test_steps_of_several_batches_count_once() -> None:
    model, optimizer = model_and_recorder()
    schedule = nn.optim.LinearLR(0.5, total_iters=6, every="batch")
    fit(model, optimizer, epochs=3, schedule=schedule, accumulate=3)  # 3 batches, and the fourth
    assert optimizer.rates == pytest.approx([0.1 * schedule(t) for t in range(6)])
    fit(model, optimizer, epochs=2, accumulate=3, schedule=nn.optim.OneCycleLR(0.1, epochs=2, steps_per_epoch=2))


def test_each_group_has_its_own_base() -> None:
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Linear(3, 2, rng=1))
    groups = [{"params": layer.parameters(), "lr": lr} for layer, lr in zip(model, (1e-2, 1e-3), strict=True)]
    optimizer = Recorder(groups, lr=1.0)
    for schedule in (nn.optim.StepLR(1), nn.optim.CosineAnnealingLR(2, eta_min=1e-4), nn.optim.CyclicLR(1e-3, 1e-1)):
        optimizer.rates.clear()
        history = fit(model, optimizer, epochs=3, batch_size=120, schedule=schedule)
        np.testing.assert_allclose(
            optimizer.rates, [(1e-2 * schedule(t, 1e-2), 1e-3 * schedule(t, 1e-3)) for t in range(3)]
        )
        assert history.history["lr"] == [first for first, _ in optimizer.rates]
        assert [group["lr"] for group in optimizer.param_groups] == [1e-2, 1e-3]


def test_one_cycle_brings_its_own_learning_rates() -> None:
    model, optimizer = model_and_recorder(lr=0.7)
    fit(model, optimizer, epochs=5, schedule=nn.optim.OneCycleLR(0.5, epochs=5, steps_per_epoch=STEPS))
    assert max(optimizer.rates) == pytest.approx(0.5)
    assert (optimizer.rates[0], optimizer.rates[-1]) == pytest.approx((0.02, 2e-6))
    assert optimizer.lr == 0.7


def test_another_fit_begins_at_0_and_with_the_base() -> None:
    model, optimizer = model_and_recorder()
    for _ in range(3):
        optimizer.rates.clear()
        fit(model, optimizer, epochs=2, schedule=nn.optim.ExponentialLR(0.5))
        assert optimizer.rates == [0.1] * STEPS + [0.05] * STEPS
        assert optimizer.lr == 0.1
    optimizer.rates.clear()
    optimizer.lr = 0.4
    fit(model, optimizer, epochs=2, schedule=nn.optim.ExponentialLR(0.5))
    assert optimizer.rates == [0.4] * STEPS + [0.2] * STEPS
    fit(model, optimizer)
    assert optimizer.rates[-1] == 0.4


def test_the_base_is_back_also_after_an_error() -> None:
    def interrupted(y: Any, t: Any) -> Any:
        if optimizer.rates[STEPS:]:
            raise KeyboardInterrupt
        return nn.CrossEntropyLoss()(y, t)

    model, optimizer = model_and_recorder()
    with pytest.raises(KeyboardInterrupt):
        fit(model, optimizer, epochs=9, loss=interrupted, schedule=nn.optim.ExponentialLR(0.5))
    assert optimizer.rates[-1] == 0.05
    assert optimizer.lr == 0.1


def test_fit_does_what_the_loop_by_hand_does() -> None:
    model, optimizer = model_and_recorder()
    fit(model, optimizer, epochs=4, batch_size=120, schedule=nn.optim.CosineAnnealingLR(4))
    by_hand, sgd = model_and_recorder()
    schedule, base, loss = nn.optim.CosineAnnealingLR(4), 0.1, nn.CrossEntropyLoss()
    for epoch in range(4):
        sgd.lr = base * schedule(epoch)
        sgd.zero_grad()
        loss(by_hand(X), Y).backward()
        sgd.step()
    assert sgd.rates == optimizer.rates
    np.testing.assert_allclose(by_hand[0].weight.data, model[0].weight.data, rtol=1e-5)


# ---------------------------------------------------------------- a plateau


def test_a_plateau_watches_the_validation_loss_or_the_loss() -> None:
    for validation, name in (((X, Y), "val_loss"), (None, "loss")):
        model, optimizer = model_and_recorder(lr=1e-9)  # nothing becomes better
        schedule = nn.optim.ReduceLROnPlateau(factor=0.5, patience=1, eps=0)
        history = fit(model, optimizer, epochs=6, schedule=schedule, validation_data=validation)
        watched = history.history[name]
        assert history.history["lr"] == pytest.approx([1e-9] * 3 + [5e-10] * 2 + [2.5e-10])
        assert schedule.best == watched[0]
        assert optimizer.lr == 1e-9
        again = fit(model, optimizer, epochs=1, schedule=schedule, validation_data=validation)
        assert again.history["lr"] == [2.5e-10]  # it has a state, which goes on


def test_a_plateau_that_wants_the_loss_to_grow_is_refused() -> None:
    model, optimizer = model_and_recorder()
    with pytest.raises(ValueError, match=r"watches the loss, .* write ReduceLROnPlateau\(mode='min'\)"):
        fit(model, optimizer, schedule=nn.optim.ReduceLROnPlateau("max"))


# ---------------------------------------------------------------- errors and words


@pytest.mark.parametrize(
    ("schedule", "error", "message"),
    [
        (nn.optim.StepLR, TypeError, "schedule is the class StepLR, which has to be constructed"),
        (0.95, TypeError, "schedule is 0.95, expected a schedule or a function of the epoch"),
        ("cosine", TypeError, r"'cosine', expected .* schedule=nn\.optim\.CosineAnnealingLR\(epochs\)"),
        (
            nn.optim.OneCycleLR(0.1, 7),
            ValueError,
            r"OneCycleLR: t is 11, and the cycle is over after t = 6; .* total_steps=12",
        ),
        (lambda epoch: None, TypeError, r"LambdaLR: lr_lambda\(0\) is None, expected a number"),
        (lambda epoch: -1.0, ValueError, r"lr_lambda\(0\) is -1.0, but must not be negative"),
        (nn.optim.LambdaLR([1.0, 0.5].__getitem__), IndexError, "out of range"),
    ],
)
def test_what_is_not_a_schedule_is_refused_before_anything_changes(schedule: Any, error: Any, message: str) -> None:
    model, optimizer = model_and_recorder()
    before = model.state_dict()
    with pytest.raises(error, match=message):
        fit(model, optimizer, epochs=3, schedule=schedule)
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
    assert not optimizer.rates
    assert optimizer.lr == 0.1


def test_no_epochs_ask_for_no_factor() -> None:
    model, optimizer = model_and_recorder()
    assert not fit(model, optimizer, epochs=0, schedule=nn.optim.OneCycleLR(0.1, 1)).epoch


def test_without_a_schedule_the_history_has_no_learning_rate() -> None:
    assert "lr" not in fit(*model_and_recorder(), epochs=1).history


@pytest.mark.parametrize(
    ("keyword", "meant"),
    {
        "scheduler": "write schedule=",
        "lr_scheduler": "write schedule=",
        "clipnorm": "fit has clip_norm=",
        "clip_grad_norm": "write clip_norm=",
        "gradient_accumulation_steps": "write accumulate=",
        "accumulation_steps": "write accumulate=",
    }.items(),
)
def test_words_of_others_lead_to_those_of_fit(keyword: str, meant: str) -> None:
    with pytest.raises(TypeError, match=rf"keyword argument '{keyword}'; .*{meant}"):
        fit(*model_and_recorder(), **{keyword: 2})


def test_tiny_learning_rates_can_be_read(capsys: Any) -> None:
    model, optimizer = model_and_recorder(lr=2.5e-5)
    history = nn.fit(model, (X, Y), optimizer=optimizer, epochs=2, schedule=nn.optim.StepLR(1))
    assert "  lr 2.5e-06  " in capsys.readouterr().out.splitlines()[1]
    assert repr(history).splitlines()[2].split() == ["epoch", "loss", "accuracy", "lr"]
    assert repr(history).splitlines()[-1].endswith("  2.5e-06")
