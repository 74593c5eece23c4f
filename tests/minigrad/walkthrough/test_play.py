"""Stepping through a walkthrough: what there is to see at each step, on screens of all sizes, and in a terminal."""

import io
import os
import subprocess
import sys
import textwrap
import time
import unicodedata
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.notation import width
from minigrad.walkthrough.play import _application, plain, play, screen, story


def parameter(data):
    return mg.Tensor(data, requires_grad=True)


@cache
def lecture():
    """Regularised logistic regression: w has fan-out."""
    x, t, lam = mg.Tensor(2.0), mg.Tensor(1.0), mg.Tensor(0.1)
    w, b = parameter(0.5), parameter(-1.5)
    z = w * x + b
    y = mg.sigmoid(z)
    L = 0.5 * (y - t) ** 2
    R = 0.5 * w**2
    L_reg = L + lam * R
    return mg.explain(L_reg)


@cache
def chain(length=30):
    """A deep chain of layers, each with a parameter of its own, as long as LeNet."""
    x = mg.Tensor(0.5)
    for i in range(length):
        x = mg.sigmoid(parameter(1.0).named(f"w_{i}") * x).named(f"h_{i}")
    return mg.explain(x.named("L"))


@cache
def fan_out(uses=6):
    """One value that is used again and again."""
    w = parameter(np.array([[1.0, -2.0], [0.5, 4.0]])).named("W")
    L = sum((w * float(i + 2)).named(f"u_{i}").sum().named(f"s_{i}") for i in range(uses)).named("L")
    return mg.explain(L)


def step(variable, value=1.0, formula="", **more):
    rest = {"numbers": "", "inputs": (), "contributions": (), "primitive": None, "source_line": None}
    return SimpleNamespace(
        **{"variable": variable, "target": variable, "formula": formula, "value": value, "local_derivative": ""}
        | rest
        | more
    )


def text(lines):
    return ["".join(part for _, part in line).rstrip() for line in lines]


def shown(walkthrough, now, columns=80, rows=24, **options):
    return text(screen(story(walkthrough), now, columns, rows, **options))


@cache
def story_of(example):
    return story(example())


def moment(walkthrough, variable, last=True):
    """The step at which an equation for a variable is first shown, or shown last."""
    variable = unicodedata.normalize("NFC", variable)
    steps = [
        i
        for i, m in enumerate(story(walkthrough).moments)
        if m.line.startswith(f"{variable} = ") and m.node is not None
    ]
    return steps[-1 if last else 0]


# ---------------------------------------------------------------- the moments


def test_given_values_come_right_before_their_first_use():
    told = story(lecture())
    assert told.names == ("w", "x", "b", "z", "y", "t", "L", "R", "λ", "L_reg")
    assert told.inputs == ((), (), (), (0, 1, 2), (3,), (), (4, 5), (0,), (), (6, 8, 7))


def test_each_step_computes_one_variable_along_its_edges():
    told = story(lecture())
    z, y, R = (told.names.index(name) for name in ("z", "y", "R"))
    w, x, b = (told.names.index(name) for name in ("w", "x", "b"))
    forward = told.moments[moment(lecture(), "z")]
    assert (forward.heading, forward.number, forward.node) == ("Forward pass", 1, z)
    assert forward.edges == {(w, z), (x, z), (b, z)}
    backward = told.moments[moment(lecture(), "z̄")]
    assert (backward.heading, backward.node, backward.edges) == ("Backward pass", z, {(z, y)})
    first, second = (told.moments[moment(lecture(), "w̄", last)] for last in (False, True))
    assert (first.node, second.node) == (w, w)
    assert (first.edges, second.edges) == ({(w, R)}, {(w, z)})
    assert second.number == first.number + 1


def test_values_and_error_signals_appear_when_they_are_computed():
    told = story(lecture())
    w, z = told.names.index("w"), told.names.index("z")
    at = moment(lecture(), "z")
    assert [told.value(z, at - 1), told.value(z, at)] == ["", "= −0.5"]
    assert told.value(w, 0) == "= 0.5"
    at = moment(lecture(), "w̄")
    bar = unicodedata.normalize("NFC", "w̄")
    assert [told.signal(w, k) for k in (at - 2, at - 1, at, at + 1)] == [
        ("", False),
        (f"{bar} = 0.05 + …", False),
        (f"{bar} = −0.2426", True),
        (f"{bar} = −0.2426", True),
    ]


def test_the_sum_of_contributions_grows_before_your_eyes():
    first, second = (shown(lecture(), moment(lecture(), "w̄", last)) for last in (False, True))
    panel = [line.strip() for line in first if line.startswith(" ") and ("from" in line or "sum" in line)]
    assert panel == ["▶ from R  R̄ w  = 0.1 · 0.5  = 0.05", "sum so far  = 0.05 + …  (1 to come)"]
    panel = [line.strip() for line in second if line.startswith(" ") and ("from" in line or "sum" in line)]
    assert panel == [
        "from R  R̄ w  = 0.1 · 0.5    = 0.05",
        "▶ from z  z̄ x  = −0.1463 · 2  = −0.2926",
        "sum  = 0.05 + (−0.2926) = −0.2426",
    ]
    assert " local derivative  dR/dw = w" in first
    assert " local derivative  ∂z/∂w = x" in second


def test_of_many_contributions_the_first_are_summed_up():
    told = story(fan_out())
    steps = [i for i, m in enumerate(told.moments) if "6 from" in m.line]
    assert len(steps) == 6
    lines = shown(fan_out(), steps[-1])
    first = next(i for i, line in enumerate(lines) if "before" in line)
    assert lines[first : first + 4] == [
        "     4 before  = [22 22; 22 22]",
        unicodedata.normalize("NFC", "     from u₁  3 ū₁  = [3 3; 3 3]"),
        unicodedata.normalize("NFC", "   ▶ from u₀  2 ū₀  = [2 2; 2 2]"),
        "     sum  = ⎡27  27⎤",
    ]


def test_the_first_error_signal_says_what_error_signals_are():
    lines = shown(lecture(), moment(lecture(), "L̄_reg"))
    assert unicodedata.normalize("NFC", " L̄_reg = 1") in lines
    assert " The error signal of a variable v is dL_reg/dv; that of L_reg itself is 1." in lines


def test_operation_and_source_line_are_told_where_they_are_known():
    z = step("z", -0.5, "w x", inputs=("w", "x"), primitive="multiply", source_line="lecture.py:7: z = w * x")
    lines = shown(SimpleNamespace(given=(step("w"), step("x")), forward=(z,), backward=()), 1)
    assert " operation         multiply" in lines
    assert " line              lecture.py:7: z = w * x" in lines


def test_what_a_step_uses_need_not_be_told_of():
    z = step("z", 1.0, "f(m)", inputs=("m", "z"))
    z_bar = step("z̄", 1.0, "ū", target="z", contributions=())
    ghost = step("ḡ", 1.0, "2", target="g")
    told = story(SimpleNamespace(given=(), forward=(z,), backward=(z_bar, ghost)))
    assert (told.names, told.inputs, len(told.moments)) == (("z",), ((),), 4)
    assert unicodedata.normalize("NFC", " ḡ = 2") in text(screen(told, 3, 80, 24))


def test_a_graph_of_one_parameter_or_of_nothing():
    w = parameter(2.0)
    for walkthrough in (mg.explain(w), SimpleNamespace(given=(), forward=(), backward=())):
        told = story(walkthrough)
        for now in range(len(told.moments)):
            assert [len(screen(told, now, 80, rows)) for rows in (24, 5, 1)] == [24, 5, 1]


# ---------------------------------------------------------------- plain lines


def test_as_plain_lines():
    lines = plain(story(lecture())).splitlines()
    assert lines[:3] == ["Given", "     w = 0.5", "     x = 2"]
    assert lines[6:9] == ["", "Forward pass", "  1  z = w x + b = 0.5 · 2 + (−1.5) = −0.5"]
    expected = """\
        Backward pass
          1  L̄_reg = 1
          2  R̄ = L̄_reg λ = 1 · 0.1 = 0.1
          3  L̄ = L̄_reg = 1
          4  ȳ = L̄ (y − t) = 1 · (0.3775 − 1) = −0.6225
          5  z̄ = ȳ σ′(z) = −0.6225 · 0.235 = −0.1463
          6  w̄ = z̄ x + R̄ w, 1 of 2 from R: R̄ w = 0.1 · 0.5 = 0.05
          7  w̄ = z̄ x + R̄ w, 2 of 2 from z: z̄ x = −0.1463 · 2 = −0.2926, sum −0.2426
          8  b̄ = z̄ = −0.1463"""
    assert lines[-9:] == unicodedata.normalize("NFC", textwrap.dedent(expected)).splitlines()


def test_a_matrix_is_one_line_there():
    assert "     W = [1 −2; 0.5 4]" in plain(story(fan_out())).splitlines()


def test_names_and_lines_of_programs_cannot_send_commands_to_the_terminal():
    z = step("\x1b[31mz", 1.0, "x\ty", source_line="a.py:1: z = '\x1b[2J'")
    walkthrough = SimpleNamespace(given=(), forward=(z,), backward=())
    everything = [plain(story(walkthrough)), *shown(walkthrough, 1), *shown(walkthrough, 1, 12, 2)]
    assert all(c.isprintable() or c == "\n" for line in everything for c in line)


def test_in_a_pipe_the_steps_are_printed(capsys):
    play(lecture())
    assert capsys.readouterr().out == plain(story(lecture())) + "\n"


def test_without_prompt_toolkit_the_steps_are_printed_and_a_warning_says_what_is_missing(capsys, monkeypatch):
    monkeypatch.setattr("minigrad.walkthrough.play._in_a_terminal", lambda: True)
    monkeypatch.setitem(sys.modules, "prompt_toolkit", None)
    with pytest.warns(UserWarning, match=r"pip install 'minigrad-autograd\[play\]'") as caught:
        play(lecture())
    assert caught[0].filename == __file__
    assert capsys.readouterr().out == plain(story(lecture())) + "\n"


# ---------------------------------------------------------------- the screen


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
             from R  R̄ w  = 0.1 · 0.5    = 0.05
           ▶ from z  z̄ x  = −0.1463 · 2  = −0.2926
             sum  = 0.05 + (−0.2926) = −0.2426

         local derivative  ∂z/∂w = x
         rule of           multiply
         line              …


         → next   ← back   q quit   ? all keys   Home End first, last   b backward pass"""
    lines = unicodedata.normalize("NFC", textwrap.dedent(expected)).splitlines()
    seen = shown(lecture(), moment(lecture(), "w̄"))
    assert [" line              …" if line.startswith(" line ") else line for line in seen] == lines


def test_the_current_variable_and_its_edge_stand_out_without_colours():
    told = story(lecture())
    lines = screen(told, moment(lecture(), "w̄"), 80, 24)
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
    told = story_of(example)
    now = data.draw(st.integers(0, len(told.moments) - 1))
    for help in (False, True):
        lines = screen(told, now, columns, rows, help=help)
        assert len(lines) == rows
        assert all(width(line) <= columns for line in text(lines))


@given(st.integers(20, 130), st.integers(5, 45), st.data())
def test_the_current_variable_is_always_in_view(columns, rows, data):
    told = story_of(chain)
    now = data.draw(st.integers(1, len(told.moments) - 1))
    graph = [line for line in screen(told, now, columns, rows) if any(style == "current" for style, _ in line)]
    assert len(graph) == 1
    assert told.names[told.moments[now].node] in graph[0][-1][1]


@given(st.integers(30, 130), st.integers(8, 45), st.data())
def test_so_is_where_its_signal_comes_from(columns, rows, data):
    told = story_of(chain)
    now = data.draw(st.integers(1, len(told.moments) - 1))
    lines = text(screen(told, now, columns, rows))
    if told.moments[now].edges:
        assert any(arrow in line for line in lines for arrow in ("↓ ", "↑ "))


def test_what_lies_beyond_the_screen_is_counted():
    lines = shown(chain(), 10)
    assert lines[16].endswith("─ ↑ 11 more  ↓ 35 more ──")
    assert 11 + len(lines[2:16]) + 35 == len(story(chain()).names)


def test_in_a_tiny_terminal_the_equation_comes_first():
    assert shown(lecture(), moment(lecture(), "z"), 20, 5) == [
        " Forward pass 1/5",
        " ┡━●━┛ ▶ z      = …",
        " z = w x + b = 0.5",
        " · 2 + (−1.5) = …",
        " → next   ← back",
    ]


def test_long_formulas_wrap_beside_their_equals_sign():
    formula = " + ".join(f"a_{i} b_{i}" for i in range(20))
    lines = shown(SimpleNamespace(given=(), forward=(step("z", 1.0, formula),), backward=()), 1, 60, 24)
    first = next(i for i, line in enumerate(lines) if line.startswith(" z = a_0"))
    wrapped = lines[first : lines.index("   = 1")]
    assert len(wrapped) > 2
    assert all(line.startswith("   ") for line in wrapped[1:])
    assert " ".join(line.strip() for line in wrapped) == f"z = {formula}"


def test_a_bar_stays_on_its_letter_where_a_line_is_cut():
    formula = "".join(unicodedata.normalize("NFC", f"{c}\N{COMBINING MACRON}") for c in "wxzwxz" * 20)
    for columns in range(5, 40):
        lines = shown(SimpleNamespace(given=(), forward=(step("z", 1.0, formula),), backward=()), 1, columns, 30)
        assert all(not line[:1] or not unicodedata.combining(line.strip()[:1] or " ") for line in lines)


def test_a_matrix_is_shown_in_lines_of_its_own_and_a_tall_one_is_cut_off(monkeypatch):
    matrix = step("W", [[1.0, -2.0], [0.5, 4.0]], "V")
    lines = shown(SimpleNamespace(given=(), forward=(matrix,), backward=()), 1)
    assert lines[lines.index(" W = V") + 1 :][:2] == ["   = ⎡  1  −2⎤", "     ⎣0.5   4⎦"]
    monkeypatch.setattr("minigrad.walkthrough.play.show", lambda value: "\n".join(map(str, range(50))))
    lines = shown(SimpleNamespace(given=(), forward=(step("W", 0.0, "V"),), backward=()), 1)
    assert "     … 43 more rows" in lines


def test_graphs_with_more_lanes_than_columns():
    leaves = tuple(step(f"x_{i}") for i in range(100))
    total = step("s", 1.0, "Σ x", inputs=tuple(leaf.target for leaf in leaves))
    walkthrough = SimpleNamespace(given=leaves, forward=(total,), backward=())
    lines = shown(walkthrough, 1)
    assert any("…" in line and " ▶ s " in line for line in lines)


def test_the_keys_are_explained():
    assert any("PageDown PageUp" in line for line in shown(lecture(), 0, help=True))
    assert any("▶ this variable" in line for line in shown(lecture(), 0, help=True))
    assert shown(lecture(), 0, 40)[-1] == " → next   ← back   q quit   ? all keys"


# ---------------------------------------------------------------- in a terminal

RIGHT, LEFT, HOME, END, PAGE_DOWN, PAGE_UP = "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[6~", "\x1b[5~"


def screens(walkthrough, keys, sizes=((80, 24),)):
    """What a terminal shows at first and after each key; `sizes` are those it has then, the last one for ever."""
    pytest.importorskip("prompt_toolkit")
    from prompt_toolkit.data_structures import Size
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    seen, stray = [], []

    class Terminal(DummyOutput):
        def get_size(self):
            columns, rows = sizes[min(len(seen), len(sizes) - 1)]
            return Size(rows=rows, columns=columns)

    def look(_):
        shown = application.renderer.last_rendered_screen
        if shown is None or len(seen) > len(keys):
            return
        columns, rows = sizes[min(len(seen), len(sizes) - 1)]
        cells = [[shown.data_buffer[y][x].char for x in range(columns)] for y in range(rows)]
        stray.extend(cell for row in cells for cell in row if cell and unicodedata.combining(cell[0]))
        seen.append(["".join(row).rstrip() for row in cells])
        pipe.send_text([*keys, "q"][len(seen) - 1])

    with create_pipe_input() as pipe:
        application = _application(story(walkthrough), pipe, Terminal())
        application.after_render += look
        application.run()
    assert stray == [], "bars that stand beside their letters"
    return seen


def test_keys_lead_through_the_steps():
    last = len(story(lecture()).moments) - 1
    moves = [
        (RIGHT, 1), (" ", 2), ("\r", 3), ("\x1b[B", 4), (LEFT, 3), ("\x1b[A", 2), ("\x7f", 1), (HOME, 0), (LEFT, 0),
        (PAGE_DOWN, 10), (PAGE_UP, 0), (END, last), (RIGHT, last), ("f", 1), ("b", 6), ("x", 6),
    ]  # fmt: skip
    moves = moves[:-1]
    seen = screens(lecture(), [key for key, _ in moves])
    assert seen == [shown(lecture(), at) for at in (0, *(at for _, at in moves))]


def test_a_question_mark_shows_all_keys_until_the_next_key():
    seen = screens(lecture(), ["?", "?", "?", RIGHT])
    first, help, second = shown(lecture(), 0), shown(lecture(), 0, help=True), shown(lecture(), 1)
    assert seen == [first, help, first, help, second]


def test_the_terminal_may_be_resized_at_any_time():
    sizes = [(80, 24), (20, 5), (5, 3), (1, 1), (200, 60), (80, 24)]
    seen = screens(lecture(), [RIGHT] * 5, sizes)
    assert seen == [shown(lecture(), at, *size) for at, size in enumerate(sizes)]


@pytest.mark.parametrize("key", ["q", "\x03", "\x04"])
def test_it_ends_and_gives_the_screen_back(key):
    pytest.importorskip("prompt_toolkit")
    from prompt_toolkit.data_structures import Size
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output.vt100 import Vt100_Output

    written = io.StringIO()
    with create_pipe_input() as pipe:
        pipe.send_text(RIGHT + key)
        output = Vt100_Output(written, lambda: Size(rows=24, columns=80), term="xterm-256color")
        assert play(lecture(), input=pipe, output=output) is None
    enter, leave = "\x1b[?1049h", "\x1b[?1049l"
    assert written.getvalue().index(enter) < written.getvalue().index("Forward pass") < written.getvalue().index(leave)


def test_where_an_event_loop_runs_already_it_runs_beside_it():
    pytest.importorskip("prompt_toolkit")
    import asyncio

    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    async def notebook():
        with create_pipe_input() as pipe:
            pipe.send_text("q")
            play(lecture(), input=pipe, output=DummyOutput())
        return "done"

    assert asyncio.run(notebook()) == "done"


PROGRAM = """
import minigrad as mg
from minigrad.walkthrough.play import play
w = mg.Tensor(3.0, requires_grad=True)
L = w**2
play(mg.explain(L))
print("the program goes on")
"""


def test_a_program_in_a_pipe():
    done = subprocess.run([sys.executable, "-c", PROGRAM], input="", capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[0] == "Given"
    assert done.stdout.splitlines()[-1] == "the program goes on"
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are those of POSIX")
@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_a_program_in_a_terminal(term):
    pytest.importorskip("prompt_toolkit")
    import pty

    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | {"TERM": term}
    )
    os.close(theirs)
    output, asked, until = b"", False, time.monotonic() + 30
    while time.monotonic() < until:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end was closed
            part = b""
        if not part:
            break
        output += part
        if not asked and b"quit" in output:
            asked = True
            os.write(ours, b"q")
    os.close(ours)
    assert program.wait(30) == 0
    assert "the program goes on" in output.decode()
    assert (b"\x1b[?1049h" in output) == (b"\x1b[?1049l" in output) == (term != "dumb")
    assert (b"\x1b" in output) == (term != "dumb")
