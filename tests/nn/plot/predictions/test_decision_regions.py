"""Decision regions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from nn import plot

pytest.importorskip("matplotlib")

X, T = nn.data.make_xor()


def legend(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_samples_in_the_region_of_another_class_are_marked() -> None:
    figure = plot.decision_regions(lambda points: points[:, 0] >= 0.5, X, T)
    assert legend(figure) == ["class 0", "class 1", "wrong: 2"]
    assert figure.axes[0].collections[-1].get_offsets().tolist() == [[0.0, 1.0], [1.0, 1.0]]
    assert legend(plot.decision_regions(lambda points: (points[:, 0] > 0.5) != (points[:, 1] > 0.5), X, T)) == [
        "class 0",
        "class 1",
    ]


def test_the_border_is_where_the_model_changes_its_mind() -> None:
    figure = plot.decision_regions(lambda points: points @ np.array([[-1.0], [1.0]]) + 0.2, X, T)
    border = figure.axes[0].collections[1].get_paths()[0].vertices
    np.testing.assert_allclose(border @ [-1.0, 1.0] + 0.2, 0.5, atol=2 * 1.3 / 200)


def test_classes_differ_in_marker_and_colour() -> None:
    x = np.random.default_rng(0).normal(size=(80, 2))
    target = np.arange(80) % 8
    figure = plot.decision_regions(lambda points: points @ np.arange(16).reshape(2, 8), x, target)
    samples = [c for c in figure.axes[0].collections if c.get_label().startswith("class")]
    assert len({tuple(c.get_facecolor()[0]) for c in samples}) == 8
    assert len({c.get_paths()[0].vertices.tobytes() for c in samples}) == 8


def test_a_module_is_as_it_was_afterwards() -> None:
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Dropout(0.5, rng=0))
    figure = plot.decision_regions(model, X, T)
    assert model.training
    assert len(figure.axes) == 1
    assert figure.axes[0].get_title(loc="left") == "Decision regions of Sequential"


def test_axes_of_the_user() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert plot.decision_regions(lambda points: points[:, 0], X, T, ax=right) is figure
    assert not left.collections
    assert right.collections
    assert not right.get_title(loc="left")  # it is the user's


@pytest.mark.parametrize(
    ("x", "target", "error", "said"),
    [
        (np.zeros((4, 3)), T, ValueError, r"x has shape \(4, 3\), expected \(N, 2\)"),
        (np.zeros((0, 2)), T[:0], ValueError, r"x has shape \(0, 2\)"),
        (X, T[:3], ValueError, r"target has shape \(3,\), expected \(4,\)"),
        (X, T / 2, TypeError, "target has dtype float64, expected integers"),
        (X, T + 7, ValueError, "classes are from 0 to 7, got 7 … 8"),
        (X * np.nan, T, ValueError, "not finite"),
    ],
)
def test_errors(x: Any, target: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=f"^decision_regions: .*{said}"):
        plot.decision_regions(lambda points: points[:, 0], x, target)


def test_scores_that_do_not_fit() -> None:
    with pytest.raises(
        ValueError, match=r"of 40,401 points the model gives shape \(40401, 2, 1\), expected one number"
    ):
        plot.decision_regions(lambda points: points[:, :, None], X, T)
    with pytest.raises(ValueError, match="the model gives class 8; 8 can be drawn"):
        plot.decision_regions(lambda points: np.eye(9)[np.full(len(points), 8)], X, T)
