"""Values that the papers' formulas give, and the shape of each schedule."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn


def values(schedule: nn.optim.Schedule, n: int, base: float | None = None) -> list[float]:
    return [schedule(t, base) for t in range(n)]


def test_steps() -> None:
    assert values(nn.optim.StepLR(3), 7) == pytest.approx([1, 1, 1, 0.1, 0.1, 0.1, 0.01])
    assert values(nn.optim.MultiStepLR([5, 1, 1], 0.5), 7) == [1, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125]
    assert nn.optim.MultiStepLR(np.array([5, 1])).milestones == [1, 5]  # type: ignore[arg-type]
    assert values(nn.optim.ConstantLR(), 7) == [1 / 3] * 5 + [1, 1]
    assert values(nn.optim.MultiStepLR([0], 0.5), 2) == [0.5, 0.5]


def test_decays() -> None:
    t = np.arange(9)
    np.testing.assert_allclose(values(nn.optim.ExponentialLR(0.9), 9), 0.9**t)
    np.testing.assert_allclose(values(nn.optim.LinearLR(), 9), np.minimum(1 / 3 + 2 / 15 * t, 1))
    np.testing.assert_allclose(values(nn.optim.PolynomialLR(4, 2), 9), np.maximum(1 - t / 4, 0) ** 2)
    np.testing.assert_allclose(values(nn.optim.PolynomialLR(), 9), np.maximum(1 - t / 5, 0))


@pytest.mark.parametrize("base", [0.1, 2.0])
def test_the_cosine_of_sgdr(base: float) -> None:
    """η_min + ½ (η_max − η_min) (1 + cos(π T_cur / T_i)): equation 5 of the paper."""

    def paper(current: int, period: int) -> float:
        return (0.01 + (base - 0.01) * (1 + math.cos(math.pi * current / period)) / 2) / base

    assert values(nn.optim.CosineAnnealingLR(4, 0.01), 5, base) == pytest.approx([paper(t, 4) for t in range(5)])
    restarted = [paper(t, period) for period in (2, 6, 18) for t in range(period)]
    assert values(nn.optim.CosineAnnealingWarmRestarts(2, 3, 0.01), 26, base) == pytest.approx(restarted)


@pytest.mark.parametrize("three_phase", [False, True])
@pytest.mark.parametrize("strategy", ["cos", "linear"])
def test_one_cycle_goes_up_and_down_once_and_ends_far_below(three_phase: bool, strategy: str) -> None:
    settings = {"three_phase": three_phase, "anneal_strategy": strategy}
    schedule = nn.optim.OneCycleLR(0.5, epochs=5, steps_per_epoch=20, **settings)  # type: ignore[arg-type]
    for base in (0.5, 0.02):
        rates = base * np.array(values(schedule, 100, base))
        assert rates[[0, 29, 99]] == pytest.approx([0.5 / 25, 0.5, 0.5 / 25 / 1e4])
        assert (np.diff(rates[:30]) > 0).all()
        assert (np.diff(rates[29:]) < 0).all()
        assert rates[58] == pytest.approx(0.02) or not three_phase


def test_one_cycle_without_a_rise_and_without_a_fall() -> None:
    assert values(nn.optim.OneCycleLR(1, 4, pct_start=0.25, anneal_strategy="linear"), 1, 1.0) == [1]
    assert nn.optim.OneCycleLR(1, 4, pct_start=1)(3, 1.0) == pytest.approx(1)
    assert nn.optim.OneCycleLR(1, 1)(0, 1.0) == pytest.approx(1 / 25e4)


def test_triangles() -> None:
    triangular = nn.optim.CyclicLR(1, 3, 2, 4)
    assert values(triangular, 13, 1.0) == pytest.approx([1, 2, 3, 2.5, 2, 1.5] * 2 + [1])
    halves = nn.optim.CyclicLR(1, 3, 1, mode="triangular2")
    assert values(halves, 7, 0.5) == pytest.approx([2, 6, 2, 4, 2, 3, 2])
    fading = nn.optim.CyclicLR(1, 3, 1, mode="exp_range", gamma=0.5)
    assert values(fading, 4, 1.0) == pytest.approx([1, 2, 1, 1.25])


def test_a_warm_up_before_a_cosine() -> None:
    """The usual schedule of a large network: a straight line, then a cosine to 0."""
    warm_up, cosine = nn.optim.LinearLR(0.2, total_iters=4), nn.optim.CosineAnnealingLR(10)
    schedule = nn.optim.SequentialLR([warm_up, cosine], [4])
    assert values(schedule, 15) == values(warm_up, 4) + values(cosine, 11)
    assert max(values(schedule, 15)) == schedule(4) == 1
    nested = nn.optim.SequentialLR([schedule, nn.optim.ConstantLR(0.5, 3)], [6])
    assert values(nested, 10) == values(schedule, 6) + values(nn.optim.ConstantLR(0.5, 3), 4)


def test_each_schedule_of_a_sequence_counts_from_where_it_begins() -> None:
    parts = [nn.optim.ExponentialLR(gamma) for gamma in (0.5, 0.25, 0.75)]
    schedule = nn.optim.SequentialLR(parts, [1, 3])
    assert values(schedule, 6) == [1, 1, 0.25, 1, 0.75, 0.75**2]
    assert values(nn.optim.SequentialLR(parts[:1], []), 3) == values(parts[0], 3)
    with pytest.raises(TypeError, match="expected a list of schedules"):
        nn.optim.SequentialLR(3, [])  # type: ignore[arg-type]


def test_a_product() -> None:
    schedule = nn.optim.ChainedScheduler([nn.optim.LinearLR(0.5, total_iters=2), nn.optim.StepLR(2, 0.5)])
    assert values(schedule, 5) == [0.5, 0.75, 0.5, 0.5, 0.25]
