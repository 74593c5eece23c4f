"""Adam."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

import minigrad as mg
from nn.hyperparameters import finite_number, true_or_false
from nn.optim.groups.parameter_group import GroupSetting
from nn.optim.groups.running import running_maximum, running_mean, running_mean_of_squares, sqrt
from nn.optim.optimizer import Optimizer, Parameters
from nn.typing import Array

__all__ = ["Adam", "decay_rates"]


def decay_rates(what: str, value: Any) -> tuple[float, float]:
    """Two numbers, at least 0 and less than 1."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"{what} is {value!r}, expected two numbers, as (0.9, 0.999)")
    first, second = (finite_number(what, beta) for beta in value)
    if max(first, second) >= 1:
        raise ValueError(f"{what} is {value}, expected numbers of at least 0 and less than 1")
    return first, second


class Adam(Optimizer):
    """Gradient descent with steps of about `lr` for every parameter, whatever the size of its gradients.

    The running mean m of each gradient is divided by the root of its running mean square v. Both start at 0; in step t,
    the division by 1 − βᵗ corrects this bias::

        m ← β₁ m + (1 − β₁) w̄
        v ← β₂ v + (1 − β₂) w̄²
        w ← w − lr · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + eps)

    Arguments:
        params: the parameters, or groups of them, as for `Optimizer`.
        lr: the learning rate, at least 0.
        betas: the decay rates (β₁, β₂) of the running mean and of the running mean square, at least 0 and less than 1.
        eps: a small number added to the divisor, at least 0.
        weight_decay: λ ≥ 0 of an L2 penalty ½ λ w², whose gradient λ w is added to w̄. `AdamW` shrinks w itself.
        amsgrad: whether the greatest v so far takes the place of v, so that steps do not grow when gradients get small.
        maximize: whether to climb: −w̄ takes the place of w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015; Reddi, Kale, Kumar, "On the Convergence
    of Adam and Beyond", ICLR 2018, for `amsgrad`.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.Adam([w], lr=0.1)
    >>> (w * w).backward()
    >>> opt.step()
    >>> round(float(w.data), 6)
    0.9
    """

    betas = GroupSetting(decay_rates)
    eps = GroupSetting(finite_number)
    amsgrad = GroupSetting(true_or_false)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    _symbols: ClassVar = {"step": "k", "exp_avg": "m", "exp_avg_sq": "v"}

    @classmethod
    def _state_names(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        return ("step", "exp_avg", "exp_avg_sq", *["max_exp_avg_sq"][: settings["amsgrad"]])

    def _update(self, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        beta1, beta2 = settings["betas"]
        t = state["step"] = state.get("step", 0) + 1
        # The root of 1 − β₂ᵗ is multiplied out of the divisor, which spares a division of every number.
        is_recorded = bool(mg.recorder.writers) and hasattr(t, "__record__")
        root = (sqrt if is_recorded else math.sqrt)(1 - beta2**t)
        size = settings["lr"] * root / (1 - beta1**t)
        if is_recorded:
            mg.recorder.called(k=t, root=root, size=size)
        m = running_mean(state, "exp_avg", beta1, w_bar)
        v = running_mean_of_squares(state, "exp_avg_sq", beta2, w_bar)
        if settings["amsgrad"]:
            v = running_maximum(state, "max_exp_avg_sq", v)
        step, divisor = size * m, np.sqrt(v)
        divisor += settings["eps"] * root
        step /= divisor
        return step
