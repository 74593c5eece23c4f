"""Losses and optimizers by name, and weights of classes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.training import X, Y


def weights_after(**settings: Any) -> np.ndarray[Any, Any]:
    model = nn.Linear(2, 2, rng=0)
    nn.fit(model, X, Y, batch_size=60, rng=0, verbose=False, **settings)
    return model.weight.numpy()


def test_weights_of_classes_are_those_of_the_loss() -> None:
    loss = nn.CrossEntropyLoss(np.array([1, 5], np.float32))
    expected = weights_after(loss=loss, accumulate=2)
    for given in ({0: 1, 1: 5}, {1: 5.0, 0: 1.0}, [1, 5], np.array([1.0, 5.0])):
        np.testing.assert_array_equal(weights_after(class_weight=given, accumulate=2), expected)
    assert not np.array_equal(weights_after(), expected)


def test_balanced_weights_as_the_message_says() -> None:
    y = np.array([0, 0, 0, 1])
    with pytest.raises(ValueError, match="class_weight is 'balanced', expected a number for each class") as caught:
        weights_after(class_weight="balanced")
    advised = str(caught.value).partition("class_weight=")[2]
    np.testing.assert_allclose(eval(advised, {"np": np, "y": y}), [4 / 6, 2])  # as in scikit-learn


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"class_weight": {0: 1.0}}, ValueError, "weight has shape (1,), expected (2,): one for each class"),
        ({"class_weight": {1: 1.0}}, ValueError, "weights for the classes [1], expected one for each of 0, 1, 2"),
        ({"class_weight": [1.0, -1.0]}, ValueError, "expected a number of at least 0 for each class"),
        ({"class_weight": [1.0, 2.0], "loss": mg.cross_entropy}, TypeError, "class_weight needs a loss of classes"),
        (
            {"class_weight": [1.0, 2.0], "loss": nn.CrossEntropyLoss(np.ones(2))},
            ValueError,
            "class_weight is given, and CrossEntropyLoss has a weight",
        ),
    ],
)
def test_weights_that_do_not_fit(settings: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=re.escape(said)):
        weights_after(**settings)
