"""The numbers of a picture are those that the forward pass saw."""

import numpy as np
import pytest

import minigrad as mg
from minigrad.drawing.contents.numbers import is_finite, numbers_of
from minigrad.drawing.graph.trace import trace
from tests.helpers.drawing.made_pictures import picture_of, texts


def test_a_leaf_that_was_given_another_value_is_shown_as_it_was():
    w = mg.Tensor(2.0, requires_grad=True, name="w")
    y = (w * w).named("y")
    w.data = np.float64(7.0)
    picture = picture_of(y, derived=False)
    assert texts(picture, "w")[1] == "2"
    assert texts(picture, "y")[1] == "4"


def test_the_numbers_of_a_graph_are_looked_up_once():
    x = mg.Tensor([1.0, np.nan], requires_grad=True, name="x")
    graph = trace([mg.sum(x * 2)])
    numbers = numbers_of(graph)
    assert numbers_of(graph) is numbers
    assert [node.name or node.primitive.name for node in numbers.broken] == ["x", "multiply", "sum"]
    assert numbers.array(graph.nodes[0]) is x.data


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.int64, np.bool_])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_what_is_finite(dtype, shape):
    array = np.ones(shape, dtype)
    assert is_finite(array)
    if array.dtype.kind in "fc" and array.size:
        for broken in (np.nan, np.inf, -np.inf):
            array[(0,) * array.ndim] = broken
            assert not is_finite(array)
