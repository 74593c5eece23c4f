"""Which Graphviz is used, and what happens when it fails."""

import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import minigrad as mg
from minigrad.drawing import render

pytest.importorskip("graphviz")

ROOT = Path(mg.__file__).parents[1]
MAGIC = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.fixture
def fake_dot(monkeypatch, tmp_path):
    """Put a script in place of the program ``dot``."""

    def install(body):
        program = tmp_path / "bin" / "dot"
        program.parent.mkdir()
        program.write_text(f"#!{sys.executable}\n" + textwrap.dedent(body))
        program.chmod(program.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setattr(render.shutil, "which", lambda name: str(program) if name == "dot" else None)

    return install


@pytest.mark.parametrize("format", MAGIC)
def test_pygraphviz_alone_writes_every_format(drawing, monkeypatch, tmp_path, format):
    pytest.importorskip("pygraphviz", minversion="2.0")
    monkeypatch.setattr(render.shutil, "which", lambda program: None)
    path = tmp_path / "new" / "folder" / f"loss.{format}"
    assert drawing.save(path) == path
    assert path.read_bytes().startswith(MAGIC[format])
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_pygraphviz_runs_in_a_child_process(drawing):
    code = f"""
import shutil, sys
from minigrad.drawing.render import render
shutil.which = lambda program: None
assert render({drawing.source!r}, "svg") is not None
sys.exit("pygraphviz" in sys.modules)
"""
    pytest.importorskip("pygraphviz", minversion="2.0")
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_a_file_called_pygraphviz_in_the_users_folder_is_left_alone(drawing, monkeypatch, tmp_path):
    pytest.importorskip("pygraphviz", minversion="2.0")
    monkeypatch.setattr(render.shutil, "which", lambda program: None)
    (tmp_path / "pygraphviz.py").write_text("raise SystemExit('mine')")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    assert drawing.save("loss.svg").exists()


def test_dot_on_the_path_is_preferred(drawing, fake_dot, tmp_path):
    fake_dot("import sys; sys.stdout.write(' '.join(sys.argv[1:]) + ' ' + sys.stdin.read()[:7])")
    assert drawing.save(tmp_path / "loss.svg").read_text() == "-Tsvg digraph"
    assert drawing.save(tmp_path / "loss.png").read_text().startswith("-Tpng -Gdpi=")


def test_pygraphviz_is_used_when_dot_fails(drawing, fake_dot, tmp_path):
    pytest.importorskip("pygraphviz", minversion="2.0")
    fake_dot("raise SystemExit('broken')")
    assert drawing.save(tmp_path / "loss.svg").read_bytes().startswith(MAGIC["svg"])


def test_graphviz_error_messages_are_passed_on(drawing, fake_dot, monkeypatch, tmp_path):
    fake_dot("raise SystemExit('no such luck')")
    monkeypatch.setattr(render, "_has_pygraphviz", lambda: False)
    (tmp_path / "loss.svg").write_text("the old picture")
    with pytest.raises(RuntimeError, match=r"could not write svg.*status 1.*no such luck"):
        drawing.save(tmp_path / "loss.svg")
    assert (tmp_path / "loss.svg").read_text() == "the old picture"
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "no such luck" in bundle["text/plain"]


def test_a_graphviz_that_hangs_is_stopped(drawing, fake_dot, monkeypatch, tmp_path):
    fake_dot("import time; time.sleep(60)")
    monkeypatch.setattr(render, "_has_pygraphviz", lambda: False)
    monkeypatch.setattr(render, "_SECONDS", 0.2)
    with pytest.raises(RuntimeError, match=r"stopped after 0\.2 s"):
        drawing.save(tmp_path / "loss.svg")


def test_a_crash_of_pygraphviz_is_a_python_error(drawing, monkeypatch):
    pytest.importorskip("pygraphviz", minversion="2.0")
    monkeypatch.setattr(render.shutil, "which", lambda program: None)
    monkeypatch.setattr(render, "_CHILD", "import os; os.abort()")
    with pytest.raises(RuntimeError, match="pygraphviz ended with status"):
        render.render(drawing.source, "svg")


def test_an_old_pygraphviz_is_not_used(monkeypatch):
    for version, usable in {"2.0.4": True, "1.14": False, "unknown": False}.items():
        monkeypatch.setattr(render.metadata, "version", lambda name, version=version: version)
        assert render._has_pygraphviz() is usable
