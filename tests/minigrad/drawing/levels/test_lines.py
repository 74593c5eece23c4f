"""Level "lines": the rows of the derivation as boxes."""

import sys

import numpy as np

import minigrad as mg
from minigrad.drawing.levels import coarser, connections, lines
from minigrad.notation.name import variables_of
from tests.helpers.drawing.traced_graphs import arrows_of, text_of, traced


def parameter(data):
    return mg.Tensor(data, requires_grad=True)


def drawn(loss):
    """The graph of a loss, its groups, and its derivation, with the names of the caller's variables."""
    variables = variables_of(sys._getframe(1))
    derivation = mg.walkthrough.derivation.derive.derive(loss, variables, {}, False, "test")
    graph = traced(loss, variables=variables)
    return graph, lines(graph, derivation), derivation


def logistic():
    x, t, lam = mg.Tensor(2.0), mg.Tensor(1.0), mg.Tensor(0.1)
    w, b = parameter(0.5), parameter(-1.5)
    z = w * x + b
    y = mg.sigmoid(z)
    L = 0.5 * (y - t) ** 2
    R = 0.5 * w**2
    L_reg = L + lam * R
    return drawn(L_reg)


def test_the_lecture_s_graph_has_a_box_for_each_row():
    graph, grouping, derivation = logistic()
    rows = {step.name for step in (*derivation.given, *derivation.forward)}
    assert {group.label for group in grouping.groups} == rows
    assert len(grouping.groups) == len(rows)
    assert arrows_of(graph, grouping) == [
        *("w → z", "x → z", "b → z", "z → y", "y → L", "t → L", "w → R", "λ → L_reg", "R → L_reg", "L → L_reg"),
    ]
    kinds = {text_of(group): group.kind for group in grouping.groups}
    assert kinds == dict.fromkeys("wb", "parameter") | dict.fromkeys("xtλ", "given") | dict.fromkeys(
        ("z", "y", "L", "R", "L_reg"), "computed"
    )


def test_each_contribution_is_an_arrow():
    graph, grouping, derivation = logistic()
    arrows = [(use.target.value, use.position) for *_, uses in connections(graph, grouping) for use in uses]
    steps = [(part.consumer, part.position) for step in derivation.backward for part in step.contributions]
    differentiable = [use for use in graph.uses if use.source.value in derivation.replay.names]
    assert len(set(steps)) == len(steps)
    assert set(steps) <= set(arrows)
    assert len(steps) == sum((use.target.value, use.position) in arrows for use in differentiable)


def test_a_value_used_twice_has_two_arrows():
    x = parameter(3.0)
    y = x * x + x
    graph, grouping, _ = drawn(y)
    assert arrows_of(graph, grouping) == ["x → y", "x → y", "x → y"]


def test_a_part_of_two_formulas_is_a_box_without_a_name():
    w, x = parameter(3.0), mg.Tensor(2.0)
    parts = iter([w * x])
    part = next(parts)
    z = part + 1
    y = mg.exp(part)
    L = z * y
    del part
    graph, grouping, _ = drawn(L)
    assert arrows_of(graph, grouping) == [
        *("w → multiply", "x → multiply", "multiply → z", "multiply → y", "z → L", "y → L"),
    ]


def test_names_that_the_derivation_gives_are_labels():
    W = parameter(np.ones((2, 2)))
    h = mg.Tensor([1.0, 2.0])
    for _ in range(3):
        h = mg.tanh(W @ h)
    L = mg.sum(h)
    _, grouping, derivation = drawn(L)
    named = {step.name for step in derivation.forward}
    assert named <= {group.label for group in grouping.groups}


def test_without_a_derivation_names_are_those_of_the_program_and_all_different():
    x = parameter(1.0).named("x")
    for _ in range(3):
        x = mg.exp(x).named("x")
    graph = traced(x)
    assert [text_of(group) for group in lines(graph).groups] == ["x", "x₂", "x₃", "x₄"]


def test_a_long_formula_without_names_is_cut():
    x = parameter(1.0)
    y = x
    for _ in range(40):
        y = y + 1.0
    groups = lines(traced(y)).groups
    assert len(groups) > 2
    assert max(len(group.nodes) for group in groups) < 40


def test_hundreds_of_operations_without_names_are_lines_each():
    w = parameter(1.0).named("w")
    y = w
    for _ in range(300):
        y = mg.tanh(w * y)
    graph = traced(y.named("y"))
    grouping = lines(graph)
    assert len(grouping.groups) == 601
    assert coarser(graph, grouping).notes == ["a loop of 299 steps is one box"]  # and the last has a name
