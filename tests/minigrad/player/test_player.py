"""The player in notebooks, in files, and on the command line."""

import re
import sys
from html import unescape

import pytest

import minigrad as mg
from minigrad.cli.main import main
from minigrad.player import graph
from tests.helpers.player.graphs import small_cnn
from tests.helpers.walkthrough.lecture_graphs import logistic

pytestmark = pytest.mark.usefixtures("first_plan")


def test_it_is_saved_whole(tmp_path):
    player = logistic().player()
    path = player.save(tmp_path / "new" / "player.html")
    assert path.read_text(encoding="utf-8") == player.html
    with pytest.raises(ValueError, match=r"a player is a web page, so the name must end in \.html, got 'player\.pdf'"):
        player.save(tmp_path / "player.pdf")
    assert not (tmp_path / "player.pdf").exists()


def test_notebooks_show_it_in_a_frame_that_reaches_nothing():
    player = logistic().player()
    shown = player._repr_mimebundle_()
    frame = re.search(r'<iframe [^>]*sandbox="([^"]*)"[^>]*srcdoc="([^"]*)"', shown["text/html"], re.DOTALL)
    assert frame[1] == "allow-scripts allow-modals"  # the second for its print buttons
    assert unescape(frame[2]) == player.html
    assert "<math>" in shown["text/html"].split("</iframe>")[1]  # where no frame is shown
    assert shown["text/plain"] == str(player) == str(logistic())


def test_it_keeps_no_graph_alive():
    import gc
    import weakref

    def made():
        x = mg.Tensor(2.0, requires_grad=True, name="x")
        y = (x * x).named("y")
        return mg.explain(y).player(), weakref.ref(y)

    player, alive = made()
    gc.collect()
    assert alive() is None
    assert "y" in player.html


def test_it_is_the_same_in_every_run():
    assert small_cnn().player().html == small_cnn().player().html


def test_the_graph_stays_as_it_is():
    w = mg.Tensor(3.0, requires_grad=True, name="w")
    L = (w * w).named("L")
    mg.explain(L).player()
    assert w.grad is None
    L.backward()
    assert w.grad == 6


def test_without_graphviz_all_but_the_picture_is_there(monkeypatch):
    def arrange(picture):  # noqa: ARG001
        raise graph.NoGraphvizError

    with_picture = logistic().player().html
    monkeypatch.setattr(graph, "arrange", arrange)
    html = logistic().player().html
    assert "<svg" in with_picture
    assert "<svg" not in html
    assert "There is no picture of the graph, for there is no Graphviz; pip install pygraphviz brings it." in html
    rows = re.compile("<tbody>.*</tbody>", re.DOTALL)
    assert rows.search(html)[0] == rows.search(with_picture)[0]


def test_after_backward_it_is_the_same():
    w = mg.Tensor(3.0, requires_grad=True, name="w")
    L = (w * w).named("L")
    walkthrough = mg.explain(L)
    before = walkthrough.player().html
    L.backward()
    assert walkthrough.player().html == before
    with pytest.raises(RuntimeError, match="was freed"):
        L.backward()


def test_every_part_of_the_picture_belongs_to_a_step():
    from tests.minigrad.player.test_page import data_of

    page = logistic().player().html
    picture = data_of(page)["picture"]
    assert {key for _, key, _ in picture["shows"]} | {k for now in picture["now"] for k in now} <= set(
        re.findall('data-key="([^"]*)"', page)
    )
    backward = set(re.findall('class="backward" data-key="([^"]*)"', page))
    assert backward == {key for _, key, part in picture["shows"] if part == "all"}


@pytest.mark.usefixtures("capsys")
def test_the_command_writes_one(tmp_path, capsys):
    file = tmp_path / "player.html"
    assert main(["explain", "L = w*x", "w=2", "x=3", "--player-html", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    assert 'class="mg-player' in file.read_text(encoding="utf-8")


def test_it_is_loaded_when_asked_for():
    import subprocess

    code = "import sys, minigrad; print('minigrad.player.page' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
