"""Arrows: one for each use, with shapes, places, contributions, local derivatives and broadcasting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
import nn
from minigrad.drawing.contents.build_picture import build_picture
from minigrad.drawing.contents.context import Context
from minigrad.drawing.contents.signals import error_signals
from minigrad.drawing.graph.trace import trace
from minigrad.drawing.levels import connections, lines, modules, operations, stages
from tests.helpers.drawing.made_pictures import box_named, labels, picture_of
from tests.minigrad.drawing.contents.rows.test_boxes import l_reg, parameter
from tests.minigrad.drawing.contents.test_signals import losses


def test_backward_arrows_carry_formula_and_number():
    picture = picture_of(l_reg())
    carried = {
        ("L_reg", "L"): [["L̄_reg", "1"]],
        ("L_reg", "R"): [["L̄_reg λ", "0.1"]],
        ("R", "w"): [["R̄ w", "0.05"]],
        ("L", "y"): [["L̄ (y − t)", "−0.6225"]],
        ("y", "z"): [["ȳ σ′(z)", "−0.1463"]],
        ("z", "b"): [["z̄", "−0.1463"]],
        ("z", "w"): [["z̄ x", "−0.2926"]],
    }
    assert {ends: labels(picture, *ends, "backward") for ends in carried} == carried
    assert sum(arrow.kind == "backward" for arrow in picture.arrows) == len(carried)


def test_the_rules_give_the_formulas_of_the_derivation():
    loss = l_reg()
    of_rules, of_derivation = (
        [a.labels for a in picture_of(loss, derived=derived, local_derivatives=True).arrows]
        for derived in (False, True)
    )
    assert of_rules == of_derivation


def test_each_use_has_an_arrow():
    x = parameter(3.0, "x")
    picture = picture_of((x * x + x).named("y"))
    assert labels(picture, "y", "x", "backward") == [["ȳ", "1"], ["ȳ x", "3"], ["ȳ x", "3"]]
    assert len(labels(picture, "x", "y")) == 3


def test_local_derivatives_are_formula_and_number():
    picture = picture_of(l_reg(), local_derivatives=True)
    assert labels(picture, "w", "z") == [["∂z/∂w = x = 2"]]
    assert labels(picture, "y", "L") == [["dL/dy = y − t = −0.6225"]]
    assert labels(picture, "b", "z") == [["∂z/∂b = 1"]]
    assert labels(picture, "x", "z") == [[]]
    z = -0.5
    slope = np.exp(-z) / (1 + np.exp(-z)) ** 2
    assert labels(picture, "z", "y") == [[f"dy/dz = σ′(z) = {slope:.4g}"]]


def test_a_local_derivative_of_one_of_several_uses_says_so():
    x = parameter(3.0, "x")
    picture = picture_of((x * x).named("y"), local_derivatives=True)
    assert labels(picture, "x", "y") == [["dy/dx of this use = x = 3"]] * 2


def test_ports_are_places_of_arguments_where_order_matters():
    x, y = parameter(3.0, "x"), parameter(2.0, "y")
    for operation, ports in (
        (mg.subtract, [1, 2]),
        (mg.divide, [1, 2]),
        (mg.add, [None] * 2),
        (mg.multiply, [None] * 2),
    ):
        picture = picture_of(operation(x, y).named("z"), level="operations")
        assert [a.port for a in picture.arrows if a.kind == "forward"] == ports
    assert [a.port for a in picture_of(mg.sin(x).named("z")).arrows] == [None, None]


def test_broadcasting_and_the_sum_that_undoes_it():
    x, b = mg.Tensor(np.ones((32, 3)), name="x"), parameter(np.ones(3), "b")
    picture = picture_of(mg.sum((x + b).named("z") * 2).named("L"))
    assert labels(picture, "b", "z") == [["broadcast (3,) → (32, 3)"]]
    assert labels(picture, "z", "b", "backward") == [["Σₙ z̄ₙ", "all 64", "summed over axis 0"]]
    assert labels(picture, "x", "z") == [["32×3"]]
    column = parameter(np.ones((32, 1)), "c")
    picture = picture_of(mg.sum((x + column).named("z") * 2).named("L"))
    assert labels(picture, "z", "c", "backward")[0][-1] == "summed over axis 1"


def test_detached_places_are_marked():
    with mg.record():
        x = parameter(2.0, "x")
        y = (x * x).named("y")
        z = y.detach().named("z")
        loss = (y * z).named("L")
    picture = picture_of(loss)
    assert labels(picture, "y", "z") == [["detached"]]
    arrows = {(a.source, a.target): a for a in picture.arrows}
    arrow = arrows[box_named(picture, "y").key, box_named(picture, "z").key]
    assert arrow.detached
    assert "detached" in arrow.description
    assert sum(a.detached for a in picture.arrows) == 1
    assert not any(a.detached for a in picture_of(loss, signals=False).arrows)


def test_layers_have_shapes_of_an_example_and_sizes_of_error_signals():
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3, rng=0))
    images = mg.Tensor(np.random.default_rng(0).normal(size=(5, 1, 4, 4)), name="images")
    with mg.record():
        h = model[0](images)
        out = model[1:](h)
        loss = mg.mean(out**2).named("L")
    picture = picture_of(loss, level="stages", derived=False)
    assert labels(picture, "images", "conv2d0") == [["1×4×4"]]
    assert labels(picture, "conv2d0", "linear3") == [["8"]]
    signals = error_signals(trace([loss]))
    flat = next(s for node, s in signals.of.items() if np.shape(s) == (5, 8))
    assert labels(picture, "linear3", "conv2d0", "backward") == [[f"rms {np.sqrt(np.mean(flat**2)):.2g}"]]


@pytest.mark.parametrize("level", ["lines", "stages", "modules", "operations"])
def test_what_arrives_at_a_value_is_its_error_signal(level):
    rng = np.random.default_rng(1)
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 2, rng=0))
    x = mg.Tensor(rng.normal(size=(5, 3)), name="x")
    with mg.record():
        h = model(x)
        loss = (mg.mean(h**2) + 0.1 * mg.mean(h)).named("L")
    graph = trace([loss])
    levels = {"lines": lines, "stages": stages, "modules": modules, "operations": operations}
    grouping, signals = levels[level](graph), error_signals(graph)
    arriving = {}
    for one in connections(graph, grouping):
        for use in one.uses:
            if use in signals.contributions:
                arriving.setdefault(use.source, []).append(signals.contributions[use])
    context = Context(graph, grouping, signals, None)
    for group in grouping.groups:
        head = context.head(group)
        if head in arriving and len(context.used[head]) == len(arriving[head]):
            np.testing.assert_allclose(sum(arriving[head]), signals.of[head], rtol=1e-6)
    backward = [a for a in build_picture(graph, grouping, signals, None).arrows if a.kind == "backward"]
    crossing = [one for one in connections(graph, grouping) if any(use in signals.contributions for use in one.uses)]
    assert len(backward) == len(crossing)


@settings(max_examples=40, deadline=None)
@given(losses(), st.sampled_from([lines, stages, modules, operations]))
def test_any_graph_at_any_level_has_the_arrows_of_its_connections(case, level):
    graph = trace([case[0]])
    grouping, signals = level(graph), error_signals(graph)
    picture = build_picture(graph, grouping, signals, None, saved=True, local_derivatives=True)
    assert [box.key for box in picture.boxes] == [f"b{i}" for i in range(len(grouping.groups))]
    found = connections(graph, grouping)
    ends = [(f"b{one.source}", f"b{one.target}") for one in found]
    assert [(arrow.source, arrow.target) for arrow in picture.arrows if arrow.kind == "forward"] == ends
    back = {(f"b{c.target}", f"b{c.source}") for c in found if any(use in signals.contributions for use in c.uses)}
    assert {(arrow.source, arrow.target) for arrow in picture.arrows if arrow.kind == "backward"} == back
    assert all(box.rows and box.description for box in picture.boxes)


def test_the_place_of_an_argument_is_told_where_another_arrow_has_another():
    w = parameter(2.0, "w")
    assert [arrow.port for arrow in picture_of((w**2).named("y")).arrows if arrow.kind == "forward"] == [None]
    assert [arrow.port for arrow in picture_of((w**w).named("y")).arrows if arrow.kind == "forward"] == [1, 2]


def test_the_vector_of_ones_is_a_bold_1_that_every_font_has():
    w = parameter([1.0, 2.0], "w")
    picture = picture_of(mg.sum(w).named("L"))
    spans = [span for arrow in picture.arrows for line in arrow.labels for span in line.spans]
    assert any(span.text == "1" and span.bold for span in spans)
    assert not any("𝟏" in span.text for span in spans)


def test_without_values_arrows_have_formulas_alone():
    w = parameter(2.0, "w")
    picture = picture_of(((w * 3.0).named("z") ** 2).named("L"), values=False)
    assert labels(picture, "L", "z", "backward") == [["2 L̄ z"]]
    assert labels(picture, "z", "w", "backward") == [["3 z̄"]]
