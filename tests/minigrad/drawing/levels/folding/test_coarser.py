"""Ever coarser groupings: loops, equal blocks, chains, calls, pieces."""

import numpy as np
import pytest
from hypothesis import given, settings

import minigrad as mg
import nn
from minigrad.drawing.levels import coarser, fitting, lines, modules, operations, stages
from minigrad.drawing.levels.folding.fold import opened
from tests.helpers.drawing.random_graphs import random_graphs
from tests.helpers.drawing.traced_graphs import arrows_of, text_of, traced
from tests.minigrad.drawing.levels.test_laws import LEVELS, described, obeys_the_laws


def parameter(data, name):
    return mg.Tensor(data, requires_grad=True, name=name)


def names(grouping):
    return [text_of(group) for group in grouping.groups]


def recurrence(steps):
    W, U = parameter(np.ones((2, 3)), "W"), parameter(np.ones((3, 3)), "U")
    h = mg.Tensor(np.zeros((1, 3)), name="h0")
    for k in range(steps):
        h = mg.tanh(mg.Tensor(np.ones((1, 2)), name=f"x{k}") @ W + h @ U).named(f"h{k + 1}")
    return traced((h**2).sum().named("L"))


def blocks(count):
    """Equal layers, one after the other."""
    layers = {f"block{k}": nn.Sequential(nn.Linear(3, 3), nn.ReLU()) for k in range(count)}
    model = nn.Sequential(**layers)
    return traced(model(mg.Tensor(np.ones((2, 3)), name="x")).sum().named("L"))


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=12, deadline=None)
@given(graph=random_graphs())
def test_the_laws_hold_until_there_are_very_few_groups(level, graph):
    grouping = LEVELS[level](graph)
    again = LEVELS[level](graph)
    while (next_one := coarser(graph, grouping)) is not None:
        assert len(next_one.groups) < len(grouping.groups)
        assert len(next_one.notes) > 0
        obeys_the_laws(graph, next_one)
        grouping, again = next_one, coarser(graph, again)
        assert described(grouping) == described(again)
    computed = [group for group in grouping.groups if any(node.kind == "operation" for node in group.nodes)]
    assert len(grouping.groups) <= 12 or len(computed) <= 1


def test_steps_of_a_recurrence_are_one_box_with_their_number():
    graph = recurrence(4)
    grouping = coarser(graph, stages(graph))
    assert [(text_of(group), group.times) for group in grouping.groups if group.kind == "layer"] == [
        ("h⁽¹⁾ … h⁽⁴⁾ ×4", 4),
    ]
    row, loop = [group for group in grouping.groups if group.times == 4]
    assert (text_of(row), row.kind) == ("x⁽⁰⁾ … x⁽³⁾ ×4", "more")
    assert {node.name for node in loop.nodes if node.kind == "parameter"} == {"W", "U"}
    assert grouping.notes == ["a loop of 4 steps is one box"]


def test_a_loop_on_lines_leaves_its_parameters_outside():
    graph = recurrence(4)
    grouping = coarser(graph, lines(graph))
    arrows = arrows_of(graph, grouping)
    assert arrows.count("W → h⁽¹⁾ … h⁽⁴⁾ ×4") == 1
    assert arrows.count("x⁽⁰⁾ … x⁽³⁾ ×4 → h⁽¹⁾ … h⁽⁴⁾ ×4") == 1
    assert arrows.count("h⁽⁰⁾ → h⁽¹⁾ … h⁽⁴⁾ ×4") == 1


def test_two_steps_are_not_a_loop():
    graph = recurrence(2)
    assert not any(group.times > 1 for group in fitting(graph, stages(graph), 1).groups)


def test_layers_with_other_parameters_are_not_a_loop_but_equal_blocks():
    graph = blocks(12)
    grouping = coarser(graph, stages(graph))
    assert names(grouping) == ["x", "0: Linear", "+10 more", "0: Linear", "L"]
    more = grouping.groups[2]
    assert more.kind == "more"
    assert sum(node.kind == "parameter" for node in more.nodes) == 20
    assert grouping.notes == ["12 equal blocks are shown as the first, +10 more, and the last"]


def test_three_blocks_are_shown():
    graph = blocks(3)
    assert not any(group.kind == "more" for group in fitting(graph, stages(graph), 1).groups)


def test_blocks_of_several_boxes_repeat_too():
    model = nn.Sequential(*(layer for _ in range(6) for layer in (nn.Linear(3, 3), nn.ReLU())))
    graph = traced(model(mg.Tensor(np.ones((2, 3)), name="x")))
    grouping = coarser(graph, modules(graph))
    assert names(grouping) == ["x", "0: Linear", "1: ReLU", "+4 more", "10: Linear", "11: ReLU"]


def test_blocks_that_are_calls_are_first_one_box_each():
    graph = blocks(6)
    grouping = coarser(graph, modules(graph))
    assert names(grouping)[1:7] == [f"block{k}: Sequential" for k in range(6)]
    assert names(coarser(graph, grouping))[1:4] == ["block0: Sequential", "+4 more", "block5: Sequential"]


def test_equal_blocks_name_the_module_around_them():
    class Net(nn.Module):
        def __init__(self):
            self.layers = nn.Sequential(*(nn.Linear(3, 3) for _ in range(5)))

        def forward(self, x):
            return self.layers(x)

    graph = traced(Net()(mg.Tensor(np.ones((2, 3)), name="x")))
    grouping = coarser(graph, modules(graph))
    assert grouping.notes == ["5 equal blocks of layers are shown as the first, +3 more, and the last"]


def test_a_chain_without_names_goes_into_the_variable_at_its_end():
    x = parameter(1.0, "x")
    y = x
    for k in range(99):
        y = mg.sin(y) if k % 7 in (0, 1, 5) else mg.exp(y) if k % 5 else mg.cos(y)
    graph = traced(y.named("y"))
    grouping = fitting(graph, lines(graph), 2)
    assert names(grouping) == ["x", "y"]
    assert len(grouping.groups[1].nodes) == 99


def test_calls_are_folded_into_those_around_them():
    model = nn.Sequential(first=nn.Conv2d(3, 4, 1), block=nn.BasicBlock(4, 4), pool=nn.GlobalAvgPool())
    graph = traced(model(mg.Tensor(np.ones((2, 3, 4, 4)), name="x")))
    grouping = coarser(graph, modules(graph))
    assert names(grouping) == ["x", "first: Conv2d", "block: BasicBlock", "pool: GlobalAvgPool"]
    assert grouping.notes == ['block is one box; unfold="block" opens it']


def test_branches_are_folded_alike_and_the_note_calls_them_by_name():
    graph = traced(nn.Inception(4, 2, 2, 3, 1, 2, 2)(parameter(np.ones((1, 4, 4, 4)), "x")))
    grouping = stages(graph)
    assert [enclosure.label.name for enclosure in grouping.enclosures] == [f"branch{k}" for k in range(1, 5)]
    grouping = coarser(graph, grouping)
    assert names(grouping) == ["x", *(f"branch{k}: Sequential" for k in range(1, 5)), "concatenate"]
    assert grouping.notes == ['branch2, branch3 and branch4 are one box each; unfold="branch2" opens one']


def test_a_box_that_reaches_beyond_a_call_is_divided():
    model = nn.Sequential(first=nn.Conv2d(3, 4, 1), block=nn.BasicBlock(4, 4), pool=nn.GlobalAvgPool())
    graph = traced(model(mg.Tensor(np.ones((2, 3, 4, 4)), name="x")))
    grouping = coarser(graph, stages(graph))  # there the pooling belongs to the sum of the block
    assert names(grouping) == ["x", "first: Conv2d", "block: BasicBlock", "pool: GlobalAvgPool"]


def test_what_is_given_stays_outside_of_folded_calls():
    model = nn.Sequential(block=nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 3)), last=nn.Linear(3, 2))
    graph = traced(model(mg.Tensor(np.ones((2, 3)), requires_grad=True, name="x")))
    assert names(coarser(graph, stages(graph))) == ["x", "block: Sequential", "last: Linear"]


def test_many_leaves_that_go_into_the_same_box_are_one():
    x = [parameter(float(k), f"x{k}") for k in range(20)]
    graph = traced(mg.stack(x).named("y"))
    grouping = coarser(graph, lines(graph))
    assert names(grouping) == ["20 parameters", "y"]
    assert grouping.notes == ["20 parameters, which go into the same box, are one box"]


def test_parameters_go_into_the_box_that_alone_uses_them():
    x, w, v, b = mg.Tensor(np.ones(3), name="x"), *(parameter(np.ones(3), name) for name in "wvb")
    h = (x * w + b).named("h")
    graph = traced(((h * v).named("y") * v).sum().named("L"))
    grouping = coarser(graph, lines(graph))
    assert names(grouping) == ["v", "x", "h", "y", "L"]  # y and L use v
    assert grouping.notes == ["parameters are in the boxes that use them"]
    assert [group.kind for group in grouping.groups] == ["parameter", "given", *["computed"] * 3]


def test_what_was_unfolded_by_name_is_not_folded_again():
    branch = nn.Sequential(nn.Conv2d(2, 2, 1), nn.ReLU(), nn.Conv2d(2, 2, 1), nn.ReLU())
    model = nn.Concat(branch1=branch, branch2=nn.Sequential(nn.Conv2d(2, 2, 1), nn.ReLU(), nn.Conv2d(2, 2, 1)))
    graph = traced(model(mg.Tensor(np.ones((1, 2, 3, 3)), name="x")))
    start = stages(graph)
    kept = opened(graph, start, ["branch2"])
    found = fitting(graph, start, 1, kept)
    boxes = [group for group in found.groups if any(node in kept[0] for node in group.nodes)]
    assert len(boxes) == 2
    assert len(found.groups) < len(start.groups)
    assert any("branch1" in note for note in found.notes)


def test_the_operation_that_failed_keeps_its_box():
    graph = blocks(9)
    graph.failed = graph.nodes[-1]
    grouping = fitting(graph, operations(graph), 1)
    assert [group.nodes for group in grouping.groups if group.kind == "failed"] == [[graph.failed]]


def test_fitting_stops_as_soon_as_the_graph_fits():
    graph = blocks(12)
    assert len(fitting(graph, stages(graph), 5).groups) == 5
    assert fitting(graph, stages(graph), 50).notes == []
