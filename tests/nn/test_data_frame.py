"""Tables as data frames of pandas, with the numbers that are printed."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import nn

HISTORY = nn.History(
    [1, 2],
    {"loss": [2.0, 1.0], "accuracy": [0.5, 0.75], "val_loss": [3.0], "val_accuracy": [0.25, 0.5], "lr": [0.1, 0.01]},
)


def test_a_history_has_the_validation_beside_the_training() -> None:
    pytest.importorskip("pandas")
    frame = HISTORY.to_frame()
    assert list(frame.columns) == ["loss", "val_loss", "accuracy", "val_accuracy", "lr"]
    assert frame.index.name == "epoch"
    assert frame.index.tolist() == [1, 2]
    np.testing.assert_array_equal(frame["val_loss"], [3.0, np.nan])  # of one that was put together by hand
    assert (frame.dtypes == np.float64).all()
    assert frame.loc[2, "accuracy"] == 0.75
    assert nn.History().to_frame().empty
    assert list(nn.History([1], {"val_own": [1.0], "loss": [2.0]}).to_frame().columns) == ["val_own", "loss"]


def test_the_history_of_a_training() -> None:
    pytest.importorskip("pandas")
    x = np.arange(8.0).reshape(4, 2)
    history = nn.fit(
        nn.Linear(2, 2, rng=0), x, [0, 1, 0, 1], epochs=2, validation_data=(x, [0, 1, 0, 1]), verbose=False
    )
    frame = history.to_frame()
    for name, values in history.history.items():
        assert frame[name].tolist() == values
    assert list(frame.columns) == ["loss", "val_loss", "accuracy", "val_accuracy"]


def test_a_summary_has_a_row_for_each_layer() -> None:
    pytest.importorskip("pandas")
    summary = nn.summary(nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.MaxPool2d(2)), (1, 28, 28), sharing=True)
    frame = summary.to_frame()
    assert frame.index.tolist() == ["0", "1"]
    assert frame.loc["0", "output_shape"] == (8, 28, 28)
    assert frame["parameters"].sum() == summary.total
    assert frame["without_sharing"].sum() == summary.total_without_sharing
    frame = nn.summary(nn.Linear(2, 3), (2,)).to_frame()
    assert "without_sharing" not in frame
    assert "kernel" not in frame


def test_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"History.to_frame needs pandas: pip install .*\[pandas\]"):
        HISTORY.to_frame()
