"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from nn.hyperparameters import finite_number, true_or_false
from nn.optim.groups.parameter_group import GroupSetting
from nn.optim.groups.running import running_sum
from nn.optim.optimizer import Optimizer, Parameters
from nn.typing import Array

__all__ = ["SGD"]


class SGD(Optimizer):
    """Stochastic gradient descent: w ← w − lr · w̄.

    With momentum m, w̄ is replaced by v ← m v + (1 − d) w̄, a running sum of gradients that dampens zigzags; d is the
    dampening, and v starts as the first w̄. Nesterov's momentum looks a step ahead: w̄ is replaced by w̄ + m v.

    Arguments:
        params: the parameters, or groups of them, as for `Optimizer`.
        lr: the learning rate, at least 0.
        momentum: m, from 0 (none) to 1.
        dampening: d, from 0 to 1.
        weight_decay: λ ≥ 0 of an L2 penalty ½ λ w², whose gradient λ w is added to w̄.
        nesterov: whether to use Nesterov's momentum; it needs a momentum, and no dampening.
        maximize: whether to climb, w ← w + lr · w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    Source: Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning", ICML
    2013, with the learning rate outside of v.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> opt.step()
    >>> float(w.data)
    0.8
    """

    momentum = GroupSetting(partial(finite_number, most=1))
    dampening = GroupSetting(partial(finite_number, most=1))
    nesterov = GroupSetting(true_or_false)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    @classmethod
    def _check_settings(cls, called: str, settings: Mapping[str, Any]) -> None:
        momentum, dampening = settings["momentum"], settings["dampening"]
        if settings["nesterov"] and (momentum == 0 or dampening != 0):
            raise ValueError(
                f"{called}: nesterov is True, momentum {momentum} and dampening {dampening}; expected a momentum "
                "greater than 0, as 0.9, and a dampening of 0"
            )

    _symbols: ClassVar = {"momentum_buffer": "v"}

    @classmethod
    def _state_names(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:
        return ("momentum_buffer",) if settings["momentum"] else ()

    def _update(self, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        lr, m = settings["lr"], settings["momentum"]
        if not m:
            return lr * w_bar
        dampened = settings["dampening"] and "momentum_buffer" in state  # v starts as the first w̄
        v = running_sum(state, "momentum_buffer", (1 - settings["dampening"]) * w_bar if dampened else w_bar, decay=m)
        return lr * (w_bar + m * v if settings["nesterov"] else v)
