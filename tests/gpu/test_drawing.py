"""Pictures of graphs on a GPU: their numbers are fetched."""

import numpy as np
import pytest

import minigrad as mg
from minigrad.drawing.picture import Map
from tests.helpers.drawing.made_pictures import box_named, picture_of, texts


@pytest.mark.usefixtures("gpu")
def test_values_and_error_signals_are_shown() -> None:
    W = mg.Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True, device="cuda", name="W")
    y = (W @ mg.Tensor([1.0, 1.0], device="cuda", name="x")).named("y")
    picture = picture_of(mg.sum(y * y).named("L"))
    assert texts(picture, "y")[1:] == ["[3, 7]", "———", "ȳ = [6, 14]  sum of 2"]
    assert texts(picture, "W")[-2:] == ["[  6     6]", "[14   14]"]


@pytest.mark.usefixtures("gpu")
def test_maps_are_arrays_of_numpy() -> None:
    x = mg.Tensor(np.arange(20.0).reshape(4, 5), requires_grad=True, device="cuda", name="x")
    picture = picture_of(mg.sum(x * x).named("L"), saved=True, local_derivatives=True)
    maps = [row for row in box_named(picture, "x").rows if isinstance(row, Map)]
    assert [type(row.rgba) for row in maps] == [np.ndarray] * 2
