"""The number that is watched: its name, and what is better."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nn.callbacks.monitor import Monitor


def run(**logs: Any) -> Any:
    return SimpleNamespace(logs=logs)


@pytest.mark.parametrize(
    ("name", "mode"),
    {
        **dict.fromkeys(("loss", "val_loss", "mse", "val_mae", "mean_squared_error", "MSELoss"), "min"),
        **dict.fromkeys(("accuracy", "val_acc", "top_5_accuracy", "val_precision", "recall", "f1"), "max"),
    }.items(),
)
def test_auto_knows_what_is_better(name: str, mode: str) -> None:
    assert Monitor("C", name, "auto").mode == mode
    other: Any = {"min": "max", "max": "min"}[mode]
    assert Monitor("C", name, other).mode == other


def test_auto_does_not_guess() -> None:
    with pytest.raises(ValueError, match="C: is less of 'val_margin' better, or more"):
        Monitor("C", "val_margin", "auto").value(run(val_margin=1.0))
    assert Monitor("C", "val_margin", "max").mode == "max"


@pytest.mark.parametrize("mode", ["min", "max"])
def test_better_is_by_more_than_min_delta(mode: Any) -> None:
    sign = 1 if mode == "max" else -1
    monitor = Monitor("C", "x", mode, min_delta=0.5)
    assert monitor.is_better(sign * 1.75, sign * 1.0)
    assert not monitor.is_better(sign * 1.5, sign * 1.0)
    assert not monitor.is_better(sign * 0.0, sign * 1.0)
    assert monitor.is_better(sign * -1e300, monitor.worst)
    assert not monitor.is_better(math.nan, monitor.worst)
    assert not monitor.is_better(math.nan, 1.0)


def test_its_value_is_a_number_of_the_logs() -> None:
    assert Monitor("C", "loss", "auto").value(run(loss=np.float32(0.5))) == 0.5


@pytest.mark.parametrize(
    ("name", "logs", "message"),
    [
        (
            "val_los",
            {"loss": 1.0, "val_loss": 2.0},
            "monitor is 'val_los', but the logs of an epoch have loss, val_loss",
        ),
        ("val_los", {"loss": 1.0, "val_loss": 2.0}, "; did you mean 'val_loss'?"),
        ("val_acc", {"val_loss": 1.0, "val_accuracy": 0.5}, "; did you mean 'val_accuracy'?"),
        ("val_loss", {"loss": 1.0, "accuracy": 0.5}, "there are no validation data; pass validation_data"),
        ("val_loss", {"loss": 1.0, "accuracy": 0.5}, "or monitor one of loss, accuracy"),
        ("loss", {}, "the logs of an epoch have nothing"),
    ],
)
def test_a_name_that_is_not_in_the_logs_is_an_error(name: str, logs: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Monitor("C", name, "auto").value(run(**logs))


def test_what_is_no_monitor_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"C: matrix_loss is an array of shape \(2, 2\)"):
        Monitor("C", "matrix_loss", "min").value(run(matrix_loss=np.eye(2)))
    with pytest.raises(ValueError, match="C: mode is 'less', expected 'auto', 'min' or 'max'"):
        Monitor("C", "loss", "less")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="C: monitor is 3, expected a name"):
        Monitor("C", 3, "auto")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="C: min_delta is -1"):
        Monitor("C", "loss", "auto", min_delta=-1)
