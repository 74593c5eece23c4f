"""Samples of sums."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import reduction

reduction("sum", np.sum)
