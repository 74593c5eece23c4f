"""The receptive field of a unit over the image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.figures import overlaps, texts

pytest.importorskip("matplotlib")


def images(*shape: int) -> Any:
    return np.random.default_rng(0).random(shape).astype(np.float32)


MODEL = nn.Sequential(
    conv1=nn.Conv2d(1, 3, 3, rng=0), relu1=nn.ReLU(), pool1=nn.MaxPool2d(2), conv2=nn.Conv2d(3, 2, 3, padding=1, rng=1),
    flatten=nn.Flatten(), fc=nn.Linear(32, 2, rng=2),
)  # fmt: skip


def test_the_frame_surrounds_what_the_unit_sees() -> None:
    figure = nn.plot.receptive_field(MODEL, "pool1", images(4, 1, 10, 10), (1, 2))
    axes = figure.axes[0]
    picture, measured = axes.images
    region = nn.receptive_field(MODEL, (1, 10, 10))["pool1"].region(1, 2)
    frames = [patch for patch in axes.patches if patch.get_linewidth() > 1]
    for image, frame in zip((picture, measured), frames, strict=True):
        left, right, _, top = image.get_extent()
        pixel = (right - left) / 10
        start = (frame.get_x() - left) / pixel, (frame.get_y() - top) / pixel
        np.testing.assert_allclose(start, (region[1].start, region[0].start), atol=1e-9)
        np.testing.assert_allclose((frame.get_width() / pixel, frame.get_height() / pixel), (4, 4))
    np.testing.assert_array_equal(np.asarray(picture.get_array()), images(4, 1, 10, 10)[0, 0])
    assert texts(figure)[0] == "Receptive field of a unit of pool1 (MaxPool2d) at (1, 2) in Sequential"


def test_the_middle_is_the_empirical_one() -> None:
    figure = nn.plot.receptive_field(MODEL, "conv2", images(4, 1, 10, 10), channel=1)
    expected = nn.empirical_receptive_field(MODEL, "conv2", images(4, 1, 10, 10), channel=1)
    np.testing.assert_allclose(np.asarray(figure.axes[0].images[1].get_array()), expected)
    said = next(text for text in texts(figure) if text.startswith("it sees"))
    squares = np.sort((expected**2).reshape(-1))[::-1]
    n = int(said.split("; ")[1].split()[0])
    assert squares[: n - 1].sum() < squares.sum() / 2 <= squares[:n].sum()
    assert said.startswith("it sees 8 × 8 pixels; ")


def test_the_line_surrounds_the_strongest_pixels() -> None:
    """A filter with one weight: one pixel, four sides."""
    conv = nn.Conv2d(1, 1, 3, rng=0)
    conv.weight.data = np.float32([[[[0, 0, 0], [0, 0, 1], [0, 0, 0]]]])
    figure = nn.plot.receptive_field(nn.Sequential(conv), "0", images(2, 5, 5))
    (border,) = figure.axes[0].collections
    assert len(border.get_segments()) == 4
    assert "it sees 3 × 3 pixels; 1 of them make up half of the sum of squared derivatives" in texts(figure)


def test_growth_by_layer_up_to_the_chosen_one() -> None:
    bars = nn.plot.receptive_field(MODEL, "conv2", images(1, 1, 10, 10)).axes[1]
    assert [label.get_text() for label in bars.get_yticklabels()] == ["conv1", "pool1", "conv2"]
    assert [bar.get_width() for bar in bars.patches] == [3, 4, 8]
    assert [text.get_text() for text in bars.texts] == ["3", "4", "8 ←"]
    bars = nn.plot.receptive_field(MODEL, "relu1", images(1, 1, 10, 10)).axes[1]
    assert [label.get_text() for label in bars.get_yticklabels()] == ["conv1", "relu1"]


def test_beyond_the_image_lies_padding() -> None:
    deep = nn.Sequential(*[nn.Conv2d(1, 1, 3, padding=1, rng=i) for i in range(20)])
    figure = nn.plot.receptive_field(deep, "19", images(2, 1, 9, 7))
    assert any(text.startswith("it sees 41 × 41 pixels, 9 × 7 of them within the image; ") for text in texts(figure))
    bars = figure.axes[1]
    assert bars.get_xlabel() == "dotted: a side of the image"
    names = [label.get_text() for label in bars.get_yticklabels()]
    assert (len(names), names[7], names[-1]) == (15, "…", "19")


def test_a_fully_connected_layer_sees_everything_it_depends_on() -> None:
    figure = nn.plot.receptive_field(MODEL, "fc", images(2, 1, 10, 10))
    assert texts(figure)[0] == "Receptive field of a unit of fc (Linear) in Sequential"
    assert any(text.startswith("it sees 10 × 10 pixels") for text in texts(figure))


def test_a_unit_that_nothing_moves() -> None:
    dead = nn.Sequential(nn.Conv2d(1, 1, 3, rng=0), nn.ReLU())
    dead[0].bias.data = np.float32([-100])
    figure = nn.plot.receptive_field(dead, "1", images(2, 1, 6, 6))
    assert "it sees 3 × 3 pixels; none of them moves it, with these images" in texts(figure)


@pytest.mark.parametrize("shape", [(3, 16, 16), (2, 1, 6, 40), (2, 3, 40, 8)])
def test_nothing_overlaps(shape: tuple[int, ...]) -> None:
    channels = shape[1] if len(shape) == 4 else 1
    model = nn.Sequential(a_rather_long_name_of_a_layer=nn.Conv2d(channels, 2, 3, rng=0), last=nn.AvgPool2d(2))
    assert not overlaps(nn.plot.receptive_field(model, "last", images(*shape)))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.plot.receptive_field(MODEL, "conv9", images(1, 1, 10, 10)), ValueError, "no layer 'conv9'"),
        (
            lambda: nn.plot.receptive_field(MODEL, "flatten", images(1, 1, 10, 10)),
            ValueError,
            "arranged like the pixels",
        ),
        (lambda: nn.plot.receptive_field(MODEL, "conv1", images(10, 10)), ValueError, r"one image is images\[None\]"),
        (lambda: nn.plot.receptive_field(MODEL, "conv1", images(1, 1, 10, 10), (9, 0)), ValueError, "position"),
        (lambda: nn.plot.receptive_field(lambda x: x, "conv1", images(1, 1, 9, 9)), TypeError, "got function"),
    ],
)
def test_errors(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
