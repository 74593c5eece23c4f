"""DOT text that stands alone: every box and arrow, and no name that breaks it."""

import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest

from minigrad.drawing.formats.dot import _OUTLINES, dot_source
from minigrad.drawing.picture import Arrow, Frame, Line, Map, Picture, Rule, Span
from minigrad.drawing.theme import DARK
from tests.minigrad.drawing.lecture_picture import lecture_picture, plain_box

_RENDER = """
import sys, pygraphviz
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(graph.draw(format="svg", prog="dot"))
"""


def svg(source):
    pytest.importorskip("pygraphviz", minversion="2.0")
    done = subprocess.run([sys.executable, "-c", _RENDER], input=source.encode(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def nodes(source):
    return re.findall(r"^ *(\w+) \[shape=", source, re.M)


def test_every_box_and_every_arrow_is_in_it():
    picture = lecture_picture()
    source = dot_source(picture)
    assert nodes(source) == [box.key for box in picture.boxes]
    forward = [(a.source, a.target) for a in picture.arrows if a.kind == "forward"]
    backward = [(a.target, a.source) for a in picture.arrows if a.kind == "backward"]
    assert re.findall(r"^  (\w+) -> (\w+)", source, re.M) == forward + backward
    assert source.count("dir=back, style=dashed") == len(backward)
    drawn = svg(source)
    assert drawn.count('class="node"') == len(picture.boxes)
    assert drawn.count('class="edge"') == len(picture.arrows)
    assert "L̄_reg = 1" in drawn


def test_kinds_differ_in_outline_and_not_by_colour_alone():
    assert len(set(_OUTLINES.values())) == 7  # a layer is a parameter, operation and module are computed
    source = dot_source(Picture(tuple(plain_box(f"b{i}", k, k) for i, k in enumerate(_OUTLINES))))
    for outline in _OUTLINES.values():
        assert f"[{outline}, color=" in source
    assert dot_source(lecture_picture()).count("peripheries=2") == 1
    assert DARK["parameter.fill"] in dot_source(lecture_picture(), DARK)


def test_frames_are_nested_clusters():
    frames = (Frame(Line((Span("net"),))), Frame(Line((Span("features"),)), outer=0), Frame(Line((Span("head"),)), 0))
    boxes = [plain_box(f"b{i}", "x", frame=f) for i, f in enumerate([None, 1, 2, 0])]
    source = dot_source(Picture(tuple(boxes), frames=frames))
    depth = [source[:at].count("{") - source[:at].count("}") for at in (source.index(f"b{i} [") for i in range(4))]
    assert depth == [1, 3, 3, 2]
    assert re.findall(r"subgraph (\w+)", source) == ["cluster_0", "cluster_1", "cluster_2"]
    assert svg(source).count('class="cluster"') == 3


def test_frames_nested_deeper_than_pythons_stack():
    frames = tuple(Frame(Line((Span(str(i)),)), outer=i - 1 if i else None) for i in range(2000))
    assert dot_source(Picture((plain_box("b0", "x", frame=1999),), frames=frames)).count("subgraph") == 2000


def test_all_there_is_to_say():
    y = plain_box("b1", "y", times=3)
    y = replace(y, rows=(*y.rows, Rule(), Map(None, 2.0, "signal", "a map, from −0.5 to 0.3; blue is negative")))
    arrow = Arrow("a0", "b0", "b1", port=2, detached=True, description="x is used by y")
    source = dot_source(Picture((plain_box("b0", "x"), y), (arrow,), notes=(Line((Span("2 boxes folded"),)),)))
    for text in (
        "−0.5 … 0.3",
        "×3",
        'headlabel="2"',
        "arrowtail=tee, dir=both",
        "x is used by y",
        "2 boxes folded",
    ):
        assert text in source
    assert svg(source)


NASTY = [
    'a "quoted" name', "<b>bold</b>", "</script><script>", "a & b &lt; c", "back\\slash \\N \\l \\", "two\nlines",
    "tab\there", "\x00\x1b[0m", "<", ">", "", " ", "%s {x}", "γ̅ λ₁ 重み", "\ud800", "--> ; }", "]]>", "x" * 10_000,
    "\u202eabc", "🙂", "digraph",
]  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_no_name_breaks_it(name):
    label = Line((Span(name),))
    a = replace(plain_box("b0", name, frame=0), description=name)
    arrows = (Arrow("a0", "b0", "b1", labels=(label,), description=name), Arrow("a1", "b1", "b0", "backward", (label,)))
    source = dot_source(
        Picture((a, plain_box("b1", name)), arrows, (Frame(label, description=name),), notes=(label,), title=name)
    )
    assert source.replace("\n", "").isprintable()
    assert max(map(len, source.splitlines())) < 8000
    drawn = svg(source)
    assert drawn.count('class="node"') == drawn.count('class="edge"') == 2
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(drawn.encode()).iter()}
    assert tags <= {"svg", "g", "a", "title", "path", "polygon", "polyline", "ellipse", "text"}


def test_names_are_shown_as_they_are():
    name = 'a <b>"n"</b> &amp; \\N'
    assert name.replace("\\", "∖") in unescape(svg(dot_source(Picture((plain_box("b0", name),)))))
