"""The examples of CONTRIBUTING, added to a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

#: (file, code): a paragraph that begins with "In `file`", and the code block after it.
ROWS = re.findall(r"^In `([\w/]+\.py)`[^\n]*:\n\n```python\n(.*?)```", TEXT, flags=re.MULTILINE | re.DOTALL)
(EXAMPLE,) = re.findall(r"```pycon\n(.*?)```", TEXT, flags=re.DOTALL)
OPERATIONS = ["softsign", "harmonic_mean", "center"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the document's rows added."""
    copy = tmp_path_factory.mktemp("project")
    for part in ("minigrad", "tests", "pyproject.toml"):
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / part)
    for name, code in ROWS:
        add(copy / name, code)
    return copy


def add(file: Path, code: str) -> None:
    """Appends the code to the file's table, or to the file, and a new public name to ``__all__``."""
    text = file.read_text(encoding="utf-8")
    table, end, below = text.rpartition("# fmt: on\n")
    text = f"{table}{code}{end}{below}" if end else f"{text}\n\n{code}"
    name = re.search(r"^(?:def )?([a-z]\w*)(?: *=|\()", code, flags=re.MULTILINE)
    if name and "tests" not in file.parts:
        text, added = re.subn(r"^__all__ = \[", f'__all__ = ["{name[1]}", ', text, flags=re.MULTILINE)
        assert added == 1
    file.write_text(text, encoding="utf-8")


def python(project: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},  # the copy, not what is installed
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rows_are_found() -> None:
    assert [Path(name).name for name, _ in ROWS] == [
        *("activations.py", "activations.py"),
        *("arithmetic.py", "arithmetic.py"),
        *("moments.py", "moments.py"),
    ]


def test_it_takes_about_ten_lines() -> None:
    for (_, rule), (_, samples) in [ROWS[:2], ROWS[2:4]]:
        assert len((rule + samples).splitlines()) <= 10


def test_the_new_operations_pass_the_tests_of_every_operation(project: Path) -> None:
    selected = " or ".join([*OPERATIONS, "every_operation"])
    registry = "tests/minigrad/rules/test_registry.py"
    report = python(project, "-m", "pytest", "-v", "-p", "no:cacheprovider", registry, "-k", selected)
    for name in OPERATIONS:
        assert f"test_first_and_second_derivatives[{name}]" in report


def test_the_example_prints_what_the_text_says(project: Path) -> None:
    (project / "example.txt").write_text(EXAMPLE, encoding="utf-8")
    python(project, "-X", "utf8", "-m", "doctest", "example.txt")


def test_drawings_show_the_new_operations(project: Path) -> None:
    for name, arguments in {"softsign": "x", "harmonic_mean": "x, x", "center": "x"}.items():
        output = python(
            project,
            *("-X", "utf8", "-c"),
            f"import minigrad as mg; x = mg.Tensor([8.0], requires_grad=True); "
            f"print(mg.__file__, mg.{name}({arguments}), mg.draw(mg.{name}({arguments})))",
        )
        assert output.startswith(str(project))
        assert f"made by {name}" in output
