"""A compiled loss computes what the loss computes, to the bit, for other outputs and the same kind of targets."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.networks.losses import CASES


@pytest.mark.parametrize("name", CASES)
def test_value_and_gradient(name: str) -> None:
    loss, _, (y, *others) = CASES[name]
    both = mg.value_and_grad(lambda y, *others: mg.sum(loss(y, *others)))
    compiled = mg.compile(both)
    for factor in (1.0, 0.5, 0.875):
        for found, expected in zip(compiled(y * factor, *others), both(y * factor, *others), strict=True):
            np.testing.assert_array_equal(getattr(found, "data", found), getattr(expected, "data", expected))
