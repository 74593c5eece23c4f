"""Ever fewer details: what is left out at which step, and what never is."""

from dataclasses import replace

import numpy as np

from minigrad.drawing.layout.details.shedding import shed
from minigrad.drawing.picture import Arrow, Box, Frame, Line, Map, Picture, Rule, Span
from tests.helpers.drawing.made_pictures import RULE, row_text


def line(text, part="name", size=18, *, detail=False, role="text", brief=""):
    return Line((Span(text, role, detail=detail),), size, part, brief=(Span(brief, role),) if brief else ())


def a_map(part):
    return Map(np.zeros((10, 10, 4), np.uint8), 9, part)


W = Box(
    "b0",
    "parameter",
    (
        Line((Span("W", bold=True), Span("  parameter", "muted", detail=True)), 24),
        Line((Span("3×4", "value"), Span(", −1 … 1", "value", detail=True)), 16, "value"),
        a_map("value"),
        Rule(part="signal"),
        line("error signal", "signal", 16, detail=True),
        a_map("signal"),
    ),
    frame=0,
)
Z = Box(
    "b1",
    "computed",
    (
        line("Z = W x", size=24),
        line("[1   2]", "value", detail=True, brief="2×2"),
        line("[3   4]", "value", detail=True),
        line("NaN", "value", role="warning"),
        Rule(part="signal"),
        line("Z̄ rms 0.5", "signal"),
    ),
    frame=0,
)
FORWARD = Arrow("a0", "b0", "b1", labels=(line("3×4"), line("broadcast", detail=True)))
BACKWARD = Arrow("a1", "b1", "b0", "backward", labels=(line("Z̄ xᵀ"), line("rms 0.25"), line("summed", detail=True)))
PICTURE = Picture((W, Z), (FORWARD, BACKWARD), (Frame(line("layer")),))


def said(picture):
    boxes = {box.key: [row_text(row) for row in box.rows if not isinstance(row, Map)] for box in picture.boxes}
    return boxes | {arrow.key: [row_text(label) for label in arrow.labels] for arrow in picture.arrows}


def left_out(picture):
    return row_text(picture.notes[-1]).removeprefix("left out so that the text can be read: ") if picture.notes else ""


def test_the_picture_itself_comes_first_then_smaller_maps_and_names():
    whole, smaller = (one.picture for one in shed(PICTURE)[:2])
    assert whole == PICTURE
    assert said(smaller) == said(whole)
    assert not smaller.notes
    assert [row.size for row in smaller.boxes[1].rows if isinstance(row, Line)] == [20, 16, 16, 16, 16]
    assert all(row.cell < 9 for row in smaller.boxes[0].rows if isinstance(row, Map))


def test_only_the_picture_itself_is_without_wide_boxes():
    assert [one.columns for one in shed(PICTURE)] == [False] + [True] * (len(shed(PICTURE)) - 1)


def test_what_is_left_out_step_by_step():
    steps = [one.picture for one in shed(PICTURE)[2:]]
    assert [left_out(step) for step in steps] == [
        "maps",
        "maps and formulas beside arrows",
        "maps, formulas beside arrows and numbers in arrays",
        "maps, formulas beside arrows, numbers in arrays and contributions to error signals",
        "values and error signals",
    ]
    maps, formulas, numbers, contributions, values = map(said, steps)
    assert maps["b0"] == ["W  parameter", "3×4, −1 … 1"]  # a heading without its map says nothing
    assert formulas["a0"] == ["3×4"]
    assert formulas["a1"] == ["rms 0.25"]
    assert numbers["b0"] == ["W", "3×4"]
    assert numbers["b1"] == ["Z = W x", "2×2", "NaN", RULE, "Z̄ rms 0.5"]
    assert numbers["a0"] == []  # the box that it comes from says so
    assert numbers["a1"] == ["rms 0.25"]
    assert contributions["a1"] == []
    assert values["b1"] == ["Z = W x", "NaN"]  # warnings stay


def test_frames_around_a_single_computed_box_are_left_out_with_details():
    inner = replace(PICTURE, frames=(Frame(line("branch"), outer=1), Frame(line("block"))))
    other = Box("b2", "computed", (line("y"),), frame=1)
    several = replace(inner, boxes=(*inner.boxes, other, replace(other, key="b3")))
    assert shed(PICTURE)[4].picture.frames == ()
    found = shed(several)[4].picture
    assert [row_text(frame.label) for frame in found.frames] == ["block"]
    assert [box.frame for box in found.boxes] == [0, 0, 0, 0]


def test_boxes_and_arrows_always_stay():
    for less, _ in shed(PICTURE):
        assert [box.key for box in less.boxes] == ["b0", "b1"]
        assert [arrow.key for arrow in less.arrows] == ["a0", "a1"]


def test_values_and_error_signals_stay_unless_names_alone_will_do():
    assert shed(PICTURE, names_alone=False) == shed(PICTURE)[:-1]


def test_a_picture_without_details_has_two_forms():
    plain = Picture((Box("b0", "computed", (line("y"),)),))
    assert len(shed(plain)) == 2
