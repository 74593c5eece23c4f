"""Rows of images."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn import plot
from tests.helpers.figures import overlaps

pytest.importorskip("matplotlib")

X = np.random.default_rng(0).random((4, 1, 6, 5)).astype(np.float32)


def test_each_column_has_the_versions_of_one_image() -> None:
    figure = plot.image_rows({"original": X, "colour": np.repeat(1 - X, 3, axis=1), "flat": X[:, 0]}, limit=3)
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == ["original", "colour", "flat"]
    lefts = np.array([image.get_extent()[0] for image in axes.images]).reshape(3, 3)
    np.testing.assert_allclose(lefts, lefts[:1].repeat(3, axis=0))
    assert (np.diff(lefts) > 0).all()
    assert [image.get_array().shape for image in axes.images[::3]] == [(6, 5), (6, 5, 3), (6, 5)]


def test_one_scale_from_black_to_white() -> None:
    figure = plot.image_rows({"original": X, "noisy": 3 * X - 1})
    shown = np.array([image.get_array() for image in figure.axes[0].images])
    expected = (np.concatenate([X, 3 * X - 1])[:, 0] - X.min()) / (X.max() - X.min())
    np.testing.assert_allclose(shown, np.clip(expected, 0, 1), atol=1e-6)
    whole = plot.image_rows({"bytes": np.full((1, 2, 2), 51, np.uint8)})
    assert whole.axes[0].images[0].get_array().tolist() == [[0.2, 0.2], [0.2, 0.2]]


def test_names_and_title_do_not_touch() -> None:
    names = {"a long name of a row, with much in it": X, "b": X}
    figure = plot.image_rows(names, title="A title that is longer than the rows of images are wide, by far, I think")
    assert overlaps(figure) == []


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        (X, TypeError, r"got a ndarray, expected names with images"),
        ({}, ValueError, "there are no images"),
        ({"a": X[:0]}, ValueError, r"there are no images in 'a', their shape is \(0, "),
        ({"a": X, "b": X[:2]}, ValueError, r"the rows have different numbers of images: {'a': 4, 'b': 2}"),
        ({"a": X[0, 0]}, ValueError, r"'a' has shape \(6, 5\), expected \(N, H, W\)"),
        ({"a": np.zeros((1, 2, 4, 4))}, ValueError, r"'a' has shape \(1, 2, 4, 4\)"),
        ({"a": X * np.nan}, ValueError, "some pixels in 'a' are infinite or NaN"),
    ],
)
def test_errors(rows: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=f"^image_rows: {said}"):
        plot.image_rows(rows)
