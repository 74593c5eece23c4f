"""nn.plot.attribution: the image, each map, and the map over the image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn

matplotlib = pytest.importorskip("matplotlib")
pytest.importorskip("matplotlib.figure")

MODEL = nn.Sequential(nn.Flatten(), nn.Linear(3 * 6 * 4, 3, rng=0))
IMAGE = np.random.default_rng(0).random((3, 6, 4))
MAP = np.arange(24.0).reshape(6, 4)


def shown(*args: Any, **options: Any) -> tuple[list[Any], list[str]]:
    """The images of the figure, and its texts."""
    axes = nn.plot.attribution(*args, **options).axes[0]
    return axes.images, [text.get_text() for text in axes.texts if text.get_text()]


def test_of_one_map_three_stand_side_by_side() -> None:
    images, texts = shown(MODEL, IMAGE, MAP)
    predicted = int(nn.predict(MODEL, IMAGE[None])[0].argmax())
    assert texts == [
        f"Attribution in Sequential: predicted {predicted}",
        "white: 0, purple: positive",
        "image",
        "0 to 23",
        "over the image",
    ]
    np.testing.assert_allclose(images[0].get_array(), np.moveaxis(IMAGE, 0, -1))
    np.testing.assert_array_equal(images[1].get_array(), MAP)
    assert images[1].get_clim() == (0, 23)
    assert len({tuple(image.get_extent()[2:]) for image in images}) == 1  # one row


def test_of_several_maps_the_second_row_is_over_the_image() -> None:
    images, texts = shown(MODEL, IMAGE, {"first": MAP, "second": MAP - 3}, target=0, labels=["cat", "dog", "cow"])
    assert texts[0].startswith("Attribution in Sequential: true cat, predicted ")
    assert texts[1] == "orange: negative, white: 0, purple: positive; each map on its own scale"
    assert texts[2:] == ["image", "first\n0 to 23", "second\n−3 to 20", "over the image"]
    rows = [image.get_extent()[3] for image in images]
    assert [rows.index(row) for row in rows] == [0, 0, 2, 0, 2]
    assert images[3].get_clim() == (-20, 20)


def test_over_the_image_the_largest_numbers_hide_it() -> None:
    images, _ = shown(MODEL, IMAGE, MAP - 12)
    over = images[2].get_array()
    scale = images[1].get_cmap()
    np.testing.assert_allclose(over[0, 0], scale(0.0)[:3])  # −12
    gray = IMAGE.transpose(1, 2, 0) @ np.array([0.299, 0.587, 0.114])
    gray = (gray - gray.min()) / (gray.max() - gray.min())
    np.testing.assert_allclose(over[3, 0], np.full(3, 1 - 0.45 * (1 - gray[3, 0])))  # 0


@pytest.mark.parametrize("given", [MAP[None], MAP[None, None], np.stack([MAP, 0 * MAP, 0 * MAP])[None]])
def test_channels_are_summed(given: Any) -> None:
    images, _ = shown(MODEL, IMAGE, given)
    np.testing.assert_array_equal(images[1].get_array(), MAP)


@pytest.mark.parametrize("image", [IMAGE[0], IMAGE[:1], IMAGE[:1][None], np.stack([*IMAGE, IMAGE[0]])])
def test_gray_images_and_those_of_other_channels(image: Any) -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(image.size, 3, rng=0))
    images, _ = shown(model, image, MAP)
    assert np.shape(images[0].get_array()) == (6, 4)


def test_a_map_of_zeros() -> None:
    images, texts = shown(MODEL, IMAGE, 0 * MAP)
    assert "0 to 0" in texts
    assert np.isfinite(images[2].get_array()).all()


def test_a_model_without_classes_has_none_in_its_title() -> None:
    _, texts = shown(nn.Sequential(nn.ReLU()), IMAGE, MAP, target=0)
    assert texts[0] == "Attribution in Sequential"


def test_long_names_do_not_meet() -> None:
    name = "a method that has a rather long name"
    figure = nn.plot.attribution(MODEL, IMAGE, {name: MAP, name + "!": MAP})
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text().startswith(name)]
    assert boxes[0].x1 < boxes[1].x0
    assert boxes[1].x1 < figure.bbox.x1


@pytest.mark.parametrize(
    ("maps", "kind", "message"),
    [
        ({}, ValueError, "there are no maps; expected at least one"),
        (
            {"saliency": MAP.T},
            ValueError,
            r"the map 'saliency' has shape \(4, 6\), and the image \(3, 6, 4\); expected ",
        ),
        (np.stack([MAP] * 2), ValueError, r"the map has shape \(2, 6, 4\), .*give that of one image: maps\[:1\]"),
        (np.stack([MAP] * 2)[:, None], ValueError, r"give that of one image: maps\[:1\]"),
        (MAP[0], ValueError, r"the map has shape \(4,\)"),
        ({"saliency": [[1.0]]}, TypeError, "the map 'saliency' is a list, expected an array"),
        (MAP * np.nan, FloatingPointError, "the map has numbers that are infinite or NaN"),
    ],
)
def test_mistakes(maps: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        nn.plot.attribution(MODEL, IMAGE, maps)


def test_other_mistakes() -> None:
    with pytest.raises(ValueError, match="target is 3, but the model has 3 outputs, from 0"):
        nn.plot.attribution(MODEL, IMAGE, MAP, target=3)
    with pytest.raises(ValueError, match="attribution: 2 labels, but the model has 3 outputs"):
        nn.plot.attribution(MODEL, IMAGE, MAP, labels=["a", "b"])
    with pytest.raises(TypeError, match="attribution: expected a model, an nn"):
        nn.plot.attribution(abs, IMAGE, MAP)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="attribution: image has shape"):
        nn.plot.attribution(MODEL, np.stack([IMAGE] * 2), MAP)
