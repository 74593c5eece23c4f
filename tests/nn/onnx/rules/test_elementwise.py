"""Elementwise rules at the ends of their domains: NaN, infinite numbers, signed zeros, and small and large ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.nn.onnx.runtime import compare, computed

_SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, 1e-7, -1e-7, 0.3, -2.5, 60.0, -60.0, np.inf, -np.inf, np.nan], np.float32)


class Of(nn.Module):
    """A function as a model."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def forward(self, *arrays: Any) -> Any:
        return self.function(*arrays)


@pytest.mark.parametrize("name", [
    "abs", "sign", "square", "cbrt", "reciprocal", "exp", "exp2", "tanh", "relu", "relu6", "sigmoid", "log_sigmoid",
    "softplus", "nan_to_num", "erf", "ndtr", "real", "conj", "imag", "sqrt", "log", "log1p", "expm1", "entr", "arctan",
])  # fmt: skip
def test_of_one_argument(tmp_path: Path, name: str) -> None:
    model = Of(getattr(mg, name))
    path = nn.export_onnx(model, np.ones((1,), np.float32), tmp_path / "f.onnx")
    compare(model, path, _SPECIAL)


@pytest.mark.parametrize("name", [
    "remainder", "fmod", "floor_divide", "copysign", "arctan2", "hypot", "maximum", "minimum", "fmax", "fmin",
    "heaviside", "logaddexp", "logaddexp2", "xlogy", "xlog1py", "rel_entr",
])  # fmt: skip
def test_of_two_arguments(tmp_path: Path, name: str) -> None:
    model = Of(getattr(mg, name))
    path = nn.export_onnx(model, (np.ones((1,), np.float32),) * 2, tmp_path / "f.onnx")
    x, y = (v.reshape(-1) for v in np.meshgrid(_SPECIAL, _SPECIAL))
    if name in (
        "remainder",
        "fmod",
        "floor_divide",
    ):  # of infinite and NaN arguments, NumPy's own results are by platform
        finite = np.isfinite(x) & np.isfinite(y) & (y != 0)
        x, y = x[finite], y[finite]
    compare(model, path, x, y)


@pytest.mark.parametrize(("name", "tiny"), [("log1p", 1e-9), ("expm1", 1e-9), ("log1p", -3e-5), ("expm1", -3e-5)])
def test_small_numbers_keep_their_digits(tmp_path: Path, name: str, tiny: float) -> None:
    path = nn.export_onnx(Of(getattr(mg, name)), np.ones((1,), np.float32), tmp_path / "f.onnx")
    (y,) = computed(path, np.array([tiny], np.float32))
    np.testing.assert_allclose(y, getattr(np, name)(np.float64(np.float32(tiny))), rtol=1e-6)


@pytest.mark.parametrize("function", [
    lambda x: mg.where(x > 0, x, 1.0), lambda x: mg.where(np.logical_and(x, x - 1), x, 0.0), lambda x: x * (x != 0),
    lambda x: x + np.floor(x), lambda x: x + np.ceil(x), lambda x: x + np.rint(x), lambda x: x + np.trunc(x),
    lambda x: mg.where(np.isnan(x), 0.0, x),
    lambda x: mg.where(np.logical_not(x - 1), x, 5.0), lambda x: x - mg.stop_gradient(np.round(x)),
    lambda x: x + (x <= -1), lambda x: np.clip(x, -1, 2), lambda x: mg.where(np.isinf(x), 1.0, x),
])  # fmt: skip
def test_comparisons_and_rounding_are_recorded(tmp_path: Path, function: Callable[..., Any]) -> None:
    model = Of(function)
    path = nn.export_onnx(model, np.ones((1,), np.float32), tmp_path / "f.onnx")
    with np.errstate(all="ignore"):
        compare(model, path, _SPECIAL[np.isfinite(_SPECIAL)])
