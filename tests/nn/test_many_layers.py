"""A model of n layers takes time in proportion to n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.growth import check_linear


@pytest.mark.parametrize(
    "use",
    [
        lambda m: m.load_state_dict(m.state_dict()),
        lambda m: nn.summary(m, (2,)),
        lambda m: nn.optim.Adam(m.parameters()),
        lambda m: mg.sum(m(np.ones((1, 2)))).backward(),
    ],
)
def test_models_of_many_layers(use: Callable[[Any], Any]) -> None:
    check_linear(lambda n: nn.Sequential(*[nn.Linear(2, 2) for _ in range(n)]), use, number=40)
