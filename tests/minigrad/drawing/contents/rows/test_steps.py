"""What a stage computes after its layer, with each shape between its steps once: where the next step changes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.drawing.made_pictures import RULE, row_text

IMAGES = np.random.default_rng(0).random((2, 1, 12, 12), dtype=np.float32)


def steps(drawing: Any, name: str) -> str:
    """The rows between the second and the third line across a box, in one line."""
    (box,) = (box for box in drawing._picture.boxes if box.description.startswith(name))
    rows = [row_text(row) for row in box.rows]
    parts = " ".join(rows).split(RULE)
    return parts[1].strip() if len(parts) > 1 else ""


def test_shapes_stand_where_they_change() -> None:
    net = nn.Sequential(nn.Conv2d(1, 3, 5, rng=0), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(48, 5, rng=0))
    found = steps(nn.draw(net, IMAGES, values=False), "conv2d0")
    assert found == "ReLU → 3×8×8 → max 2×2 → 3×4×4 → Flatten"


def test_they_are_those_that_were_computed() -> None:
    model = nn.LeNet(rng=0)
    x = np.zeros((1, 1, 28, 28), np.float32)
    relu = mg.relu(model.conv1(x))
    pooled = model.pool1(relu)
    found = steps(nn.draw(model, x, values=False), "conv1")
    shape = "×".join(map(str, relu.shape[1:]))
    assert found == f"ReLU → {shape} → max 2×2"
    after = mg.relu(model.conv2(pooled)).shape[1:], model.pool2(model.conv2(pooled)).shape[1:]
    found = steps(nn.draw(model, x, values=False), "conv2")
    assert found == "ReLU → {} → max 2×2 → {} → Flatten".format(*("×".join(map(str, shape)) for shape in after))


def test_where_nothing_changes_its_shape_there_is_none() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1, rng=0), nn.BatchNorm2d(2), nn.ReLU())
    assert steps(nn.draw(net, IMAGES, values=False), "conv2d0") == "BatchNorm2d(2) → ReLU"


def test_each_call_of_one_layer_has_its_own_shape() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            self.conv, self.pool = nn.Conv2d(1, 2, 5, rng=0), nn.MaxPool2d(2)

        def forward(self, x: Any) -> Any:
            return self.pool(self.pool(self.conv(x)))

    assert steps(nn.draw(Twice(), IMAGES, values=False), "conv") == "max 2×2 → 2×4×4 → max 2×2"


@pytest.mark.parametrize(("bias", "expected"), [(False, "18 + 4 parameters"), (True, "20 + 4 parameters")])
def test_parameters_of_a_normalization_are_counted_apart(bias: bool, expected: str) -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3, bias=bias, rng=0), nn.BatchNorm2d(2), nn.ReLU())
    (box,) = (box for box in nn.draw(net, IMAGES)._picture.boxes if box.kind == "layer")
    assert expected in [row_text(row) for row in box.rows]


def test_an_operation_is_not_named_twice() -> None:
    net = nn.Linear(3, 2, rng=0)
    drawing = nn.draw(net, np.ones((1, 3), np.float32), loss=lambda y: mg.cross_entropy(y, [1]), level="modules")
    boxes = [[row_text(row) for row in box.rows] for box in drawing._picture.boxes]
    assert [rows.count("cross entropy") for rows in boxes if "cross entropy" in rows] == [1]
