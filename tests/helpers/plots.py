"""A call of each function of nn.plot; those that draw one panel take `ax=`, too.

A new function gets a row here; `tests/nn/plot/test_every_plot.py` holds what all of them promise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import nn
from tests.helpers.figures import history

DIGITS = np.random.default_rng(0).random((4, 1, 8, 8))
NET = nn.Sequential(nn.Conv2d(1, 3, 3, rng=0), nn.ReLU())

PANELS: dict[str, Callable[..., Any]] = {
    "confusion_matrix": lambda **ax: nn.plot.confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], labels=["cat", "dog"], **ax),
    "decision_regions": lambda **ax: nn.plot.decision_regions(lambda p: p[:, 0], *nn.data.make_xor(), **ax),
}
GRIDS: dict[str, Callable[[], Any]] = {
    "augmented": lambda: nn.plot.augmented(DIGITS, nn.data.Flip(), rng=0, limit=2),
    "curves": lambda: nn.plot.curves(history(loss=[2.0, 1.0, 0.5], val_loss=[1.9, 1.1, 0.7], accuracy=[0.1, 0.5, 0.9])),
    "feature_maps": lambda: nn.plot.feature_maps(NET, DIGITS[0]),
    "filters": lambda: nn.plot.filters(NET[0].weight),
    "image_rows": lambda: nn.plot.image_rows({"given": DIGITS, "rounded": DIGITS.round()}, title="Digits"),
    "misclassified": lambda: nn.plot.misclassified(DIGITS, [0, 1, 0, 1], [1, 1, 1, 1]),
}
PLOTS: dict[str, Callable[..., Any]] = {**PANELS, **GRIDS}
