"""The README is true: its snippets print what it shows, and its picture is the one they draw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

# A snippet, and the output that follows it, if it prints any.
SNIPPETS = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", README, re.DOTALL)


def test_snippets_print_what_the_readme_shows(tmp_path, monkeypatch, capsys):
    pytest.importorskip("sklearn")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "readme"}  # the module of what is defined
    assert len(SNIPPETS) == README.count("```python") >= 3
    for code, shown in SNIPPETS:
        exec(code, names)
        assert capsys.readouterr().out == shown
    drawn, kept = (_texts(path) for path in (tmp_path / "graph.svg", ROOT / "docs/_static/graph.svg"))
    assert drawn == kept


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    for link in links:
        assert "://" in link or (ROOT / link).exists(), link


def test_every_target_it_names_is_in_the_makefile():
    targets = set(re.findall(r"^(?:\| `)?make ([a-z-]+)", README, re.MULTILINE))
    assert {"demo", "test", "check", "docs", "bench"} <= targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_command_is_run_by_ci():
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) >= 3
    for command in commands:
        assert command in ci, command


def _texts(svg: Path) -> list[str]:
    return sorted(re.findall(r"<text[^>]*>([^<]*)</text>", svg.read_text(encoding="utf-8")))
