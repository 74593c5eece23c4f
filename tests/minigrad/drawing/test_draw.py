"""``mg.draw`` and the drawing it returns: names, errors, files, notebooks."""

import gc
import re
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

import minigrad as mg
from tests.helpers.drawn_graphs import logistic, parameter, titles

pytest.importorskip("graphviz")

ROOT = Path(mg.__file__).parents[1]


def test_names_come_from_the_callers_variables():
    w, x = parameter(1.5), mg.Tensor(2.0)
    z = w * x
    loss = (z * z).named("L")
    source = mg.draw(loss).source
    for text in ("w = 1.5", "x = 2", "z = 3", "L = 9"):
        assert text in source


def test_values_can_be_left_out():
    assert "z" in titles(logistic(), "operation", values=False)
    assert "1.5" not in mg.draw(logistic(), values=False).source


def test_error_signals_of_single_numbers_are_shown_once_backward_has_run():
    w, x = parameter(2.0, "w"), parameter([1.0, 2.0], "x")
    loss = (w * x).sum()
    assert "<o>" not in mg.draw(loss).source
    loss.backward(retain_graph=True)
    source = mg.draw(loss).source
    assert source.count("<o>") == 1
    assert "<o>w</o> = 3<" in source
    assert "<o>" not in mg.draw(loss, values=False).source


def test_options_are_checked():
    w = parameter(1.0)
    with pytest.raises(ValueError, match=r'"LR".*"TB".*got .up.'):
        mg.draw(w * w, direction="up")
    with pytest.raises(ValueError, match='"light" or "dark", got \'pink\''):
        mg.draw(w * w, theme="pink")


def test_a_freed_graph_says_what_to_do():
    loss = (parameter(1.0, "w") * 2.0).named("L")
    loss.backward()
    with pytest.raises(RuntimeError, match=r"'L' was freed by an earlier backward\(\).*retain_graph.*draw"):
        mg.draw(loss)
    w = parameter(1.0)
    inner = (w * w).named("inner")
    outer = inner + w
    inner.backward()
    with pytest.raises(RuntimeError, match="'inner' was freed"):
        mg.draw(outer)


def test_without_a_graph():
    with pytest.raises(RuntimeError, match=r"has no graph.*requires_grad=True"):
        mg.draw(mg.Tensor(1.0) * 2.0)
    with pytest.raises(TypeError, match=r"expected a Tensor.*ndarray"):
        mg.draw(np.ones(3))
    assert titles(parameter(1.0, "w")) == ["w = 1"]  # a picture of one box


def test_a_drawing_keeps_no_graph_alive():
    def drawn():  # in its own frame: before Python 3.13 reading a frame's variables keeps them alive
        loss = logistic()
        return weakref.ref(loss), mg.draw(loss)

    gc.disable()
    try:
        gone, drawing = drawn()
        assert gone() is None
    finally:
        gc.enable()
    assert drawing.source


def test_importing_minigrad_does_not_import_graphviz():
    code = "import sys, minigrad; sys.exit(any(m in sys.modules for m in ('graphviz', 'pygraphviz')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_without_the_python_package_graphviz(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    w = parameter(1.0)
    with pytest.raises(ModuleNotFoundError, match="pip install graphviz"):
        mg.draw(w * w)


@pytest.mark.usefixtures("no_graphviz")
def test_without_graphviz_the_source_is_written_and_a_warning_says_how_to_get_a_picture(drawing, tmp_path):
    with pytest.warns(UserWarning, match="pip install pygraphviz") as caught:
        written = drawing.save(tmp_path / "loss.svg")
    assert caught[0].filename == __file__
    assert written == tmp_path / "loss.dot"
    assert written.read_text(encoding="utf-8") == drawing.source
    assert not (tmp_path / "loss.svg").exists()
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "pip install pygraphviz" in bundle["text/plain"]
    assert drawing._repr_svg_() is None


@pytest.mark.usefixtures("no_graphviz")
@pytest.mark.parametrize("suffix", [".dot", ".gv"])
def test_the_source_needs_no_graphviz(drawing, tmp_path, suffix):
    path = drawing.save(str(tmp_path / f"loss{suffix}"))
    assert path.read_text(encoding="utf-8") == drawing.source == str(drawing)


@pytest.mark.parametrize("name", ["loss.jpg", "loss", "loss.svg.gz"])
def test_an_unknown_suffix_names_the_known_ones(drawing, tmp_path, name):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf, \.dot or \.gv"):
        drawing.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_notebooks_get_svg_that_fits_the_page(drawing):
    pytest.importorskip("pygraphviz", minversion="2.0")
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/html", "image/svg+xml", "text/plain"]
    assert re.match(
        r'<svg width="\d+pt" style="width: clamp\(\d+pt, 100%, \d+pt\); height: auto"', bundle["image/svg+xml"]
    )


def test_what_is_wider_than_a_notebook_scrolls_and_begins_at_the_loss(drawing):
    pytest.importorskip("pygraphviz", minversion="2.0")
    html = drawing._repr_mimebundle_()["text/html"]
    assert html.startswith('<div style="overflow-x: auto; direction: rtl"><div style="direction: ltr; ')
    assert len(set(re.findall(r"width: clamp\(\d+pt, 100%, \d+pt\)", html))) == 1  # of the box, and of the picture
    assert html.endswith("</svg>\n</div></div>")  # the words in the picture run from left to right
