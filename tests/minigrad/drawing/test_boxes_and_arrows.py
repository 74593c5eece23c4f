"""The contents of a picture: boxes, arrows, frames, and modules folded into one box."""

import itertools

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.drawn_graphs import arrows, boxes, logistic, parameter, small_net, titles

pytest.importorskip("graphviz")


def test_the_lectures_example_has_its_variables_as_boxes():
    root = logistic()
    assert titles(root, "parameter") == ["w = 1.5", "b = −0.5"]
    assert sorted(titles(root, "input")) == ["t = 1", "x = 2", "λ = 0.1"]
    assert sorted(titles(root, "number")) == ["0.5", "0.5", "2", "2"]
    named = [title for title in titles(root, "operation") if title[0].isalpha() and "=" in title]
    assert [title.split(" = ")[0] for title in named] == ["z", "y", "L", "R", "L_reg"]
    assert {("z = 2.5", "y = 0.9241"), ("×", "z = 2.5"), ("b = −0.5", "z = 2.5")} <= set(arrows(root))
    assert sum(a == "w = 1.5" for a, _ in arrows(root)) == 2  # the fan-out that the lecture is about


def test_operations_say_their_sign_and_shape():
    x = parameter([[1.0, 2.0]], "x")
    z = (x @ np.ones((2, 3))).named("z")
    _, weights, box = boxes(z).boxes
    assert (box.title, box.subtitle, box.notes) == ("z", "@", ("(1, 3)",))
    assert (weights.kind, weights.title, weights.notes) == ("input", "input", ("(2, 3)",))
    assert titles(z - x.sum(), "operation") == ["z", "Σ", "−"]


def test_a_value_used_twice_by_one_operation_has_two_arrows():
    x = parameter(3.0, "x")
    assert arrows(x * x) == [("x = 3", "×")] * 2


def test_an_array_used_twice_is_one_box_and_a_number_used_twice_is_two():
    x, a = parameter([1.0, 2.0], "x"), np.ones(2)
    assert titles(2 * (2 * (x + a) + a), "input") == ["input"]
    assert titles(2 * (2 * x), "number") == ["2", "2"]


def test_arrays_combined_with_computed_values_are_called_constants():
    w, t = parameter([1.0, 2.0], "w"), np.ones(2)
    assert titles((w * np.ones(2) - t) ** 2, "input") == ["input", "constant"]


def test_folded_each_module_is_one_box_with_its_output_and_its_parameters():
    drawn = boxes(small_net())
    modules = [(box.title, box.subtitle, box.notes) for box in drawn.boxes if box.kind == "module"]
    assert modules == [
        ("conv1", "Conv2d(1, 3, kernel_size=3)", ("(2, 3, 4, 4)", "30 parameters")),
        ("relu1", "ReLU()", ("(2, 3, 4, 4)",)),
        ("fc", "Linear(48, 2)", ("(2, 2)", "98 parameters")),
    ]
    assert [frame.label for frame in drawn.frames] == ["net: Net", "features: Sequential(…)"]
    assert [frame.outer for frame in drawn.frames] == [None, 0]
    frames = {box.title: box.frame for box in drawn.boxes}
    assert frames["conv1"] == frames["relu1"] == 1
    assert frames["reshape"] == frames["fc"] == 0
    assert frames["images"] is frames["cross_entropy"] is None
    chain = ["images", "conv1", "relu1", "reshape", "fc", "cross_entropy", "loss = 0.6931"]
    found = arrows(small_net())
    assert [head for tail, head in found if tail == "images"] == ["conv1"]
    assert set(itertools.pairwise(chain)) <= set(found)
    assert len(found) == len(chain)  # and the class labels
    assert not titles(small_net(), "parameter")


def test_unfolded_each_operation_is_a_box_in_nested_frames():
    drawn = boxes(small_net(), fold=False)
    assert [frame.label.split(":")[0] for frame in drawn.frames] == ["net", "features", "conv1", "relu1", "fc"]
    assert [frame.outer for frame in drawn.frames] == [None, 0, 1, 1, 0]
    assert [box.title for box in drawn.boxes if box.frame == 2] == ["conv1.weight", "parameter", "conv2d"]
    assert sum(box.kind == "parameter" for box in drawn.boxes) == 4


def test_a_module_that_uses_its_input_twice_has_one_arrow():
    x = parameter(2.0)
    with mg.scope("square"):
        y = (2 * x).exp()
    with mg.scope("cube"):
        z = y * y * y
    assert arrows(z) == [("square", "cube")]


def test_parameters_of_a_module_called_twice_are_counted_in_both_calls():
    w = parameter(np.ones((2, 2)), "w")
    h = mg.Tensor(np.ones((1, 2)))
    for _ in range(2):
        with mg.scope("cell"):
            h = h @ w
    modules = [box for box in boxes(h.sum()).boxes if box.kind == "module"]
    assert [box.notes[-1] for box in modules] == ["4 parameters, shared"] * 2


def test_a_parameter_that_is_used_outside_its_module_too_is_drawn():
    w, x = parameter([[2.0]], "w"), mg.Tensor([[1.0]], name="x")
    with mg.scope("fc"):
        y = x @ w
    root = y.sum() + (w * w).sum()
    assert titles(root, "parameter") == ["w"]
    assert ("w", "fc") in arrows(root)


def test_a_module_folds_its_own_parameters_and_not_an_input_that_requires_gradients():
    class Scale:
        def __init__(self):
            self.weight = parameter(3.0)

        def named_parameters(self):
            yield "weight", self.weight

    module, image = Scale(), parameter([1.0, 2.0], "image")
    with mg.scope(module):
        y = module.weight * image
    assert titles(y, "parameter") == ["image"]
    assert boxes(y).boxes[-1].notes == ("(2,)", "1 parameter")
    assert titles(y, "parameter", fold=False) == ["weight = 3", "image"]  # the name it has in the module


def test_labels_are_printed_only_when_drawn():
    printed = []

    class Label:
        def __str__(self):
            printed.append(self)
            return "gate"

    with mg.scope(Label()):
        y = 2 * parameter(1.0)
    assert not printed
    assert titles(y, "module") == ["gate"]


def test_networks_of_nn_fold():
    model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 1))
    drawn = boxes(model(np.ones((2, 4), dtype=np.float32)).sum())
    assert sum(box.kind == "module" for box in drawn.boxes) == 3
    assert sum(box.kind == "parameter" for box in drawn.boxes) == 0
    assert len(drawn.frames) == 1


def test_a_huge_graph_is_refused_at_once_unless_it_folds():
    y = parameter(0.5)
    with mg.scope("deep"):
        for _ in range(100_000):
            y = y.tanh()
    assert titles(y) == ["deep"]
    with pytest.raises(ValueError, match=r"100,000 operations.*1,000 nodes.*fold=True.*mg\.scope.*max_nodes"):
        mg.draw(y, fold=False)


def test_deeply_nested_scopes():
    y, scopes = parameter(0.5), [mg.scope(f"{i}") for i in range(400)]
    for scope in scopes:
        scope.__enter__()
    y = y.tanh()
    for scope in reversed(scopes):
        scope.__exit__(None, None, None)
    assert len(boxes(y).frames) == 399
    assert mg.draw(y).source.count("subgraph") == 399
