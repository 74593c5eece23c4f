"""RMSprop."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from nn.hyperparameters import finite_number, true_or_false
from nn.optim.groups.parameter_group import GroupSetting
from nn.optim.groups.running import running_mean, running_mean_of_squares, running_sum
from nn.optim.optimizer import Optimizer, Parameters
from nn.typing import Array

__all__ = ["RMSprop"]


class RMSprop(Optimizer):
    """Gradient descent in which each gradient is divided by the root of its running mean square::

        s ← α s + (1 − α) w̄²
        w ← w − lr · w̄ / (√s + eps)

    Arguments:
        params: the parameters, or groups of them, as for `Optimizer`.
        lr: the learning rate, at least 0.
        alpha: α, the decay rate of the running mean square, from 0 to 1.
        eps: a small number added to the divisor, at least 0.
        weight_decay: λ ≥ 0 of an L2 penalty ½ λ w², whose gradient λ w is added to w̄.
        momentum: m, from 0 (none) to 1; w moves by lr · v, with v ← m v + w̄ / (√s + eps).
        centered: whether the square of the running mean is subtracted from s, which leaves the variance.
        maximize: whether to climb: −w̄ takes the place of w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    Source: Hinton, "Neural Networks for Machine Learning", lecture 6, 2012; Graves, "Generating Sequences With
    Recurrent Neural Networks", 2013, for `centered`.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.RMSprop([w], lr=0.1, alpha=0.75)
    >>> (w * w).backward()
    >>> opt.step()
    >>> round(float(w.data), 6)
    0.8
    """

    alpha = GroupSetting(partial(finite_number, most=1))
    eps = GroupSetting(finite_number)
    momentum = GroupSetting(partial(finite_number, most=1))
    centered = GroupSetting(true_or_false)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "alpha": alpha,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "centered": centered,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    @classmethod
    def _state_names(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        return (
            "step",
            "square_avg",
            *["momentum_buffer"][: settings["momentum"] > 0],
            *["grad_avg"][: settings["centered"]],
        )

    def _update(self, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        alpha = settings["alpha"]
        state["step"] = state.get("step", 0) + 1
        s = running_mean_of_squares(state, "square_avg", alpha, w_bar)
        if settings["centered"]:
            mean = running_mean(state, "grad_avg", alpha, w_bar)
            s = np.maximum(s - mean * mean, 0)  # of gradients that hardly change, rounding may leave less than 0
        v = w_bar / (np.sqrt(s) + settings["eps"])
        if settings["momentum"]:
            v = running_sum(state, "momentum_buffer", v, decay=settings["momentum"])
        return settings["lr"] * v
