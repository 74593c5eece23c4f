"""What every function of nn.plot promises: a figure, light or dark as Matplotlib's style is.

Each has a row in `PANELS` or in `GRIDS`: a call; those of one panel take ``ax=``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.figures import contrast, history

matplotlib = pytest.importorskip("matplotlib")
for _part in ("figure", "style"):
    pytest.importorskip(f"matplotlib.{_part}")
DIGITS = np.random.default_rng(0).random((4, 1, 8, 8))
CLASSIFIER = nn.Sequential(nn.Flatten(), nn.Linear(64, 3, rng=0))
NET = nn.Sequential(nn.Conv2d(1, 3, 3, rng=0), nn.ReLU())

BOWL = [mg.Tensor(0.0), mg.Tensor(0.0)]


def bowl() -> Any:
    return BOWL[0] ** 2 + BOWL[1] ** 2


PANELS: dict[str, Callable[..., Any]] = {
    "activation": lambda **ax: nn.plot.activation(mg.tanh, **ax),
    "confusion_matrix": lambda **ax: nn.plot.confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], labels=["cat", "dog"], **ax),
    "decision_regions": lambda **ax: nn.plot.decision_regions(lambda p: p[:, 0], *nn.data.make_xor(), **ax),
    "loss_surface": lambda **ax: nn.plot.loss_surface(nn.loss_surface(bowl, BOWL, path=[(2, 1), (0, 0)]), **ax),
}
GRIDS: dict[str, Callable[[], Any]] = {
    "attribution": lambda: nn.plot.attribution(
        CLASSIFIER,
        DIGITS[0],
        {"saliency": nn.attribution.saliency(CLASSIFIER, DIGITS[:1]), "signed": DIGITS[:1] - DIGITS[1:2]},
        target=1,
    ),
    "augmented": lambda: nn.plot.augmented(DIGITS, nn.data.Flip(), rng=0, limit=2),
    "curves": lambda: nn.plot.curves(history(loss=[2.0, 1.0, 0.5], val_loss=[1.9, 1.1, 0.7], accuracy=[0.1, 0.5, 0.9])),
    "feature_maps": lambda: nn.plot.feature_maps(NET, DIGITS[0], target=DIGITS[:3, 0, :6, :6], loss="mse"),
    "film": lambda: nn.plot.film({epoch: (epoch - 1) * DIGITS[:2] for epoch in range(3)}, title="Digits"),
    "filters": lambda: nn.plot.filters(NET[0].weight),
    "histograms": lambda: nn.plot.histograms(NET, DIGITS, np.zeros((4, 3, 6, 6)), "mse"),
    "image_rows": lambda: nn.plot.image_rows({"given": DIGITS, "rounded": DIGITS.round()}, title="Digits"),
    "misclassified": lambda: nn.plot.misclassified(DIGITS, [0, 1, 0, 1], [1, 1, 1, 1]),
    "switches": lambda: nn.plot.switches(nn.MaxPool2d(3, 2), DIGITS[0], target=DIGITS[0, :, :3, :3], loss="mse"),
    "receptive_field": lambda: nn.plot.receptive_field(NET, "1", DIGITS),
}
PLOTS: dict[str, Callable[..., Any]] = {**PANELS, **GRIDS}

every = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)
of_one_panel = pytest.mark.parametrize("draw", PANELS.values(), ids=PANELS)
DARK = {"figure.facecolor": "#101820"}


def test_each_function_is_tested_here() -> None:
    assert set(PLOTS) == set(nn.plot.__all__)
    assert set(PANELS) == {
        name for name in nn.plot.__all__ if "ax" in inspect.signature(vars(nn.plot)[name]).parameters
    }


@every
@pytest.mark.parametrize("style", [{}, DARK], ids=["light", "dark"])
def test_its_texts_and_lines_are_seen_on_its_background(draw: Any, style: Any) -> None:
    with matplotlib.style.context(style):
        before = dict(matplotlib.rcParams)
        figure = draw()
        assert dict(matplotlib.rcParams) == before
    background = style.get("figure.facecolor", "#ffffff")
    assert matplotlib.colors.to_hex(figure.get_facecolor()) == background
    for axes in figure.axes:
        assert matplotlib.colors.to_hex(axes.get_facecolor()) == background
        ticks = [label for axis in (axes.xaxis, axes.yaxis) if axes.axison for label in axis.get_ticklabels()]
        for text in (axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label, *ticks, *axes.texts):
            behind = background if not text.get_bbox_patch() else text.get_bbox_patch().get_facecolor()
            on_an_image = text in axes.texts and any(on(image, text) for image in axes.images)
            if text.get_text() and not on_an_image:
                assert contrast(text.get_color(), behind) > 3.8, text.get_text()
        for line in axes.lines:
            assert contrast(line.get_color(), background) > 2.5


def on(image: Any, text: Any) -> bool:
    """Whether a text stands on an image."""
    middle = text.get_window_extent()
    return bool(image.get_window_extent().contains((middle.x0 + middle.x1) / 2, (middle.y0 + middle.y1) / 2))


@of_one_panel
@pytest.mark.parametrize("style", [{}, "dark_background"], ids=["light", "dark"])
def test_it_draws_into_the_given_axes_in_their_colours(draw: Any, style: Any) -> None:
    with matplotlib.style.context(style):
        figure = matplotlib.figure.Figure(figsize=(10, 5))
        left, right = figure.subplots(1, 2)
    assert draw(ax=right) is figure
    assert not left.has_data()
    assert right.has_data()
    behind = figure.get_facecolor()
    written = [*right.get_xticklabels(), *right.get_yticklabels(), right._left_title, right.xaxis.label]
    assert min(contrast(text.get_color(), behind) for text in written if text.get_text()) > 12


@of_one_panel
def test_it_draws_into_a_part_of_a_figure(draw: Any) -> None:
    figure = matplotlib.figure.Figure()
    part = figure.subfigures(1, 2)[1]
    assert draw(ax=part.add_subplot()) is figure


@of_one_panel
def test_its_ax_is_a_keyword(draw: Any) -> None:
    with pytest.raises(TypeError, match="expected Matplotlib's Axes"):
        draw(ax=matplotlib.figure.Figure())
