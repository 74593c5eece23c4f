"""The teacher's page: every command on it writes or shows what the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from minigrad.cli.main import main

PAGE = (Path(__file__).parents[2] / "docs/teaching.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(line) for line in re.findall(r"^minigrad (.*)$", PAGE, flags=re.MULTILINE)]
WORKSHEETS = [words for words in COMMANDS if "--player-html" in words]


@pytest.mark.parametrize("words", WORKSHEETS, ids=[words[-1] for words in WORKSHEETS])
def test_a_command_writes_its_worksheet(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 0
    assert "print without answers" in (tmp_path / words[-1]).read_text(encoding="utf-8")


def test_there_is_a_worksheet_for_each_derivation() -> None:
    derivations = Path(__file__).parents[2] / "docs/tutorials/derivations"
    assert {words[-1][:-5] for words in WORKSHEETS} == {path.stem for path in derivations.glob("*.md")} - {"index"}


def test_the_quiz_and_the_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    others = [words for words in COMMANDS if words not in WORKSHEETS]
    assert [words[-1] for words in others] == ["--quiz", "--play"]
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    assert main(others[0]) == 0
    assert "0 of 0 right" in capsys.readouterr().out
    assert main(others[1][:-1]) == 0


def test_python_writes_the_same_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (cell,) = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    exec(compile(cell, "docs/teaching.md", "exec"), {})
    assert {path.name for path in tmp_path.iterdir()} == {"worksheet.html", "answers.html", "player.html"}
    assert (tmp_path / "worksheet.html").read_text(encoding="utf-8") != (tmp_path / "answers.html").read_text(
        encoding="utf-8"
    )
