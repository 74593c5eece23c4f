"""What trains, but badly, is said once, and nothing is said of what is in order."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import nn
from nn.training.checks.usual_mistakes import are_probabilities

RNG = np.random.default_rng(0)
LABELS = np.arange(8) % 2


def said(inputs: Any, *layers: nn.Module, loss: Any = "cross_entropy", **settings: Any) -> list[str]:
    """The warnings of a training of two epochs."""
    size = int(np.prod(inputs.shape[1:]))
    model = nn.Sequential(*(layers or (nn.Flatten(), nn.Linear(size, 2, rng=0))))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        nn.fit(model, inputs, LABELS, loss=loss, epochs=2, rng=0, verbose=False, **settings)
    assert all(warning.filename == __file__ for warning in caught)  # they point to the user's line
    return [str(warning.message) for warning in caught]


def pixels(high: float, *shape: int) -> np.ndarray[Any, Any]:
    """Whole numbers from 0 up to `high`, which is there."""
    x = RNG.integers(0, int(high), shape).astype(np.float32)
    x.flat[0] = high
    return x


@pytest.mark.parametrize(
    ("inputs", "numbers"),
    [
        (pixels(255, 8, 3, 4, 4).astype(np.uint8), "whole numbers up to 255"),
        (pixels(255, 8, 1, 4, 4), "whole numbers up to 255"),
        (pixels(16, 8, 4, 4), "whole numbers up to 16"),
        (pixels(250, 8, 3, 4, 4) + 0.25, "numbers up to 250.2"),  # resized: no longer whole
    ],
)
def test_images_as_they_are_in_a_file(inputs: Any, numbers: str) -> None:
    (message,) = said(inputs)
    assert f"images of {numbers}, as in a file; " in message
    assert f"x / {16 if inputs.max() == 16 else 255}" in message


@pytest.mark.parametrize(
    "inputs",
    [
        pixels(255, 8, 3, 4, 4) / 255,
        pixels(15, 8, 3, 4, 4),
        pixels(250, 8, 3, 4, 4) - 1,
        pixels(256, 8, 3, 4, 4),
        pixels(255, 8, 48),  # a table
        pixels(250, 8, 5, 4, 4) + 0.25,  # five channels: no photo
        pixels(190, 8, 3, 4, 4) + 0.25,
    ],
)
def test_other_inputs(inputs: Any) -> None:
    assert not said(inputs)


def test_numbers_of_words_are_no_images() -> None:
    assert not said(pixels(99, 8, 2, 2).astype(int), nn.Flatten(), nn.Embedding(100, 2), nn.Flatten(), nn.Linear(8, 2))


def test_a_softmax_before_the_cross_entropy() -> None:
    x = RNG.normal(size=(8, 3)).astype(np.float32)
    (message,) = said(x, nn.Linear(3, 2), nn.Softmax(1))
    assert "the outputs are probabilities, and the cross-entropy takes logits" in message
    assert not said(x, nn.Linear(3, 2), nn.LogSoftmax(1), loss=nn.NLLLoss())
    assert not said(x, nn.Linear(3, 2), nn.Sigmoid())  # positive, but the sums are not 1


@pytest.mark.parametrize("y", [np.ones((4, 1)), np.ones((0, 3)), np.ones((2, 0)), np.ones(1), [[2, -1]], [[0.5, 0.6]]])
def test_what_is_no_distribution(y: Any) -> None:
    """One output for each sample, or none, cannot be probabilities of classes, whatever its sum."""
    assert are_probabilities(np.full((4, 2), 0.5))
    assert not are_probabilities(np.asarray(y))


def test_a_batch_larger_than_the_data() -> None:
    x = RNG.normal(size=(8, 3)).astype(np.float32)
    (message,) = said(x, batch_size=9)
    assert "batch_size=9 is more than the 8 samples" in message
    assert not said(x, batch_size=8)


def test_more_outputs_than_classes_with_names() -> None:
    class Named(nn.data.Dataset):
        classes = ("cat", "dog")

        def __len__(self) -> int:
            return 8

        def __getitem__(self, i: int, /) -> Any:
            return np.full(3, i, np.float32), i % 2

    for outputs, warned in ((2, False), (3, True)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            nn.fit(nn.Linear(3, outputs), Named(), epochs=2, verbose=False)
        messages = [str(warning.message) for warning in caught]
        assert len(messages) == warned
        assert all("has 3 outputs, and the data 2 classes" in message for message in messages)
        assert all("end it with 2 outputs, as nn.Linear(…, 2)" in message for message in messages)
