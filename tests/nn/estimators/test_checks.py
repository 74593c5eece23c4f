"""scikit-learn's own checks, all of them, of a classifier and a regressor that are as by default, in fewer epochs."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

import nn

checks = pytest.importorskip("sklearn.utils.estimator_checks")

FEW: Any = {"epochs": 15, "optimizer": partial(nn.optim.Adam, lr=0.02)}


@checks.parametrize_with_checks([nn.Classifier(**FEW), nn.Regressor(**FEW)])
def test_estimators(estimator: Any, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")  # without it, the check of array libraries is skipped
    check(estimator)
