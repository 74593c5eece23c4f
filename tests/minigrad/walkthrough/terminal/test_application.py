"""Stepping through in a terminal, and the same as plain lines where there is none."""

import asyncio
import io
import os
import subprocess
import sys
import textwrap
import time
import unicodedata

import pytest

from minigrad.walkthrough.terminal.application import _application, plain, play
from minigrad.walkthrough.terminal.moments import build_timeline
from tests.helpers.walkthrough.terminal_examples import fan_out, lecture, shown, step, walkthrough_of


def test_as_plain_lines():
    lines = plain(build_timeline(lecture())).splitlines()
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
    assert "     W = [1 −2; 0.5 4]" in plain(build_timeline(fan_out())).splitlines()


def test_names_and_lines_of_programs_cannot_send_commands_to_the_terminal():
    z = step("\x1b[31mz", 1.0, "x\ty", source_line="a.py:1: z = '\x1b[2J'")
    walkthrough = walkthrough_of(z)
    everything = [plain(build_timeline(walkthrough)), *shown(walkthrough, 1), *shown(walkthrough, 1, 12, 2)]
    assert all(c.isprintable() or c == "\n" for line in everything for c in line)


def test_in_a_pipe_the_steps_are_printed(capsys):
    play(lecture())
    assert capsys.readouterr().out == plain(build_timeline(lecture())) + "\n"


@pytest.fixture
def in_a_terminal(monkeypatch):
    monkeypatch.setattr("minigrad.walkthrough.terminal.application._in_a_terminal", lambda: True)


@pytest.mark.usefixtures("in_a_terminal")
def test_without_prompt_toolkit_the_steps_are_printed_and_a_warning_says_what_is_missing(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "prompt_toolkit", None)
    with pytest.warns(UserWarning, match=r"pip install 'minigrad-autograd\[play\]'") as caught:
        lecture().play()
    assert caught[0].filename == __file__
    assert capsys.readouterr().out == plain(build_timeline(lecture())) + "\n"


# ---------------------------------------------------------------- in a terminal

RIGHT, LEFT, HOME, END, PAGE_DOWN, PAGE_UP = "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[6~", "\x1b[5~"


def screens(walkthrough, keys, sizes=((80, 24),)):
    """What a terminal shows at first and after each key; `sizes` are those it has then, the last one for ever."""
    pytest.importorskip("prompt_toolkit")
    from prompt_toolkit.application import create_app_session
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

    with create_pipe_input() as pipe, create_app_session(pipe, Terminal()):
        application = _application(build_timeline(walkthrough))
        application.after_render += look
        application.run()
    assert stray == [], "bars that stand beside their letters"
    return seen


def test_keys_lead_through_the_steps():
    last = len(build_timeline(lecture()).moments) - 1
    moves = [
        (RIGHT, 1), (" ", 2), ("\r", 3), ("\x1b[B", 4), (LEFT, 3), ("\x1b[A", 2), ("\x7f", 1), (HOME, 0), (LEFT, 0),
        (PAGE_DOWN, 10), (PAGE_UP, 0), (END, last), (RIGHT, last), ("f", 1), ("b", 6),
    ]  # fmt: skip
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


@pytest.mark.usefixtures("in_a_terminal")
@pytest.mark.parametrize("key", ["q", "\x03", "\x04"])
def test_it_ends_and_gives_the_screen_back(key):
    pytest.importorskip("prompt_toolkit")
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.data_structures import Size
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output.vt100 import Vt100_Output

    written = io.StringIO()
    output = Vt100_Output(written, lambda: Size(rows=24, columns=80), term="xterm-256color")
    with create_pipe_input() as pipe, create_app_session(pipe, output):
        pipe.send_text(RIGHT + key)
        assert play(lecture()) is None
    enter, leave = "\x1b[?1049h", "\x1b[?1049l"
    assert written.getvalue().index(enter) < written.getvalue().index("Forward pass") < written.getvalue().index(leave)


@pytest.mark.usefixtures("in_a_terminal")
def test_where_an_event_loop_runs_already_it_runs_beside_it():
    pytest.importorskip("prompt_toolkit")
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    async def notebook():
        with create_pipe_input() as pipe, create_app_session(pipe, DummyOutput()):
            pipe.send_text("q")
            play(lecture())
        return "done"

    assert asyncio.run(notebook()) == "done"


PROGRAM = """
import minigrad as mg
w = mg.Tensor(3.0, requires_grad=True)
L = w**2
mg.explain(L).play()
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
