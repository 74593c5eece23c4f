"""``fold=`` and ``unfold=`` on top of any level."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
import nn
from minigrad.drawing.levels import fold, lines, modules, operations, stages, unfold
from tests.helpers.drawing.random_graphs import random_graphs
from tests.helpers.drawing.traced_graphs import arrows_of, text_of, traced
from tests.minigrad.drawing.levels.test_laws import LEVELS, described, obeys_the_laws


def names(grouping):
    return [text_of(group) for group in grouping.groups]


def frames(grouping):
    return [str(enclosure.label).partition("(")[0] for enclosure in grouping.enclosures]


def lenet():
    x, t = mg.Tensor(np.ones((2, 1, 28, 28)), name="x"), mg.Tensor([1, 2], name="t")
    return traced(mg.cross_entropy(nn.LeNet()(x), t).named("L"))


def residual():
    model = nn.Sequential(first=nn.Conv2d(3, 4, 1), block=nn.BasicBlock(4, 4), pool=nn.GlobalAvgPool())
    return traced(model(mg.Tensor(np.ones((2, 3, 4, 4)), name="x")))


def logistic():
    w, b = (mg.Tensor(value, requires_grad=True, name=name) for name, value in (("w", 0.5), ("b", -1.5)))
    x, t = mg.Tensor(2.0, name="x"), mg.Tensor(1.0, name="t")
    z = (w * x + b).named("z")
    y = mg.sigmoid(z).named("y")
    return traced((0.5 * (y - t) ** 2).named("L"))


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=12, deadline=None)
@given(
    graph=random_graphs(),
    change=st.sampled_from((fold, unfold)),
    pattern=st.sampled_from((lambda label: "m" in str(label), lambda label: True, "s*", "z*", "y*", ["m*", "h"])),
)
def test_the_laws_hold_after_folding_and_unfolding(level, graph, change, pattern):
    grouping = LEVELS[level](graph)
    try:
        changed = change(graph, grouping, pattern)
    except ValueError:  # nothing has such a name
        return
    obeys_the_laws(graph, changed)
    assert described(changed) == described(change(graph, LEVELS[level](graph), pattern))


def test_a_module_is_folded_by_its_path():
    graph = residual()
    assert names(fold(graph, stages(graph), "block")) == [
        "x",
        "first: Conv2d",
        "block: BasicBlock",
        "pool: GlobalAvgPool",
    ]
    assert names(fold(graph, operations(graph), ["first", "block"]))[-3:] == [
        "first: Conv2d",
        "block: BasicBlock",
        "mean",
    ]


def test_a_folded_module_takes_its_parameters_along():
    graph = residual()
    grouping = fold(graph, operations(graph), "block.conv1")
    (group,) = [group for group in grouping.groups if text_of(group) == "conv1: Conv2d"]
    assert [node.name for node in group.nodes] == ["block.conv1.weight", None]
    assert group.kind == "layer"


def test_stars_stand_for_any_text():
    graph = lenet()
    assert names(fold(graph, operations(graph), "conv*")).count("conv2d") == 0
    assert names(fold(graph, operations(graph), "conv?")) == names(fold(graph, operations(graph), "conv*"))


def test_a_function_of_the_label_decides():
    graph = lenet()
    folded = fold(graph, operations(graph), lambda label: "Linear" in str(label))
    assert [name for name in names(folded) if "Linear" in name] == ["fc1: Linear", "fc2: Linear", "fc3: Linear"]


def test_the_outermost_of_folded_modules_wins():
    graph = residual()
    assert names(fold(graph, stages(graph), ["block.conv1", "block"])) == names(fold(graph, stages(graph), "block"))


def test_a_variable_is_folded_into_the_formula_that_uses_it():
    graph = logistic()
    grouping = fold(graph, lines(graph), "z")
    assert arrows_of(graph, grouping) == ["w → y", "x → y", "b → y", "y → L", "t → L"]
    assert names(fold(graph, lines(graph), ["z", "y"])) == ["w", "b", "x", "t", "L"]


def test_modules_and_variables_are_folded_together():
    w = mg.Tensor(1.0, requires_grad=True, name="w")
    with mg.scope("block"):
        h = mg.exp(mg.sin(w)).named("h")
    graph = traced((h * mg.cos(h).named("y")).named("L"))
    assert names(fold(graph, lines(graph), ["block", "y"])) == ["block", "L"]


def test_stars_leave_alone_what_cannot_be_folded():
    graph = logistic()
    assert names(fold(graph, lines(graph), "*")) == ["w", "b", "x", "t", "L"]


def test_an_unfolded_variable_shows_its_operations():
    graph = logistic()
    grouping = unfold(graph, lines(graph), "z")
    assert arrows_of(graph, grouping)[:4] == ["w → multiply", "x → multiply", "multiply → z", "b → z"]
    assert "power" in names(unfold(graph, lines(graph), "L"))


def test_an_unfolded_stage_shows_its_modules():
    graph = lenet()
    grouping = unfold(graph, stages(graph), "conv1")
    assert names(grouping)[1:5] == ["conv1: Conv2d", "relu1: ReLU", "pool1: MaxPool2d", "conv2: Conv2d"]


def test_an_unfolded_module_shows_those_within_it_in_a_frame():
    graph = residual()
    grouping = unfold(graph, modules(graph, 2), "block")
    assert names(grouping) == [
        *("x", "first: Conv2d", "conv1: Conv2d", "bn1: BatchNorm2d", "relu: ReLU", "conv2: Conv2d"),
        *("bn2: BatchNorm2d", "add", "relu: ReLU", "pool: GlobalAvgPool"),
    ]
    assert frames(grouping) == ["block: BasicBlock"]
    assert [group.enclosure for group in grouping.groups] == [None, None, *[0] * 7, None]


def test_unfolding_undoes_folding():
    graph = residual()
    before = modules(graph)
    after = unfold(graph, fold(graph, before, "block"), "block")
    assert names(after) == names(before)
    assert frames(after) == frames(before)


def test_an_unknown_name_is_an_error_that_lists_the_near_ones():
    graph = lenet()
    with pytest.raises(ValueError, match=r"draw: fold='convv1': nothing here has this name; there is 'conv1', 'conv2'"):
        fold(graph, stages(graph), "convv1")
    with pytest.raises(
        ValueError, match=r"draw: unfold='q': nothing here has this name; there is .*'conv1'.* and \d+ more"
    ):
        unfold(graph, stages(graph), "q")
    with pytest.raises(TypeError, match="draw: fold takes names or functions of a label, got 3"):
        fold(graph, stages(graph), 3)


def test_a_graph_without_names_says_so():
    graph = traced(mg.exp(mg.Tensor(1.0, requires_grad=True)))
    with pytest.raises(ValueError, match="draw: fold='z': nothing in this graph has a name"):
        fold(graph, lines(graph), "z")


def test_what_several_formulas_use_cannot_be_folded_into_them():
    w = mg.Tensor(1.0, requires_grad=True, name="w")
    z = mg.exp(w).named("z")
    graph = traced((z * mg.exp(z).named("y")).named("L"))
    with pytest.raises(ValueError, match="fold='z': only a computed variable that a single formula uses"):
        fold(graph, lines(graph), "z")
