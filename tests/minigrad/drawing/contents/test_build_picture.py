"""Pictures as a whole: descriptions, titles, names of any kind, failures, and what they keep alive."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minigrad as mg
from minigrad.drawing.contents.build_picture import build_picture
from minigrad.drawing.graph.failure import trace_failure
from minigrad.drawing.levels import operations
from minigrad.drawing.picture import Line
from tests.helpers.drawing.made_pictures import box_named, picture_of, row_text, texts
from tests.minigrad.drawing.contents.rows.test_boxes import l_reg, parameter

HOSTILE = [
    "</script>", "\"quotes\" and 'others'", "back\\slash", "two\nlines", "\u202eturned", "x" * 10_000, "😀",
    "\u05e9\u05dc\u05d5\u05dd", "w\u0304",
]  # fmt: skip


def test_descriptions_say_all_of_it():
    w = box_named(picture_of(l_reg()), "w")
    assert w.description == "w; parameter; value 0.5; error signal −0.2926 + 0.05 = −0.2426"
    x = parameter(np.arange(4.0).reshape(2, 2), "W1")
    box = box_named(picture_of(mg.sum(x).named("L")), "W⁽¹⁾")
    assert box.description.startswith(
        "W⁽¹⁾; parameter; in the program W1; value shape 2×2, float64, 0 … 3; error signal shape"
    )


def test_the_line_of_the_program_is_described():
    x = mg.Tensor(2.0, requires_grad=True)
    y = mg.sin(x)
    picture = picture_of(y, names={"x": x, "y": y})
    assert box_named(picture, "y").description == "y = sin x; value 0.9093; error signal 1"
    walkthrough = mg.explain(y)
    from minigrad.drawing.graph.trace import trace
    from minigrad.drawing.levels import lines

    graph = trace([y], {id(x): "x", id(y): "y"})
    picture = build_picture(graph, lines(graph, walkthrough), None, walkthrough)
    assert box_named(picture, "y").description.endswith("test_build_picture.py:37: y = mg.sin(x)")


def test_title_and_description():
    picture = picture_of(l_reg())
    assert picture.title == "computation graph of L_reg"
    assert picture.description == "Values and error signals in 10 boxes: 2 parameters, 3 given, 5 computed."
    assert picture_of(l_reg(), signals=False).description.startswith("Values in 10 boxes")


def shown_texts(picture):
    lines = [row for box in picture.boxes for row in box.rows if isinstance(row, Line)]
    lines += [line for arrow in picture.arrows for line in arrow.labels]
    return [span.text for line in lines for span in line.spans]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=20), min_size=3, max_size=3, unique=True),
    st.sampled_from(["lines", "operations"]),
)
def test_any_name_can_be_drawn(names, level):
    a, b = parameter(2.0, names[0]), mg.Tensor(3.0, name=names[1])
    picture = picture_of((a * b + 1).named(names[2]), level=level)
    for text in shown_texts(picture):
        assert all(c.isprintable() or c == "\xa0" for c in text)
        assert "\u0304" not in text
        assert len(text) <= 60
    for one in (*picture.boxes, *picture.arrows):
        assert all(c.isprintable() or c in "\xa0\u2068\u2069" for c in one.description)
        assert one.description.count("\u2068") == one.description.count("\u2069")


def test_a_long_name_is_complete_in_the_description():
    picture = picture_of((parameter(2.0, "x" * 10_000) * 2).named("L"))
    box = picture.boxes[0]
    assert texts(picture, "x" * 23 + "…")[0] == "x" * 23 + "…  parameter"
    assert "x" * 10_000 in box.description


def test_the_operation_that_failed_says_why():
    a = mg.Tensor([1.0, 2.0], name="a")
    with mg.record():
        doubled = a * 2
        with pytest.raises(ValueError, match="shape") as caught:
            doubled + np.ones(3)
    graph = trace_failure(caught.value)
    picture = build_picture(graph, operations(graph), None, None)
    failed = picture.boxes[-1]
    assert failed.kind == "failed"
    first, *message = texts(picture, "✗ +")
    assert first == "✗ +"
    assert " ".join(message).split() == f"ValueError: {caught.value}".split()
    assert all(len(line) <= 40 for line in message)
    assert "failed" in failed.description


def test_what_was_not_recorded_says_so():
    x = parameter(2.0, "x")
    d = (x * x).detach().named("d")
    picture = picture_of((x * d).named("L"))
    assert box_named(picture, "d").kind == "unrecorded"
    assert texts(picture, "d") == ["d", "computed, not recorded", "4"]


def test_the_same_graph_gives_the_same_picture():
    loss = l_reg()
    assert picture_of(loss, local_derivatives=True, saved=True) == picture_of(loss, local_derivatives=True, saved=True)


def test_a_picture_keeps_nothing_of_the_graph_alive():
    loss = l_reg()
    known = weakref.ref(loss)
    picture = picture_of(loss)
    del loss
    gc.collect()
    assert known() is None
    assert picture.boxes


def test_frames_have_the_titles_of_their_scopes():
    x = parameter([1.0, 2.0], "x")
    with mg.scope("encoder"), mg.scope("gate: a block"):
        y = mg.tanh(x)
    picture = picture_of(mg.sum(y).named("L"), level="operations", derived=False)
    assert [frame.description for frame in picture.frames] == ["encoder", "gate: a block"]
    assert [frame.outer for frame in picture.frames] == [None, 0]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_label_of_a_scope_can_be_drawn(name):
    x = parameter([1.0, 2.0], "x")
    with mg.scope(name), mg.scope(f"inner: {name}"):
        y = mg.tanh(x)
    loss = mg.sum(y).named("L")
    for level in ("modules", "operations", "stages"):
        picture = picture_of(loss, level=level, derived=False)
        assert all(c.isprintable() or c == "\xa0" for text in shown_texts(picture) for c in text)
        assert all(len(row_text(row)) <= 60 for box in picture.boxes for row in box.rows)
        assert all(len(row_text(frame.label)) <= 48 for frame in picture.frames)
