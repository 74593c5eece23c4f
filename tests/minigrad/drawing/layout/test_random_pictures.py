"""Whatever the picture: boxes keep apart, text stays in its box, labels lie on nothing, and everything is there."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minigrad.drawing.layout import arrange
from minigrad.drawing.layout.geometry import faults
from minigrad.drawing.picture import Arrow, Box, Frame, Line, Picture, Rule, Span
from minigrad.drawing.scene import Path, Text

pytest.importorskip("pygraphviz", minversion="2.0")

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12) | st.sampled_from(
    ["x", "w_11 = very long name " * 3, "½ (y − t)²", "漢字", "", "</svg>", '"']
)
KINDS = ("parameter", "given", "constant", "computed", "operation", "layer", "module", "unrecorded", "failed", "more")


@st.composite
def pictures(draw):
    count = draw(st.integers(1, 9))
    frames = tuple(
        Frame(Line((Span(draw(WORDS)),), 16), None if index == 0 else draw(st.sampled_from([None, index - 1])))
        for index in range(draw(st.integers(0, 2)))
    )
    boxes = []
    for index in range(count):
        rows = [Line((Span(draw(WORDS), bold=True),), draw(st.sampled_from([20, 26])))]
        rows += draw(st.lists(st.builds(lambda t: Line((Span(t, "value"),)), WORDS) | st.just(Rule()), max_size=3))
        boxes.append(
            Box(
                f"b{index + 1}",
                draw(st.sampled_from(KINDS)),
                tuple(rows) if draw(st.booleans()) else (),
                root=draw(st.booleans()),
                frame=draw(st.sampled_from([None, *range(len(frames))])),
                times=draw(st.sampled_from([1, 1, 4])),
            )
        )
    arrows = []
    for target in range(1, count):
        for source in draw(st.lists(st.integers(0, target - 1), max_size=3)):
            labels = tuple(Line((Span(draw(WORDS)),), 16) for _ in range(draw(st.integers(0, 2))))
            arrows.append((source, target, labels, draw(st.sampled_from([None, 1, 2])), draw(st.booleans())))
    forward = [
        Arrow(f"a{i}", f"b{s + 1}", f"b{t + 1}", "forward", labels, port, detached=not back)
        for i, (s, t, labels, port, back) in enumerate(arrows, 1)
    ]
    backward = [
        Arrow(f"a{len(arrows) + i}", f"b{t + 1}", f"b{s + 1}", "backward", labels)
        for i, (s, t, labels, _, back) in enumerate(arrows, 1)
        if back
    ]
    return Picture(tuple(boxes), (*forward, *backward), frames)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pictures())
def test_pictures_are_laid_out_without_faults(picture):
    scene = arrange(picture)
    assert faults(scene) == []
    assert set(scene.groups) >= {one.key for one in (*picture.boxes, *picture.arrows)}
    for arrow in picture.arrows:
        own = [item for item in scene.items if item.key == arrow.key]
        assert {item.part for item in own if isinstance(item, Path)} - {"port"} == {"line", "head"}
        words = [item.span.text for item in own if isinstance(item, Text) and item.part == "label"]
        wanted = [span.text.strip(" ") for line in arrow.labels for span in line.spans if span.text.strip(" ")]
        assert words == wanted or any("left out" in note for note in scene.notes)
    for box in picture.boxes:
        numbered = {arrow.key: str(arrow.port) for arrow in picture.arrows if arrow.target == box.key and arrow.port}
        marks = {
            i.key: i.span.text for i in scene.items if isinstance(i, Text) and i.part == "port" and i.key in numbered
        }
        assert marks in (numbered, {})
        words = [item.span.text for item in scene.items if item.key == box.key and isinstance(item, Text)]
        for row in box.rows:
            if isinstance(row, Line):
                assert all(span.text.strip(" ") in [*words, ""] for span in row.spans)
