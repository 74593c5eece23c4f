"""Occlusion, compared with a loop over patches and images."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from tests.helpers.networks.classifiers import convolutional, images

pairs = st.tuples(st.integers(1, 8), st.integers(1, 8))


@settings(max_examples=15)
@given(pairs, st.data(), st.sampled_from([0.0, -1.5]), st.integers(1, 40))
def test_against_a_loop(patch: tuple[int, int], data: Any, fill: float, batch_size: int) -> None:
    stride = tuple(data.draw(st.integers(max(1, p - 2), p)) for p in patch)
    model, x = convolutional(), images(2)
    target = [2, 0]
    total, count = np.zeros((2, 8, 8)), np.zeros((8, 8))
    rows, columns = (sorted({*range(0, 8 - p + 1, s), 8 - p}) for p, s in zip(patch, stride, strict=True))
    for i in rows:
        for j in columns:
            covered = np.zeros((8, 8), bool)
            covered[i : i + patch[0], j : j + patch[1]] = True
            drop = (nn.predict(model, x) - nn.predict(model, np.where(covered, fill, x)))[[0, 1], target]
            total += drop[:, None, None] * covered
            count += covered
    found = nn.attribution.occlusion(
        model, x, target, patch_size=patch, stride=stride, fill=fill, batch_size=batch_size
    )
    np.testing.assert_allclose(found, total / count, rtol=1e-9, atol=1e-9)


def test_of_a_linear_model_it_is_the_share_of_each_pixel() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(2 * 64, 3, rng=0)).double()
    x = images(2)
    expected = (x * model[1].weight.data[1].reshape(2, 8, 8)).sum(axis=1)
    found = nn.attribution.occlusion(model, x, target=1, patch_size=1)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_a_patch_over_all_is_one_plateau() -> None:
    model, x = convolutional(), images(1)
    drop = nn.predict(model, x).max() - nn.predict(model, 0 * x)[0, nn.predict(model, x).argmax()]
    np.testing.assert_allclose(nn.attribution.occlusion(model, x, patch_size=8), np.full((1, 8, 8), drop))


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"patch_size": 9}, ValueError, "a patch of 9 × 9 pixels is larger than an image of 8 × 8"),
        ({"patch_size": 2, "stride": 3}, ValueError, "pixels between patches of 2 × 2 are never covered"),
        ({"patch_size": (1, 2, 3)}, ValueError, r"patch_size is one number, or \(rows, columns\), got \(1, 2, 3\)"),
        ({"patch_size": 2.0}, TypeError, "patch_size is 2.0, expected a whole number"),
        ({"patch_size": 0}, ValueError, "patch_size is 0, expected at least 1"),
        ({"patch_size": 2, "fill": "gray"}, TypeError, "fill is 'gray', expected a number"),
        ({"patch_size": 2, "batch_size": 0}, ValueError, "batch_size is 0, expected at least 1"),
    ],
)
def test_mistakes(options: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        nn.attribution.occlusion(convolutional(), images(1), **options)


def test_inputs_that_are_no_images() -> None:
    with pytest.raises(ValueError, match=r"x has shape \(2, 4\), expected images"):
        nn.attribution.occlusion(nn.Linear(4, 2, rng=0), np.ones((2, 4)), patch_size=1)
