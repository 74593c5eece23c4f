"""Which Graphviz is used, and what happens when it fails or takes too long."""

import stat
import sys
import textwrap
import time

import pytest

from minigrad.drawing.layout.graphviz import program

GRAPH = 'digraph { a [width=1, height=1, label=""]; b [width=1, height=1, label=""]; a -> b [id="0/"] }'
ANSWER = '{"bb": "0,0,1,1"}'


@pytest.fixture
def fake_dot(monkeypatch, tmp_path):
    """Put a script in place of the program ``dot``."""

    def install(body):
        path = tmp_path / "dot"
        path.write_text(f"#!{sys.executable}\n" + textwrap.dedent(body))
        path.chmod(path.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setattr(program.shutil, "which", lambda name: str(path) if name == "dot" else None)

    return install


@pytest.fixture
def no_pygraphviz(monkeypatch):
    monkeypatch.setattr(program, "_has_pygraphviz", lambda: False)


def test_pygraphviz_lays_out_several_graphs_in_one_call(monkeypatch):
    pytest.importorskip("pygraphviz", minversion="2.0")
    monkeypatch.setattr(program.shutil, "which", lambda name: None)
    answers = program.lay_out([GRAPH, GRAPH.replace("digraph {", "digraph { rankdir=LR;")], 20)
    assert len(answers) == 2
    assert answers[0]["bb"] != answers[1]["bb"]
    assert "pos" in answers[0]["objects"][0]


def test_a_file_called_pygraphviz_in_the_users_folder_is_left_alone(monkeypatch, tmp_path):
    pytest.importorskip("pygraphviz", minversion="2.0")
    monkeypatch.setattr(program.shutil, "which", lambda name: None)
    (tmp_path / "pygraphviz.py").write_text("raise SystemExit('mine')")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    assert len(program.lay_out([GRAPH], 20)) == 1


@pytest.mark.usefixtures("no_pygraphviz")
def test_dot_comes_first_and_gets_all_graphs(fake_dot):
    fake_dot(f"""
        import sys
        assert sys.argv[1:] == ["-Tjson0"]
        print({ANSWER!r} * sys.stdin.read().count("digraph"))
    """)
    assert program.lay_out([GRAPH, GRAPH, GRAPH], 20) == [{"bb": "0,0,1,1"}] * 3


@pytest.mark.usefixtures("no_pygraphviz")
def test_when_the_time_is_over_what_is_there_is_used(fake_dot):
    fake_dot(f"""
        import sys, time
        print({ANSWER!r}, '{{"bb": "0,0,', flush=True)
        time.sleep(60)
    """)
    start = time.perf_counter()
    assert program.lay_out([GRAPH, GRAPH], 2) == [{"bb": "0,0,1,1"}]
    assert time.perf_counter() - start < 20


@pytest.mark.usefixtures("no_pygraphviz")
def test_a_dot_that_fails_is_named_with_its_message(fake_dot):
    fake_dot("import sys; sys.exit('no such format')")
    with pytest.raises(program.NoGraphvizError, match=r"(?s)dot ended with status 1: no such format.*pip install"):
        program.lay_out([GRAPH], 20)


def test_after_a_dot_that_fails_pygraphviz_is_tried(fake_dot):
    pytest.importorskip("pygraphviz", minversion="2.0")
    fake_dot("raise SystemExit(1)")
    assert len(program.lay_out([GRAPH], 20)) == 1


@pytest.mark.usefixtures("no_pygraphviz")
def test_a_dot_that_does_not_start_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(program.shutil, "which", lambda name: str(tmp_path / "missing"))
    with pytest.raises(program.NoGraphvizError, match="did not start"):
        program.lay_out([GRAPH], 20)
