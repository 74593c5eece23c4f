"""Adagrad."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.hyperparameters import finite_number
from nn.optim.groups.parameter_group import GroupSetting
from nn.optim.groups.running import running_sum
from nn.optim.optimizer import Optimizer, Parameters
from nn.typing import Array

__all__ = ["Adagrad"]


class Adagrad(Optimizer):
    """Gradient descent with steps that shrink with the sum of all squared gradients of a parameter so far.

    Parameters that seldom get a gradient keep large steps. In step t::

        s ← s + w̄²
        w ← w − lr / (1 + (t − 1) · lr_decay) · w̄ / (√s + eps)

    Arguments:
        params: the parameters, or groups of them, as for `Optimizer`.
        lr: the learning rate, at least 0.
        lr_decay: how fast the learning rate decays, at least 0.
        weight_decay: λ ≥ 0 of an L2 penalty ½ λ w², whose gradient λ w is added to w̄.
        initial_accumulator_value: the value with which s starts, at least 0.
        eps: a small number added to the divisor, at least 0.
        maximize: whether to climb: −w̄ takes the place of w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    Source: Duchi, Hazan, Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", JMLR
    2011.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.Adagrad([w], lr=0.1)
    >>> (w * w).backward()
    >>> opt.step()
    >>> round(float(w.data), 6)
    0.9
    """

    lr_decay = GroupSetting(finite_number)
    initial_accumulator_value = GroupSetting(finite_number)
    eps = GroupSetting(finite_number)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "eps": eps,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    @classmethod
    def _state_names(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG003
        return ("step", "sum")

    def _update(self, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        t = state["step"] = state.get("step", 0) + 1
        s = running_sum(state, "sum", w_bar * w_bar, start=settings["initial_accumulator_value"])
        return settings["lr"] / (1 + (t - 1) * settings["lr_decay"]) * w_bar / (np.sqrt(s) + settings["eps"])
