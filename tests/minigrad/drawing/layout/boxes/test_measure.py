"""Boxes are as large as what stands in them."""

import numpy as np
import pytest

from minigrad.drawing.layout.boxes.measure import box_items, measure
from minigrad.drawing.layout.text_width import line_width
from minigrad.drawing.picture import Box, Line, Map, Rule, Span
from minigrad.drawing.scene import Image, Path, Text

NAME = Line((Span("conv1", bold=True),), 26, centered=True)
MAP = np.zeros((10, 20, 4), np.uint8)
ROWS = (
    NAME,
    Line((Span("6 filters"),)),
    Line((Span("156 parameters"),)),
    Rule(part="value"),
    Line((Span("value", "value"),), 16, "value"),
    Map(MAP, 4, "value", "the value"),
    Line((Span("error signal", "signal"),), 16, "signal"),
    Map(MAP, 4, "signal", "the error signal"),
)


def images(box, place):
    return [item for item in box_items(measure(box, place), 0, 0) if isinstance(item, Image)]


def test_a_box_is_wider_than_its_widest_line():
    line = Line((Span("z = w x + b"),))
    measured = measure(Box("b1", "computed", (line, Line((Span("1"),)))))
    assert line_width(line) < measured.width < line_width(line) + 40


def test_maps_stand_below_side_by_side_or_beside_the_text():
    box = Box("b1", "layer", ROWS)
    below, paired, beside = ([(i.x, i.y) for i in images(box, way)] for way in ("below", "paired", "beside"))
    assert below[0][0] == below[1][0]
    assert below[0][1] + 40 < below[1][1]
    assert paired[0][1] == paired[1][1]
    assert paired[0][0] + 80 < paired[1][0]
    assert beside[0][0] == beside[1][0] > below[0][0]
    assert measure(box, "paired").height < measure(box, "below").height
    assert measure(box, "beside").height < measure(box, "below").height


@pytest.mark.parametrize("maps", ["below", "paired", "beside"])
def test_everything_is_there_wherever_the_maps_stand(maps):
    items = [*box_items(measure(Box("b1", "layer", ROWS), maps), 0, 0)]
    words = {item.span.text for item in items if isinstance(item, Text)}
    assert words == {"conv1", "6 filters", "156 parameters", "value", "error signal"}
    assert [item.description for item in items if isinstance(item, Image)] == ["the value", "the error signal"]
    assert all((item.width, item.height) == (80, 40) for item in items if isinstance(item, Image))


def test_a_centred_line_is_in_the_middle():
    measured = measure(Box("b1", "layer", (NAME, Line((Span("a much longer line of text"),)))))
    name = next(item for item in box_items(measured, 100, 0) if isinstance(item, Text))
    assert name.x + name.width / 2 == pytest.approx(100 + measured.width / 2, abs=0.1)


def test_a_root_has_a_double_outline_and_a_repeated_box_a_stack():
    def outlines(**options):
        return [i for i in box_items(measure(Box("b1", "module", (NAME,), **options)), 0, 0) if isinstance(i, Path)]

    assert len(outlines()) == 1
    assert len(outlines(root=True)) == 2
    assert len(outlines(times=4)) == 3
    words = [
        i.span.text for i in box_items(measure(Box("b1", "module", (NAME,), times=4)), 0, 0) if isinstance(i, Text)
    ]
    assert words == ["conv1", "×4"]


def test_kinds_differ_in_shape_and_not_only_in_colour():
    def shape(kind):
        paths = [i for i in box_items(measure(Box("b1", kind, (NAME,))), 0, 0) if isinstance(i, Path)]
        return len(paths), any(c[0] == "C" for c in paths[0].commands), paths[0].width, paths[0].dashed

    kinds = ("parameter", "given", "constant", "computed", "unrecorded", "failed", "more")
    assert len({shape(kind) for kind in kinds}) == len(kinds)
