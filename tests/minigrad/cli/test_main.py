"""The command ``minigrad``: what it prints, where, and with which exit status."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

import minigrad as mg
from minigrad.cli import demo as demo_module
from minigrad.cli import main as main_module
from minigrad.cli.demo import demo
from minigrad.cli.main import main

ROOT = Path(__file__).parents[3]
FIVE_LINES = ("z = w*x + b; y = sigmoid(z); L = 0.5*(y - t)**2", "w=0.5", "x=2", "b=-1.5", "t=1")

Captured = pytest.CaptureFixture[str]


def five_lines(every_step: bool = False) -> mg.Walkthrough:
    """The same derivation without the command line."""
    w, x, b, t = (mg.Tensor(value, requires_grad=True) for value in (0.5, 2.0, -1.5, 1.0))
    z = w * x + b
    y = mg.sigmoid(z)
    L = 0.5 * (y - t) ** 2
    return mg.explain(L, every_step=every_step)


def printed(capsys: Captured, *words: str, status: int = 0) -> str:
    """What the command prints on the expected stream, with nothing on the other."""
    assert main(words) == status
    captured = capsys.readouterr()
    assert (captured.out if status else captured.err) == ""
    return captured.err if status else captured.out


def process(*words: str, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "error", "-m", "minigrad", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


# ---------------------------------------------------------------- explain


def test_explain_prints_the_derivation(capsys: Captured) -> None:
    assert printed(capsys, "explain", *FIVE_LINES) == f"{five_lines()}\n"


@pytest.mark.parametrize("words", [("--every-step", *FIVE_LINES), (*FIVE_LINES[:2], "--every-step", *FIVE_LINES[2:])])
def test_options_stand_anywhere(capsys: Captured, words: tuple[str, ...]) -> None:
    assert printed(capsys, "explain", *words) == f"{five_lines(every_step=True)}\n"


def test_latex(capsys: Captured) -> None:
    assert printed(capsys, "explain", *FIVE_LINES, "--latex") == f"{five_lines().latex()}\n"


def test_constants_have_no_error_signal(capsys: Captured) -> None:
    out = printed(capsys, "explain", *FIVE_LINES, "--constant", "x,t")
    assert "w̄ =" in out
    assert "x̄ =" not in out


@pytest.mark.parametrize("expression", ["-w*x", "--w * x", "-w", "- w"])
def test_an_expression_may_begin_with_a_minus_sign(capsys: Captured, expression: str) -> None:
    assert main(["explain", expression, "w=2", "x=3"]) == 0
    assert "L̄ = 1" in capsys.readouterr().out


def test_names_in_the_command_itself_do_not_reach_the_derivation(capsys: Captured) -> None:
    """`explain` looks at its caller's variables and lines, which are not the user's here."""
    names = ("program", "options", "walkthrough", "loss")
    out = printed(capsys, "explain", "program*options*walkthrough*loss", *(f"{name}=2" for name in names))
    assert "L = program options walkthrough loss" in " ".join(out.split())
    program = main_module.run("walkthrough**2", _given(walkthrough=2.0))
    walkthrough = main_module._derivation(program, every_step=False, max_shown=6)
    assert not any(step.source_line for step in walkthrough.forward)


def _given(**values: float) -> dict[str, mg.Tensor]:
    return {name: mg.Tensor(value, requires_grad=True, name=name) for name, value in values.items()}


def test_infinite_slopes_are_shown_without_warnings(capsys: Captured) -> None:
    assert printed(capsys, "explain", "sqrt(w)", "w=0").rstrip().split("\n")[-1].endswith("= inf")


def test_unused_variables_are_noted_on_stderr(capsys: Captured) -> None:
    assert main(["explain", "w**2", "w=2", "x=1"]) == 0
    captured = capsys.readouterr()
    assert captured.err == "note: x is not used\n"
    assert captured.out.startswith("Given\n  w = 2\n")


def test_mistakes_are_shown_on_stderr(capsys: Captured) -> None:
    assert printed(capsys, "explain", "2*sigmod(w)", "w=1", status=2) == (
        "2*sigmod(w)\n  ^^^^^^\nthere is no function sigmod; did you mean sigmoid?\n"
    )
    assert printed(capsys, "explain", "w", "w=1,", status=2).startswith("w=1,\n  ^^\n")


def test_without_an_expression_there_is_an_example(capsys: Captured) -> None:
    for words in (["explain"], ["explain", " "]):
        err = printed(capsys, *words, status=2)
        assert err.startswith("usage: minigrad explain")
        assert 'minigrad explain "z = w*x + b;' in err
    assert "explain" in printed(capsys, status=2)


def test_play(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mg.Walkthrough, "play", lambda self: print("played:", self))
    assert printed(capsys, "explain", *FIVE_LINES, "--play") == f"played: {five_lines()}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "w", "w=1", "--latex", "--play"],
        ["explain", "w", "w=1", "--html", "a.html", "--quiz"],
        ["explain", "w", "w=1", "--every-step", "--quiz"],
        ["explain", "w", "w=1", "--colour"],
        ["explain", "w", "w=1", "--html"],
        ["train"],
    ],
)
def test_options_that_do_not_go_together_or_do_not_exist(capsys: Captured, words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: minigrad")


# ---------------------------------------------------------------- pages


def test_a_page_is_written(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "new" / "page.html"
    assert printed(capsys, "explain", *FIVE_LINES, "--html", str(file)) == f"{file}\n"
    page = file.read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>")
    assert os.listdir(file.parent) == ["page.html"]


@pytest.mark.parametrize("name", ["file/page.html", "folder", "", "a\0b"])
def test_a_page_that_cannot_be_written(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    err = printed(capsys, "explain", *FIVE_LINES, "--html", name, status=2)
    assert err.startswith(f"minigrad explain: cannot write {name.replace(chr(0), chr(0xFFFD))}: ")
    assert err.endswith("; choose a file in a folder that you can write to\n")
    assert sorted(os.listdir()) == ["file", "folder"]
    assert not os.listdir("folder")


# ---------------------------------------------------------------- the process


def test_the_version(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", {"minigrad-autograd": "1.2.3"}.__getitem__)
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, "minigrad 1.2.3\n")

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert "not installed" in capsys.readouterr().out


def test_ctrl_c_is_silent(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main_module, "run", interrupted)
    assert printed(capsys, "explain", "w", status=130) == "\n"


def test_a_terminal_without_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_out, encoding="ascii"))
    assert main(["explain", *FIVE_LINES]) == 0
    assert b"?(z)" in bytes_out.getvalue()  # σ(z)


def test_the_command_in_a_process_of_its_own() -> None:
    done = process("explain", *FIVE_LINES, env=os.environ | {"PYTHONIOENCODING": "utf-8"})
    out, err = done.communicate(timeout=60)
    assert (done.returncode, err) == (0, b"")
    assert out.decode().split() == str(five_lines()).split()


def test_a_closed_pipe_is_silent() -> None:
    done = process("explain", *FIVE_LINES)
    assert done.stdout is not None
    done.stdout.close()
    done.stdout = None
    _, err = done.communicate(timeout=60)
    assert (done.returncode, err) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="has no /dev/full")
@pytest.mark.parametrize("form", ["", "--latex", "--play", "--quiz"])
def test_a_full_disk_is_reported_without_a_traceback(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with open("/dev/full", "w") as full, suppress(OSError):
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["explain", *FIVE_LINES, *filter(None, [form])]) == 1
        assert full.write("discarded") == 9
        full.flush()  # as Python does when it exits
    assert capsys.readouterr().err == "minigrad: No space left on device; the output is not complete\n"


@pytest.mark.parametrize("form", ["", "--latex", "--play", "--quiz"])
@pytest.mark.parametrize("closed", [("stdin",), ("stdout",), ("stderr",), ("stdin", "stdout", "stderr")], ids="-".join)
def test_closed_streams_give_no_traceback(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, form: str, closed: tuple[str, ...]
) -> None:
    """Python has ``None`` in the place of a stream that was closed before it started, as by ``<&-`` in a shell."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for name in closed:
        monkeypatch.setattr(sys, name, None)
    status = main(["explain", *FIVE_LINES, *filter(None, [form])])
    monkeypatch.undo()
    captured = capsys.readouterr()
    if "stdout" in closed:
        assert (status, captured.out) == (1, "")
    else:
        assert status == 0
        assert "Backward pass" in captured.out or "q or an empty line ends" in captured.out
    if closed == ("stdout",):
        assert captured.err == "minigrad explain: the standard output is closed; write a page with --html FILE\n"


def test_complaints_never_go_to_the_standard_output(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """`print` takes it where the standard error is closed."""
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["explain", "w +", "w=1"]) == 2
    assert main(["explain", "w", "w=1", "x=1"]) == 0
    assert "note" not in capsys.readouterr().out


def test_input_in_another_encoding(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n1\n"), encoding="utf-8"))
    assert "this cannot be read" in printed(capsys, "explain", "w**2", "w=3", "--quiz")


# ---------------------------------------------------------------- the demo


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a script in place of the training."""
    monkeypatch.setattr(sys, "path", sys.path[:])
    monkeypatch.setattr(sys, "argv", sys.argv[:])
    (tmp_path / "examples").mkdir()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "beside_minigrad.py").touch()
    (tmp_path / "examples" / "digits.py").write_text(
        "import sys, beside_minigrad\nif __name__ == '__main__':\n    print(sys.argv)\n    sys.exit(len(sys.argv))"
    )
    return tmp_path


def test_the_demo_runs_the_script_with_its_arguments(sources: Path, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as left:
        demo(["--epochs", "1"], root=sources)
    assert left.value.code == 3
    assert capsys.readouterr().out == f"{[str(sources / 'examples' / 'digits.py'), '--epochs', '1']}\n"


def test_the_demo_is_that_of_this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (ROOT / "examples" / "digits.py").is_file()
    assert demo_module._ROOT == ROOT
    started = []
    monkeypatch.setattr(main_module, "demo", started.append)
    assert main(["demo", "--epochs", "1", "--help"]) == 0
    assert started == [["--epochs", "1", "--help"]]


@pytest.mark.parametrize("present", ["pyproject.toml", "examples/digits.py"])
def test_a_wheel_says_where_the_demo_is(sources: Path, present: str) -> None:
    (sources / ("pyproject.toml" if present != "pyproject.toml" else "examples/digits.py")).unlink()
    problem = demo([], root=sources)
    assert problem is not None
    assert "comes with the sources" in problem
    assert 'pip install -e ".[demo]"' in problem


def test_missing_packages_are_named(sources: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_module, "find_spec", lambda name: None if name in ("sklearn", "matplotlib") else name)
    problem = demo([], root=sources)
    assert problem is not None
    assert problem.startswith("The demo needs scikit-learn and matplotlib, not installed for ")
    assert f'-m pip install -e "{sources}[demo]"' in problem
    monkeypatch.setattr(main_module, "demo", lambda arguments: problem)
    assert printed(capsys, "demo", status=2) == f"{problem}\n"


def test_constants_may_be_complex(capsys: Captured) -> None:
    assert "Re((−1.5 + 0.866i) x[0])" in printed(capsys, "explain", "real(x[0] * fft([1, 2, 3])[1])", "x=[1,2]")
