"""Where long pictures are cut."""

from minigrad.drawing.layout.arrows.bundles import bundles_of
from minigrad.drawing.layout.boxes.measure import measure
from minigrad.drawing.layout.rows import divisions, steps_of
from minigrad.drawing.picture import Arrow, Box, Frame, Line, Picture, Span


def steps(count, links, frames=()):
    boxes = tuple(
        Box(
            f"b{i}",
            "computed",
            (Line((Span("value"),)),),
            frame=next((k for k, f in enumerate(frames) if i in f), None),
        )
        for i in range(count)
    )
    arrows = tuple(Arrow(f"a{k}", f"b{i}", f"b{j}") for k, (i, j) in enumerate(links))
    picture = Picture(boxes, arrows, tuple(Frame(Line((Span("frame"),))) for _ in frames))
    return steps_of(picture, [measure(box) for box in boxes], bundles_of(picture))


def test_a_leaf_belongs_to_the_step_that_uses_it_first():
    found = steps(5, [(0, 2), (1, 3), (2, 3), (3, 4)])
    assert found.boxes == [["b2", "b0"], ["b3", "b1"], ["b4"]]


def test_a_chain_is_cut_in_the_middle():
    found = steps(9, [(i, i + 1) for i in range(8)])
    (cut,) = divisions(found, 2, 0.0)[0]
    assert abs(cut - len(found.boxes) / 2) <= 1


def test_a_cut_avoids_arrows_that_would_cross_it():
    chain = [(i, i + 1) for i in range(8)]
    found = steps(9, [*chain, (3, 5), (3, 5), (3, 5)])
    (cut,) = divisions(found, 2, 1000.0)[0]
    assert found.crossing[cut] == 1


def test_a_cut_avoids_frames():
    found = steps(9, [(i, i + 1) for i in range(8)], frames=[range(1, 7)])
    (cut,) = divisions(found, 2, 0.0)[0]
    assert found.split[cut] == 0
