"""Every schedule, with arguments that make one, and some more that look different."""

from __future__ import annotations

from typing import Any

import nn

__all__ = ["SCHEDULES", "halved", "schedules"]


def halved(t: int) -> float:
    """A function of one's own, which can be pickled."""
    return 0.5**t


#: Those that are functions of t, by name: arguments for each.
SCHEDULES: dict[str, list[dict[str, Any]]] = {
    "ConstantLR": [{}, {"factor": 0.5, "total_iters": 0}],
    "LinearLR": [{}, {"start_factor": 0.25, "end_factor": 0.5, "total_iters": 3}],
    "StepLR": [{"step_size": 3}, {"step_size": 1, "gamma": 2}],
    "MultiStepLR": [{"milestones": [3, 1, 1]}, {"milestones": [], "gamma": 0}],
    "ExponentialLR": [{"gamma": 0.5}],
    "PolynomialLR": [{}, {"total_iters": 4, "power": 0.5}],
    "LambdaLR": [{"lr_lambda": halved}],
    "CosineAnnealingLR": [{"T_max": 5}, {"T_max": 1, "eta_min": 0.01}],
    "CosineAnnealingWarmRestarts": [{"T_0": 2}, {"T_0": 1, "T_mult": 3, "eta_min": 0.01}],
    "OneCycleLR": [{"max_lr": 0.1, "total_steps": 40}, {"max_lr": 0.1, "total_steps": 40, "three_phase": True}],
    "CyclicLR": [{"base_lr": 0.1, "max_lr": 0.2}, {"base_lr": 0, "max_lr": 1, "step_size_up": 3, "mode": "exp_range"}],
    "SequentialLR": [
        {"schedulers": [nn.optim.LinearLR(0.5, total_iters=4), nn.optim.CosineAnnealingLR(6)], "milestones": [4]}
    ],
    "ChainedScheduler": [{"schedulers": [nn.optim.ConstantLR(), nn.optim.StepLR(2)]}],
}


def schedules() -> list[Any]:
    """One of each, with each of the arguments."""
    return [getattr(nn.optim, name)(**settings) for name, given in SCHEDULES.items() for settings in given]
