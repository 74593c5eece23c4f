"""The tree for terminals: every box once, shared ones marked, at most 100 columns, however deep the graph."""

import re
from dataclasses import replace

import pytest

from minigrad.drawing.formats.outline import outline
from minigrad.drawing.picture import Arrow, Box, Frame, Line, Map, Picture, Rule, Span
from minigrad.notation import width
from tests.minigrad.drawing.lecture_picture import lecture_picture, plain_box


def chain(length, name="h"):
    boxes = [plain_box(f"b{i}", f"{name}{i}", formula=" = f(x)", value=f"{i}") for i in range(length)]
    return Picture(tuple(boxes), tuple(Arrow(f"a{i}", f"b{i}", f"b{i + 1}") for i in range(length - 1)))


def test_the_lectures_graph():
    assert outline(lecture_picture()) == (
        "L_reg = L + λ R          0.2062  L̄_reg = 1\n"
        "├─ L = ½ (y − t)²        0.1937  L̄ = 1\n"
        "│  ├─ y = σ(z)           0.3775  ȳ = −0.6225\n"
        "│  │  └─ z = w x + b     −0.5    z̄ = −0.1463\n"
        "│  │     ├─ w parameter  0.5     w̄ = −0.2926 + 0.05 = −0.2426\n"
        "│  │     ├─ x given      2\n"
        "│  │     └─ b parameter  −1.5    b̄ = −0.1463\n"
        "│  └─ t given            1\n"
        "├─ λ given               0.1\n"
        "└─ R = ½ w²              0.125   R̄ = 0.1\n"
        "   └─ ↑ see w above"
    )


def test_every_root_is_a_tree_and_what_nothing_uses_comes_last():
    a, b = plain_box("b0", "a", root=True), plain_box("b1", "b", root=True)
    picture = Picture((plain_box("b2", "unused"), a, b), (Arrow("a0", "b0", "b1"),))
    assert outline(picture) == "a\n\nb\n└─ ↑ see a above\n\nunused"


def test_a_root_that_another_root_uses_first_is_below():
    a, b = plain_box("b0", "a", root=True), plain_box("b1", "b", root=True)
    assert outline(Picture((a, b), (Arrow("a0", "b1", "b0"),))) == "a\n└─ ↓ see b below\n\nb"


def test_a_value_used_twice_has_two_lines():
    picture = Picture((plain_box("b0", "x"), plain_box("b1", "y")), (Arrow("a0", "b0", "b1"), Arrow("a1", "b0", "b1")))
    assert outline(picture) == "y\n├─ x\n└─ ↑ see x above"


@pytest.mark.parametrize("length", [5, 13, 40, 150])
def test_a_deep_chain_goes_on_at_the_margin(length):
    text = outline(chain(length))
    assert all(width(line) <= 100 for line in text.splitlines())
    for i in range(length):
        assert len(re.findall(rf"\bh{i} = f", text)) == 1
    below, tops = re.findall(r"↓ see (\w+) below", text), re.findall(r"^h\d+", text, re.M)
    assert below == tops[1:]


def test_a_large_graph_is_cut_with_a_line_that_says_so():
    lines = outline(chain(10_000)).splitlines()
    assert len(lines) < 300
    assert lines[-1].startswith("… and 9,800 more boxes: fold more of them, or save the picture")
    assert outline(chain(201)).splitlines()[-1].startswith("… and 1 more box:")
    assert "more box" not in outline(chain(200))


def test_long_texts_take_lines_of_their_own():
    signal = " + ".join(f"0.{i}" for i in range(100, 140))
    box = plain_box("b0", "w" * 120, "parameter", value="7 " * 70, signal=signal)
    lines = outline(Picture((plain_box("b1", "y"), box), (Arrow("a0", "b0", "b1"),))).splitlines()
    assert all(width(line) <= 100 for line in lines)
    flat = re.sub(r"\s+", "", "".join(lines))
    assert "w" * 120 in flat
    assert "7" * 70 in flat
    assert re.sub(r"\s", "", signal) in flat


def test_wide_letters_are_counted_as_two_columns():
    boxes = (plain_box("b0", "损失", value="1"), plain_box("b1", "y", value="2"))
    assert outline(Picture(boxes)) == "损失  1\n\ny     2"


def test_marks_are_words():
    x, y = plain_box("b0", "x", frame=0), plain_box("b1", "relu", "failed", times=4, frame=1)
    frames = (Frame(Line((Span("net"),))), Frame(Line((Span("head"),)), outer=0))
    picture = Picture((x, y), (Arrow("a0", "b0", "b1", detached=True),), frames, notes=(Line((Span("folded"),)),))
    assert outline(picture) == (
        "✗ relu ×4  (in head)\n└─ x  (in net)  (detached: no error signal comes back)\n\nfolded"
    )


def test_maps_and_backward_arrows_are_left_to_the_picture():
    picture = lecture_picture()
    first, *others = picture.boxes
    first = replace(first, rows=(*first.rows, Map(None, 2.0, description="w, from 0 to 1")))
    forward = tuple(arrow for arrow in picture.arrows if arrow.kind == "forward")
    assert outline(picture) == outline(replace(picture, boxes=(first, *others), arrows=forward))


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span("12", script="sub"), "₁₂"),
        (Span("reg", script="sub"), "_reg"),
        (Span("i,j", script="sub"), "_(i,j)"),
        (Span("(1)", script="super"), "⁽¹⁾"),
        (Span("m+1", script="super"), "^(m+1)"),
        (Span("(out)", script="super"), "^(out)"),
        (Span("loss", bar=True), "l̄oss"),
        (Span("y", bar=True), "ȳ"),
        (Span("1", bar=True), "1̄"),
        (Span("", bar=True), ""),
        (Span("", script="sub"), ""),
    ],
)
def test_scripts_and_bars_are_letters_of_unicode(span, text):
    assert outline(Picture((plain_box("b0", "a"),), notes=(Line((Span("x"), span)),))) == f"a\n\nx{text}"


def test_lines_of_a_box_are_joined_and_words_set_apart():
    def line(text, part="name"):
        return Line((Span(text),), part=part)

    rows = (line("conv1"), line("padding 2"), line("→ ReLU"), line("value 0 … 1", "value"))
    rows += (Rule(), line("error signal", "signal"), Map(None, 2.0, "signal", "conv1, from −0.2 to 0.3; and so on"))
    rows += (line("W̄  rms 1", "signal"), line("b̄ =", "signal"), line("sum of 2", "signal"), line("[1]", "signal"))
    assert outline(Picture((Box("b0", "layer", rows),))) == (
        "conv1 · padding 2 → ReLU  value 0 … 1  error signal −0.2 … 0.3, W̄  rms 1, b̄ = sum of 2 [1]"
    )
