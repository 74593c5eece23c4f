"""Samples of sinc."""

from __future__ import annotations

import numpy as np

import minigrad as mg
from tests.samples.registry import anywhere, sample, unary

unary("sinc", anywhere)
sample("sinc", mg.sinc, np.array([0.0, 1e-3, 1.0, -2.0]), reference=np.sinc)  # where its derivatives are 0 / 0
