"""What is not an array of pixels says what to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.plot.figure.image_array import image_array

pytest.importorskip("matplotlib")
IMAGES = np.random.default_rng(0).random((4, 3, 8, 8)).astype(np.float32)
DATA = nn.data.Subset([(image, i % 2) for i, image in enumerate(IMAGES)], range(4))


@pytest.mark.parametrize(
    ("given", "mend"),
    [
        (DATA, r"got a Subset, .*; of a data set, write images = np\.stack\(\[x for x, _ in data\]\)"),
        (DATA[0], r"got a tuple, .*it is a sample, .*image, label = data\[0\]"),
        ("cat.jpg", r"got a str, .*model\.preprocessing\(path\)"),
        (Path("cat.jpg"), "expected an array of pixels; make one of the file"),
    ],
)
def test_other_things(given: Any, mend: str) -> None:
    model = nn.Sequential(nn.Conv2d(3, 2, 3, rng=0))
    for call in (
        lambda: nn.plot.feature_maps(model, given),
        lambda: nn.plot.augmented(given, nn.data.Flip()),
        lambda: nn.plot.misclassified(given, [0] * 4, [1] * 4),
    ):
        with pytest.raises(TypeError, match=mend):
            call()


def test_what_is_advised_is_an_array() -> None:
    np.testing.assert_array_equal(image_array("f", np.stack([x for x, _ in DATA])), IMAGES)
    image, _ = DATA[0]
    np.testing.assert_array_equal(image_array("f", image), IMAGES[0])
    np.testing.assert_array_equal(image_array("f", IMAGES.tolist()), IMAGES)
    np.testing.assert_array_equal(image_array("f", tuple(IMAGES[:2])), IMAGES[:2])  # two images: no sample
