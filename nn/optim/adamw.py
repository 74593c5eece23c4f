"""AdamW."""

from __future__ import annotations

from nn.optim.adam import Adam
from nn.optim.optimizer import Parameters

__all__ = ["AdamW"]


class AdamW(Adam):
    """`Adam` with decoupled weight decay: w ← w − lr · λ w, in addition to Adam's step.

    In `Adam`, the gradient λ w of a penalty is divided by the root of its mean square, as all gradients are: what has
    large gradients hardly decays. Here all decay alike.

    Arguments:
        params: the parameters, or groups of them, as for `Optimizer`.
        lr: the learning rate, at least 0.
        betas: the decay rates (β₁, β₂) of the running mean and of the running mean square, at least 0 and less than 1.
        eps: a small number added to the divisor, at least 0.
        weight_decay: λ ≥ 0.
        amsgrad: as in `Adam`.
        maximize: whether to climb: −w̄ takes the place of w̄.

    Raises:
        ValueError, TypeError: as `Optimizer`, and if a setting is not a number in its range.

    Source: Loshchilov, Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> opt = nn.optim.AdamW([w], lr=0.1, weight_decay=0.5)
    >>> (w * w).backward()
    >>> opt.step()
    >>> round(float(w.data), 6)
    0.85
    """

    _decoupled_weight_decay = True

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)
