"""Samples of functions of two arguments."""

from __future__ import annotations

import numpy as np

from tests.samples.registry import anywhere, between, binary, positive, sample

binary("arctan2", anywhere, positive)
binary("hypot", anywhere, positive)
binary("logaddexp", anywhere, anywhere)
binary("logaddexp2", anywhere, anywhere)
binary("copysign", anywhere, between(-1.7, 2.1))

sample("arctan2", np.arctan2, np.array([1.0, -1.0, -2.0, 0.5]), np.array([-2.0, -1.0, 0.5, -1.0]))
sample("hypot", np.hypot, np.array([3.0, -1.0]), np.array([0.0, -2.0]))
sample("logaddexp", lambda x: np.logaddexp(0, x), anywhere(3))
