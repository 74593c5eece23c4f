"""Adadelta."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from nn.hyperparameters import finite_number
from nn.optim.groups.parameter_group import GroupSetting
from nn.optim.groups.running import running_mean, running_mean_of_squares
from nn.optim.optimizer import Optimizer, Parameters
from nn.typing import Array

__all__ = ["Adadelta"]


class Adadelta(Optimizer):
    """Gradient descent with steps as large as those before were, in place of a learning rate.

    The root mean square of the steps Δ so far is divided by that of the gradients, so that a step has the unit of the
    parameter::

        s ← ρ s + (1 − ρ) w̄²
        Δ = √(d + eps) / √(s + eps) · w̄
        d ← ρ d + (1 − ρ) Δ²
        w ← w − lr · Δ

    Arguments:
        params: the parameters, or groups of them, as for `Optimizer`.
        lr: a factor for the steps, at least 0; the paper has none, which is 1.
        rho: ρ, the decay rate of both running mean squares, from 0 to 1.
        eps: a small number, at least 0; the first steps are about √eps.
        weight_decay: λ ≥ 0 of an L2 penalty ½ λ w², whose gradient λ w is added to w̄.
        maximize: whether to climb: −w̄ takes the place of w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    Source: Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.Adadelta([w], rho=0.75, eps=1e-2)
    >>> (w * w).backward()
    >>> opt.step()
    >>> round(float(w.data), 2)
    0.8
    """

    rho = GroupSetting(partial(finite_number, most=1))
    eps = GroupSetting(finite_number)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, defaults)

    @classmethod
    def _state_names(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG003
        return ("step", "square_avg", "acc_delta")

    def _update(self, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        rho, eps = settings["rho"], settings["eps"]
        state["step"] = state.get("step", 0) + 1
        s = running_mean_of_squares(state, "square_avg", rho, w_bar)
        delta = np.sqrt(state.get("acc_delta", 0.0) + eps) / np.sqrt(s + eps) * w_bar
        running_mean(state, "acc_delta", rho, delta * delta)
        return settings["lr"] * delta
