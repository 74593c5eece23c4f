"""Affine maps of images, compared with PyTorch's ``affine_grid`` and ``grid_sample``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.data import Rotate, Translate

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.oracle

BORDERS = {"constant": "zeros", "edge": "border"}


@pytest.mark.parametrize("mode", BORDERS)
@pytest.mark.parametrize("shape", [(5, 1, 28, 28), (3, 3, 32, 32), (2, 2, 1, 1)])
def test_rotated_and_translated_images_are_those_of_pytorch(shape: Any, mode: str) -> None:
    x = np.random.default_rng(0).random(shape)
    angle = np.deg2rad(25)
    turn = [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0]]  # of places (x, y)
    shift = [[1, 0, 2 * 0.15], [0, 1, -2 * 0.2]]  # a whole image is 2
    for transform, theta in (
        (Rotate((25, 25), mode=mode), turn),
        (Translate((0.2, 0.2), (-0.15, -0.15), mode=mode), shift),
    ):
        maps = torch.tensor(theta, dtype=torch.float64).expand(len(x), 2, 3)
        grid = torch.nn.functional.affine_grid(maps, list(shape), align_corners=False)
        expected = torch.nn.functional.grid_sample(
            torch.from_numpy(x), grid, padding_mode=BORDERS[mode], align_corners=False
        )
        np.testing.assert_allclose(transform(x, 0), expected.numpy(), atol=1e-12)
