"""Every loss as a module, with settings that are not the defaults, and the arguments of a call."""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg
import nn

__all__ = ["CASES", "LABELS", "SIGNS", "WEIGHT", "P", "Q", "T", "Y"]

rng = np.random.default_rng(0)
Y, T = rng.normal(size=(2, 3, 4))
P, Q = rng.dirichlet(np.ones(4), size=(2, 3))
SIGNS = np.array([1, -1, 1])
LABELS = np.array([2, 0, 3])
WEIGHT = np.array([1.0, 2.0, 0.5, 1.5])

#: Each loss with settings, its function, and the arguments of a call.
CASES: dict[str, tuple[nn.Module, Any, tuple[Any, ...]]] = {
    "BCELoss": (nn.BCELoss(WEIGHT, reduction="sum"), mg.binary_cross_entropy, (P, Q)),
    "BCEWithLogitsLoss": (nn.BCEWithLogitsLoss(pos_weight=WEIGHT), mg.binary_cross_entropy_with_logits, (Y, Q)),
    "CosineEmbeddingLoss": (nn.CosineEmbeddingLoss(0.25), mg.cosine_embedding_loss, (Y, T, SIGNS)),
    "CrossEntropyLoss": (
        nn.CrossEntropyLoss(WEIGHT, ignore_index=0, label_smoothing=0.25, reduction="sum"),
        mg.cross_entropy,
        (Y, LABELS),
    ),
    "GaussianNLLLoss": (nn.GaussianNLLLoss(full=True, eps=0.25), mg.gaussian_nll_loss, (Y, T, P)),
    "HingeEmbeddingLoss": (nn.HingeEmbeddingLoss(2.0, reduction="none"), mg.hinge_embedding_loss, (Y[:, 0], SIGNS)),
    "HuberLoss": (nn.HuberLoss("sum", 0.5), mg.huber_loss, (Y, T)),
    "KLDivLoss": (nn.KLDivLoss("batchmean"), mg.kl_div, (np.log(P), Q)),
    "L1Loss": (nn.L1Loss("none"), mg.l1_loss, (Y, T)),
    "MSELoss": (nn.MSELoss("sum"), mg.mse_loss, (Y, T)),
    "MarginRankingLoss": (nn.MarginRankingLoss(0.5), mg.margin_ranking_loss, (Y[:, 0], T[:, 0], SIGNS)),
    "MultiMarginLoss": (nn.MultiMarginLoss(2, 0.5, WEIGHT, reduction="none"), mg.multi_margin_loss, (Y, LABELS)),
    "NLLLoss": (nn.NLLLoss(WEIGHT, ignore_index=2), mg.nll_loss, (np.log(P), LABELS)),
    "PoissonNLLLoss": (nn.PoissonNLLLoss(False, True, eps=0.5), mg.poisson_nll_loss, (P, LABELS[:, None] + 0 * Q)),
    "SmoothL1Loss": (nn.SmoothL1Loss("sum", beta=0.5), mg.smooth_l1_loss, (Y, T)),
    "SoftMarginLoss": (nn.SoftMarginLoss("sum"), mg.soft_margin_loss, (Y[:, 0], SIGNS)),
    "SumSquaredErrorLoss": (nn.SumSquaredErrorLoss("mean"), mg.sum_squared_error, (Y, T)),
    "TripletMarginLoss": (nn.TripletMarginLoss(0.5, 1.0, 0.25, True), mg.triplet_margin_loss, (Y, T, P)),
}
