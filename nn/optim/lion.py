"""Lion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.adam import decay_rates
from nn.optim.groups.parameter_group import GroupSetting
from nn.optim.groups.running import running_mean
from nn.optim.optimizer import Optimizer, Parameters
from nn.typing import Array

__all__ = ["Lion"]


class Lion(Optimizer):
    """Evolved sign momentum: every number of a parameter moves by `lr` up or down, whatever the size of its gradient::

        w ← w − lr · (sign(β₁ m + (1 − β₁) w̄) + λ w)
        m ← β₂ m + (1 − β₂) w̄

    It remembers half as much as `Adam`. The paper advises a learning rate 3 to 10 times smaller than AdamW's, and a
    weight decay as many times larger.

    Arguments:
        params: the parameters, or groups of them, as for `Optimizer`.
        lr: the learning rate, at least 0.
        betas: β₁ and β₂, at least 0 and less than 1.
        weight_decay: λ ≥ 0, decoupled as in `AdamW`.
        maximize: whether to climb: −w̄ takes the place of w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    Source: Chen et al., "Symbolic Discovery of Optimization Algorithms", NeurIPS 2023.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor([1.0, -20.0], requires_grad=True)
    >>> opt = nn.optim.Lion([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> opt.step()
    >>> w.data.tolist()
    [0.9, -19.9]
    """

    betas = GroupSetting(decay_rates)

    _decoupled_weight_decay = True

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay, "maximize": maximize})

    @classmethod
    def _state_names(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG003
        return ("exp_avg",)

    def _update(self, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        beta1, beta2 = settings["betas"]
        direction = np.sign(beta1 * state.get("exp_avg", 0.0) + (1 - beta1) * w_bar)
        running_mean(state, "exp_avg", beta2, w_bar)
        return settings["lr"] * direction
