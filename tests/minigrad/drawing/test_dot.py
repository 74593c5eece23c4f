"""How a picture looks, and that any name is drawn safely."""

import re
from html import unescape

import pytest

import minigrad as mg
from minigrad.drawing import render
from minigrad.drawing.boxes_and_arrows import Box, Picture
from minigrad.drawing.dot import THEMES, dot_source
from tests.helpers.drawn_graphs import boxes, logistic, parameter, small_net

pytest.importorskip("graphviz")


def nodes_in(source):
    return re.findall(r"^\s*n\d+ \[", source, re.M)


def test_every_box_and_arrow_is_in_the_source():
    root = logistic()
    drawn, source = boxes(root), mg.draw(root).source
    assert len(nodes_in(source)) == len(drawn.boxes)
    assert sorted(re.findall(r"^\s*n(\d+) -> n(\d+)", source, re.M)) == sorted(
        (str(a), str(b)) for a, b in drawn.arrows
    )
    assert source.startswith("digraph")
    assert "rankdir=LR" in source
    assert "rankdir=TB" in mg.draw(root, direction="TB").source


def test_frames_are_nested_clusters_in_the_source():
    source = mg.draw(small_net()).source
    outer, inner = source.index("subgraph cluster_0"), source.index("subgraph cluster_1")
    conv1, fc, images = source.index("<b>conv1</b>"), source.index("<b>fc</b>"), source.index("<b>images</b>")
    assert outer < inner < conv1
    assert outer < fc
    depth = [source[:at].count("{") - source[:at].count("}") for at in (images, fc, conv1)]
    assert depth == [1, 2, 3]


def test_kinds_differ_in_outline_and_not_by_colour_alone():
    source = mg.draw(small_net(), fold=False).source + mg.draw(small_net()).source + mg.draw(logistic()).source
    for outline in ("ellipse", "box", "cylinder", "note", "plaintext"):
        assert f"shape={outline}" in source
    assert mg.draw(small_net()).source.count("peripheries=2") == 1  # the result


def test_space_sets_notes_and_error_signals_apart_from_the_lines_above():
    box = Box("operation", "h", "tanh", ("(2, 3)", "block 1"), "0.5", "h̄", "", None, ordered=False, result=False)
    for left_out, lines in [
        ({}, ["h", "tanh", " ", "(2, 3)", "block 1", " ", "<o>h̄</o> = 0.5"]),
        ({"error_signal": None}, ["h", "tanh", " ", "(2, 3)", "block 1"]),
        ({"notes": ()}, ["h", "tanh", " ", "<o>h̄</o> = 0.5"]),
        ({"subtitle": "", "notes": ()}, ["h", " ", "<o>h̄</o> = 0.5"]),
    ]:
        source = dot_source(Picture([box._replace(**left_out)], [], []), direction="LR", theme=THEMES["light"])
        rows = re.search(r"label=<(.*)> color=", source)[1].split("<br/>")
        assert [re.fullmatch(r"<font[^>]*>(<b>)?(.*?)(</b>)?</font>", row)[2] for row in rows] == lines


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_box(theme):
    """WCAG requires a contrast of 4.5 between text and background."""

    def luminance(color):
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    colors = THEMES[theme]
    backgrounds = [
        colors.page,
        colors.frame[1],
        *(fill for kind, (_, fill) in colors.kinds.items() if kind != "number"),
    ]
    for background in backgrounds:
        for text in (colors.text, colors.muted):
            light, dark = sorted((luminance(background), luminance(text)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (background, text)


NASTY = [
    'a "quoted" name', "<b>bold</b>", "a & b &lt; c", "back\\slash \\N \\l \\", "two\nlines", "tab\there",
    "\x00\x1b[0m", "<", ">", "", " ", "%s {x}", "γ̅ λ₁ 重み", "\ud800", "--> ; }", "]]>", "x" * 500,
]  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_no_name_breaks_the_source(name):
    with mg.scope(name):
        with mg.scope(name):
            y = (parameter(1.0, name) * parameter([1.0, 2.0], name)).named(name)
        y = y.sum().named(name)
    y.backward(retain_graph=True)
    for fold in (True, False):
        svg = render.render(mg.draw(y, fold=fold).source, "svg")
        if svg is None:
            pytest.skip("no Graphviz")
        assert svg.startswith(b"<?xml")
        assert svg.count(b'class="node"') == len(boxes(y, fold=fold).boxes)


def test_names_are_shown_as_they_are():
    svg = mg.draw(parameter(1.0, 'a <b>"n"</b> &amp;') * 2.0)._repr_svg_()
    if svg is None:
        pytest.skip("no Graphviz")
    assert 'a <b>"n"</b> &amp; = 1' in unescape(svg)


def test_long_names_are_cut_and_the_tooltip_has_all():
    name = "encoder.layer." * 10
    source = mg.draw(parameter(1.0, name) * 2.0).source
    assert f"{name[:39]}… = 1" in source
    assert f"parameter {name}" in source
