"""What stands in boxes: the rows of the lecture's graph, of arrays, of layers, and warnings."""

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.drawing.contents.build_picture import build_picture
from minigrad.drawing.contents.signals import error_signals
from minigrad.drawing.graph.trace import trace
from minigrad.drawing.levels import Group, Grouping, lines, operations
from minigrad.drawing.levels.folding.coarser import coarser
from minigrad.drawing.picture import Line, Map
from tests.helpers.drawing.made_pictures import MAP, RULE, box_named, picture_of, row_text, texts


def parameter(value, name):
    return mg.Tensor(value, requires_grad=True, name=name)


def l_reg():
    """The lecture's graph."""
    w, b = parameter(0.5, "w"), parameter(-1.5, "b")
    x, t, lam = mg.Tensor(2.0, name="x"), mg.Tensor(1.0, name="t"), mg.Tensor(0.1, name="lam")
    z = (w * x + b).named("z")
    y = mg.sigmoid(z).named("y")
    loss = (0.5 * (y - t) ** 2).named("L")
    penalty = (0.5 * w**2).named("R")
    return (loss + lam * penalty).named("L_reg")


ROWS = {
    "w": ["w  parameter", "0.5", RULE, "w̄ = −0.2926 + 0.05", "= −0.2426"],
    "x": ["x  given", "2"],
    "b": ["b  parameter", "−1.5", RULE, "b̄ = −0.1463"],
    "z": ["z = w x + b", "−0.5", RULE, "z̄ = −0.1463"],
    "y": ["y = σ(z)", "0.3775", RULE, "ȳ = −0.6225"],
    "t": ["t  given", "1"],
    "L": ["L = ½ (y − t)²", "0.1937", RULE, "L̄ = 1"],
    "λ": ["λ  given", "0.1"],
    "R": ["R = ½ w²", "0.125", RULE, "R̄ = 0.1"],
    "L_reg": ["L_reg = L + λ R", "0.2062", RULE, "L̄_reg = 1"],
}


@pytest.mark.parametrize("derived", [True, False])
def test_the_lecture_graph_has_the_rows_of_its_derivation(derived):
    picture = picture_of(l_reg(), derived=derived)
    assert {name: texts(picture, name) for name in ROWS} == ROWS
    assert len(picture.boxes) == len(ROWS)
    assert [box.kind for box in picture.boxes if box.root] == ["computed"]


def test_operations_without_a_name_are_numbered():
    picture = picture_of(l_reg(), level="operations")
    assert texts(picture, "v₁") == ["v₁ = w x", "1", RULE, "v̄₁ = −0.1463"]
    assert texts(picture, "z") == ["z = v₁ + b", "−0.5", RULE, "z̄ = −0.1463"]
    assert texts(picture, "0.5") == ["0.5"]


def test_without_values_there_are_names_and_shapes():
    x = parameter(np.ones((4, 5)), "x")
    picture = picture_of(mg.sum(x).named("L"), values=False)
    assert [row_text(row) for box in picture.boxes for row in box.rows] == ["x  parameter", "4×5", "L = Σ x"]
    assert picture.events == ()


def test_a_name_is_bold_and_the_word_behind_it_small():
    line = box_named(picture_of(l_reg()), "w").rows[0]
    name, word = line.spans
    assert (line.size, name.bold, word.role, round(word.scale * line.size)) == (24, True, "muted", 16)


def test_many_contributions_are_counted():
    w = parameter(2.0, "w")
    picture = picture_of((w + w + w + w + w).named("L"))
    assert texts(picture, "w")[2:] == [RULE, "w̄ = 5", "sum of 5"]


def test_small_matrices_are_shown_in_full():
    W, x = parameter([[1.0, 2.0], [3.0, 4.0]], "W"), mg.Tensor([1.0, -1.0], name="x")
    z = (W @ x).named("z")
    picture = picture_of(mg.sum(z * np.array([2.0, 5.0])).named("L"))
    assert texts(picture, "W") == ["W  parameter", "[1   2]", "[3   4]", RULE, "W̄ =", "[2   −2]", "[5   −5]"]
    assert texts(picture, "z")[1:] == ["[−1, −1]", RULE, "z̄ = [2, 5]"]


def test_equal_elements_are_one_number_without_a_map():
    X = parameter(np.full((5, 3), 2.0), "X")
    assert texts(picture_of((mg.sum(-X) / 2).named("L")), "X") == ["X  parameter", "5×3, all 2", RULE, "X̄ all −0.5"]


def test_larger_arrays_are_shape_range_and_map():
    X = parameter(np.arange(15.0).reshape(5, 3), "X")
    picture = picture_of(mg.sum(X * X).named("L"))
    assert texts(picture, "X") == ["X  parameter", "5×3, 0 … 14", MAP, RULE, "X̄ rms 16  sum of 2", MAP]
    maps = [row for row in box_named(picture, "X").rows if isinstance(row, Map)]
    assert [(row.part, row.description) for row in maps] == [
        ("value", "X, value, from 0 to 14; white is 0"),
        ("signal", "X, error signal, from 0 to 28; blue is negative, orange positive"),
    ]


# ---------------------------------------------------------------- layers


@pytest.fixture(scope="module")
def lenet():
    model, images = nn.LeNet(rng=0), mg.Tensor(np.random.default_rng(0).random((4, 1, 28, 28)), name="images")
    with mg.record():
        loss = mg.cross_entropy(model(images), np.array([2, 6, 3, 3])).named("L")
    return model, loss


def rms(array):
    return f"{np.sqrt(np.mean(np.square(array))):.2g}"


def test_a_stage_says_what_the_layer_does_and_what_follows(lenet):
    model, loss = lenet
    picture = picture_of(loss, level="stages")
    rows = texts(picture, "conv1")
    assert rows[:6] == ["conv1", "6 filters 5×5", "padding 2", "156 parameters", RULE, "ReLU → 6×28×28 → max 2×2"]
    assert rows[6:9] == [RULE, rows[7], MAP]
    assert rows[7].startswith("value 0 … ")
    assert rows[9:12] == [RULE, "error signal", MAP]
    loss.backward(retain_graph=True)
    conv = model.conv1
    assert rows[12:] == [RULE, f"W̄  rms {rms(conv.weight.grad)}", f"b̄  rms {rms(conv.bias.grad)}"]
    assert all(row.centered for row in box_named(picture, "conv1").rows if isinstance(row, Line))
    assert texts(picture, "L") == ["L", RULE, "cross entropy → mean", RULE, texts(picture, "L")[4], RULE, "L̄ = 1"]
    assert [row_text(note) for note in picture.notes] == ["4 examples · 61,706 parameters · 12 modules in 5 boxes"]


def test_feature_maps_are_shown_as_they_were_before_they_became_rows(lenet):
    rows = box_named(picture_of(lenet[1], level="stages"), "conv2").rows
    assert [row.rgba.shape for row in rows if isinstance(row, Map)] == [(23, 23, 4)] * 2  # 16 maps of 5 × 5


def test_boxes_are_not_much_taller_than_wide(lenet):
    for box in picture_of(lenet[1], level="stages").boxes:
        heights = [
            1.3 * row.size if isinstance(row, Line) else row.rgba.shape[0] * row.cell
            for row in box.rows
            if hasattr(row, "part") and (isinstance(row, Line | Map))
        ]
        assert sum(heights) < 420


def test_shared_parameters_are_said_to_be_shared():
    a, b = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
    b.weight = a.weight
    model = nn.Sequential(a, b)
    with mg.record():
        loss = mg.mean(model(mg.Tensor(np.ones((2, 3)), name="x"))).named("L")
    picture = picture_of(loss, level="stages", derived=False)
    assert "3 parameters + shared parameters" in texts(picture, "linear0")


def test_a_label_may_be_any_text():
    x = parameter([1.0, 2.0], "x")
    with mg.scope("gate: a block of mine"):
        y = mg.tanh(x * 2)
    picture = picture_of(mg.sum(y).named("L"), level="modules", derived=False)
    assert texts(picture, "gate")[:2] == ["gate", "a block of mine"]


def test_a_loop_says_how_often_and_its_last_step():
    W, h = parameter(np.eye(3), "W"), mg.Tensor(np.ones(3), name="h_0")
    for i in range(4):
        h = mg.tanh(W @ h).named(f"h_{i + 1}")
    graph = trace([mg.sum(h).named("L")])
    grouping = coarser(graph, lines(graph))
    picture = build_picture(graph, grouping, error_signals(graph), None)
    (loop,) = (box for box in picture.boxes if box.times > 1)
    rows = [row_text(row) for row in loop.rows]
    assert (rows[0], loop.times) == ("h₁ … h₄", 4)
    assert "h₄ = tanh(W h₃)" in rows
    assert "4 times" in loop.description
    assert picture.events[0].text == "h₄ = tanh(W h₃), shape 3"


def test_many_values_in_one_box_do_not_show_one_of_them():
    xs = [mg.Tensor([float(i)] * 2, name=f"x{i}") for i in range(9)]
    w = parameter(2.0, "w")
    graph = trace([mg.sum(sum(xs[1:], xs[0] * w)).named("L")])
    whole = operations(graph)
    leaves = [node for node in graph.nodes if node.kind == "given"]
    kept = [group for group in whole.groups if group.nodes[0] not in leaves]
    grouping = Grouping([Group(leaves, "more", "9 values", 9), *kept])
    box = build_picture(graph, grouping, None, None).boxes[0]
    assert [row_text(row) for row in box.rows] == ["9 values"]


# ---------------------------------------------------------------- warnings


def warnings(picture):
    return {
        row_text(box.rows[0]): [row_text(r) for r in box.rows if isinstance(r, Line) and r.spans[0].role == "warning"]
        for box in picture.boxes
        if any(isinstance(r, Line) and r.spans[0].role == "warning" for r in box.rows)
    }


def test_the_first_nan_and_the_first_infinity_are_marked():
    x = parameter([-1.0, 0.0], "x")
    with np.errstate(all="ignore"):
        q = mg.log(x).named("q")
        picture = picture_of(mg.sum(q * 2).named("L"))
    assert warnings(picture) == {
        "q = log x": ["⚠ NaN: first here", "⚠ infinity: first here"],
        "x  parameter": ["⚠ infinity: first here"],  # of the error signal, 2 / 0
    }
    assert [r.part for r in box_named(picture, "x").rows if row_text(r).startswith("⚠")] == ["signal"]


def test_a_nan_within_a_box_is_marked_with_its_operation():
    x = parameter(-1.0, "x")
    with np.errstate(all="ignore"):
        picture = picture_of((1 + mg.sqrt(x) * 2).named("L"))
    assert warnings(picture)["L = 1 + 2 √x"] == ["⚠ NaN: first here, in sqrt"]


def test_dead_error_signals_are_marked():
    x = parameter([-1.0, -2.0], "x")
    picture = picture_of(mg.sum(mg.relu(x)).named("L"))
    assert warnings(picture) == {"x  parameter": ["dead: error signal is 0"]}


def test_no_warning_without_a_reason():
    assert warnings(picture_of(l_reg())) == {}


# ---------------------------------------------------------------- saved


def test_what_operations_keep_for_the_backward_pass():
    x, w = mg.Tensor(np.ones(100), name="x"), parameter(np.ones(100), "w")
    picture = picture_of(mg.sum(mg.multiply(w, x).named("z")).named("L"), saved=True)
    assert "keeps w, x, z: 2.4 kB" in texts(picture, "z")
    assert not any("keeps" in text for text in texts(picture, "x"))


def test_what_was_not_recorded_is_no_number_in_a_formula():
    w, x = parameter(2.0, "w"), mg.Tensor(np.ones((300, 400)), name="x")
    u = (x * x + 1).named("u")
    assert texts(picture_of(mg.sum(w * u).named("L")), "u")[0] == "u"


def test_of_four_rows_the_value_is_in_full_and_the_error_signal_a_map():
    X = parameter(np.arange(8.0).reshape(4, 2), "X")
    shown = texts(picture_of((mg.sum(X * X) / 2).named("L")), "X")
    assert shown == ["X  parameter", *(f"[{2 * i}   {2 * i + 1}]" for i in range(4)), RULE, "X̄ rms 4.2  sum of 2", MAP]
