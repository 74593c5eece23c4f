"""Moments on screens of all sizes."""

import textwrap
import unicodedata
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.notation import width
from minigrad.walkthrough.terminal.moments import build_timeline
from minigrad.walkthrough.terminal.screen import screen
from tests.helpers.walkthrough.lecture_graphs import parameter
from tests.helpers.walkthrough.terminal_examples import (
    chain,
    fan_out,
    lecture,
    moment,
    shown,
    step,
    text,
    walkthrough_of,
)


@cache
def timeline_of(example):
    return build_timeline(example())


def test_the_screen_of_the_lecture():
    expected = """\
         Backward pass, step 7 of 8
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━──────
         ●     ▶ w      = 0.5     w̄ = −0.2426
         ┃ ·     x      = 2
         ┃ │ ○   b      = −1.5
         ┡━●─╯ ↑ z      = −0.5    z̄ = −0.1463
         │ ●     y      = 0.3775  ȳ = −0.6225
         │ │ ·   t      = 1
         │ ●─╯   L      = 0.1937  L̄ = 1
         ● │     R      = 0.125   R̄ = 0.1
         │ │ ·   λ      = 0.1
         ●─┴─╯   L_reg  = 0.2062  L̄_reg = 1
        ────────────────────────────────────────────────────────────────────────────────
         w̄ = z̄ x + R̄ w
             R̄ dR/dw = R̄ w  = 0.1 · 0.5    = 0.05
           ▶ z̄ ∂z/∂w = z̄ x  = −0.1463 · 2  = −0.2926
             sum     = 0.05 + (−0.2926) = −0.2426

         local derivative  ∂z/∂w = x
         rule of           multiply
         line              …


         → next   ← back   q quit   ? all keys   Home End first, last   b backward pass"""
    lines = unicodedata.normalize("NFC", textwrap.dedent(expected)).splitlines()
    seen = shown(lecture(), moment(lecture(), "w̄"))
    assert [" line              …" if line.startswith(" line ") else line for line in seen] == lines


def test_the_current_variable_and_its_edge_stand_out_without_colours():
    timeline = build_timeline(lecture())
    lines = screen(timeline, moment(lecture(), "w̄"), 80, 24)
    current = [line for line in lines if any(style == "current" for style, _ in line)]
    assert len(current) == 1
    assert current[0][-1][1].startswith(" ▶ w ")
    heavy = [part for line in lines[2:12] for style, part in line if style == "backward"]
    assert "".join(heavy) == "●┃┃┡━"


def test_where_there_is_room_the_rows_of_the_graph_stand_apart():
    lines = shown(lecture(), 1, 120, 40)
    assert [line.rstrip() for line in lines[2:9]] == [
        " ●     ↓ w      = 0.5",
        " ┃",
        " ┃ ●   ↓ x      = 2",
        " ┃ ┃",
        " ┃ ┃ ● ↓ b      = −1.5",
        " ┃ ┃ ┃",
        " ┡━●━┛ ▶ z      = −0.5",
    ]


@given(st.sampled_from([lecture, chain, fan_out]), st.integers(1, 130), st.integers(1, 45), st.data())
def test_every_screen_has_its_size(example, columns, rows, data):
    timeline = timeline_of(example)
    now = data.draw(st.integers(0, len(timeline.moments) - 1))
    for help in (False, True):
        lines = screen(timeline, now, columns, rows, help=help)
        assert len(lines) == rows
        assert all(width(line) <= columns for line in text(lines))


@given(st.integers(20, 130), st.integers(5, 45), st.data())
def test_the_current_variable_is_always_in_view(columns, rows, data):
    timeline = timeline_of(chain)
    now = data.draw(st.integers(1, len(timeline.moments) - 1))
    graph = [line for line in screen(timeline, now, columns, rows) if any(style == "current" for style, _ in line)]
    assert len(graph) == 1
    assert timeline.names[timeline.moments[now].node] in graph[0][-1][1]


@given(st.integers(30, 130), st.integers(8, 45), st.data())
def test_so_is_where_its_signal_comes_from(columns, rows, data):
    timeline = timeline_of(chain)
    now = data.draw(st.integers(1, len(timeline.moments) - 1))
    lines = text(screen(timeline, now, columns, rows))
    if timeline.moments[now].edges:
        assert any(arrow in line for line in lines for arrow in ("↓ ", "↑ "))


def test_what_lies_beyond_the_screen_is_counted():
    lines = shown(chain(), 10)
    assert lines[16].endswith("─ ↑ 11 more  ↓ 35 more ──")
    assert 11 + len(lines[2:16]) + 35 == len(build_timeline(chain()).names)


def test_in_a_tiny_terminal_the_equation_comes_first():
    assert shown(lecture(), moment(lecture(), "z"), 20, 5) == [
        " Forward pass 1/5",
        " ┡━●━┛ ▶ z      = …",
        " z = w x + b = 0.5",
        " · 2 + (−1.5) = …",
        " → next   ← back",
    ]


def test_facts_are_cut_before_the_equation_and_lines_that_all_fit_are_as_they_are():
    equation = [" z = w x + b", "   = 0.5 · 2 + (−1.5)", "   = −0.5"]
    for rows in range(24, 8, -1):
        lines = shown(lecture(), moment(lecture(), "z"), 80, rows)
        first = lines.index(equation[0])
        assert lines[first : first + 3] == equation, rows


def test_long_formulas_wrap_beside_their_equals_sign():
    formula = " + ".join(f"a_{i} b_{i}" for i in range(20))
    lines = shown(walkthrough_of(step("z", 1.0, formula)), 1, 60, 24)
    first = next(i for i, line in enumerate(lines) if line.startswith(" z = a_0"))
    wrapped = lines[first : lines.index("   = 1")]
    assert len(wrapped) > 2
    assert all(line.startswith("   ") for line in wrapped[1:])
    assert " ".join(line.strip() for line in wrapped) == f"z = {formula}"


def test_a_bar_stays_on_its_letter_where_a_line_is_cut():
    formula = "".join(unicodedata.normalize("NFC", f"{c}\N{COMBINING MACRON}") for c in "wxzwxz" * 20)
    for columns in range(5, 40):
        lines = shown(walkthrough_of(step("z", 1.0, formula)), 1, columns, 30)
        assert all(not line[:1] or not unicodedata.combining(line.strip()[:1] or " ") for line in lines)


def test_a_matrix_is_shown_in_lines_of_its_own():
    lines = shown(walkthrough_of(step("W", [[1.0, -2.0], [0.5, 4.0]], "V")), 1)
    assert lines[lines.index(" W = V") + 1 :][:2] == ["   = ⎡  1  −2⎤", "     ⎣0.5   4⎦"]
    last = shown(fan_out(), len(build_timeline(fan_out()).moments) - 1)
    first = next(i for i, line in enumerate(last) if "  sum " in line)
    assert last[first : first + 2] == ["     sum      = ⎡27  27⎤", "                ⎣27  27⎦"]


def test_graphs_with_too_many_columns_for_the_screen():
    leaves = tuple(step(f"x_{i}") for i in range(100))
    total = step("s", 1.0, "Σ x", inputs=tuple(leaf.target for leaf in leaves))
    lines = shown(walkthrough_of(total, given=leaves), 1)
    assert any("…" in line and " ▶ s " in line for line in lines)
    roomy = shown(walkthrough_of(total, given=leaves), 1, 80, 300)
    assert all("…" in line for line in roomy[41:200:2])  # between the variables too


def test_a_graph_of_one_parameter_or_of_nothing():
    w = parameter(2.0)
    for walkthrough in (mg.explain(w), walkthrough_of()):
        timeline = build_timeline(walkthrough)
        for now in range(len(timeline.moments)):
            assert [len(screen(timeline, now, 80, rows)) for rows in (24, 5, 1)] == [24, 5, 1]


def test_the_keys_are_explained():
    assert any("PageDown PageUp" in line for line in shown(lecture(), 0, help=True))
    assert any("▶ this variable" in line for line in shown(lecture(), 0, help=True))
    assert shown(lecture(), 0, 40)[-1] == " → next   ← back   q quit   ? all keys"


def test_a_long_name_leaves_half_of_the_line_to_its_formula():
    lines = shown(walkthrough_of(step("v" * 60, 1.0, "a + b")), 1, 40)
    assert f" {'v' * 19}…= a + b" in lines
