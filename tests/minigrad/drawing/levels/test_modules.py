"""Levels "modules" and "operations"."""

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.drawing.levels import modules, operations
from tests.helpers.drawing.traced_graphs import text_of, traced


def lenet():
    x, t = mg.Tensor(np.ones((2, 1, 28, 28)), name="x"), mg.Tensor([1, 2], name="t")
    return traced(mg.cross_entropy(nn.LeNet()(x), t).named("L"))


def frames(grouping, k):
    """The frames around a group, innermost first."""
    found, outer = [], grouping.groups[k].enclosure
    while outer is not None:
        found.append(str(grouping.enclosures[outer].label).partition("(")[0])
        outer = grouping.enclosures[outer].outer
    return found


def test_the_innermost_calls_are_boxes_with_their_parameters():
    grouping = modules(lenet())
    assert [text_of(group) for group in grouping.groups] == [
        *("x", "conv1: Conv2d", "relu1: ReLU", "pool1: MaxPool2d", "conv2: Conv2d", "relu2: ReLU", "pool2: MaxPool2d"),
        *("flatten: Flatten", "fc1: Linear", "relu3: ReLU", "fc2: Linear", "relu4: ReLU", "fc3: Linear", "t"),
        *("softmax_cross_entropy", "L"),
    ]
    assert [node.kind for node in grouping.groups[1].nodes] == ["parameter", "parameter", "operation"]
    assert not any(frames(grouping, k) for k in range(16))  # one around everything would say nothing


def test_calls_of_several_models_have_frames():
    one, other = (nn.Sequential(nn.Linear(3, 3), nn.ReLU()) for _ in range(2))
    grouping = modules(traced(other(one(mg.Tensor(np.ones((1, 3)), name="x")))))
    assert [frames(grouping, k) for k in range(5)] == [[], *[["Sequential"]] * 4]


def test_depth_1_makes_one_box_of_a_network():
    grouping = modules(lenet(), 1)
    assert [text_of(group) for group in grouping.groups] == ["x", "LeNet", "t", "softmax_cross_entropy", "L"]
    assert [str(label).partition(":")[0] for label in grouping.groups[1].folded][:3] == ["conv1", "relu1", "pool1"]


def test_depth_beyond_the_innermost_calls_changes_nothing():
    assert len(modules(lenet(), 7).groups) == len(modules(lenet()).groups)


def test_a_depth_below_1_is_an_error():
    with pytest.raises(ValueError, match="depth counts calls of modules within each other, from 1, got 0"):
        modules(lenet(), 0)


def test_images_whose_gradient_is_asked_for_are_not_part_of_the_first_layer():
    x = mg.Tensor(np.ones((1, 1, 4, 4)), requires_grad=True, name="x")
    grouping = modules(traced(nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())(x)))
    assert [text_of(group) for group in grouping.groups] == ["x", "0: Conv2d", "1: ReLU"]


def test_shared_weights_have_a_box_of_their_own():
    layer = nn.Linear(3, 3)
    model = nn.Sequential(layer, nn.ReLU(), layer)
    grouping = modules(traced(model(mg.Tensor(np.ones((1, 3)), name="x"))))
    assert [group.kind for group in grouping.groups] == ["parameter", "parameter", "given", "layer", "module", "layer"]


def test_operations_stand_in_the_frames_of_their_scopes():
    w = mg.Tensor(2.0, requires_grad=True, name="w")
    with mg.scope("outer"):
        y = w * 3.0
        with mg.scope("inner"):
            z = mg.exp(y)
    graph = traced(z + w)
    grouping = operations(graph)
    where = {text_of(group): frames(grouping, k) for k, group in enumerate(grouping.groups)}
    assert where == {"w": [], "3.0": ["outer"], "multiply": ["outer"], "exp": ["inner", "outer"], "add": []}
