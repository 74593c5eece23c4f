"""What can be done with a drawing: printed, shown in notebooks, saved in every format, stepped through."""

import gc
import re
import weakref
from xml.etree import ElementTree

import pytest

import minigrad as mg
from minigrad.drawing.layout.graphviz import program
from tests.helpers.drawn_graphs import logistic

pytestmark = pytest.mark.usefixtures("first_plan")

pytest.importorskip("pygraphviz", minversion="2.0")

MAGIC = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "gif": b"GIF89a", "dot": b"digraph", "gv": b"digraph"}


@pytest.mark.parametrize("format", MAGIC)
def test_every_format(tmp_path, format):
    w = mg.Tensor(3.0, requires_grad=True, name="w")
    drawing = mg.draw((w * w).named("L"))
    path = tmp_path / "new" / "folder" / f"loss.{format.upper()}"
    assert drawing.save(path) == path
    assert path.read_bytes().startswith(MAGIC[format])
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_text_is_the_outline(drawing, tmp_path):
    assert drawing.save(str(tmp_path / "loss.txt")).read_text("utf-8") == f"{drawing}\n"
    assert str(drawing).startswith("L_reg = L + λ R ")


def test_dot_is_the_source(drawing, tmp_path):
    for theme, saved in (("light", drawing.save(tmp_path / "a.dot")), ("dark", None)):
        saved = saved or drawing.save(tmp_path / "b.gv", theme=theme)
        assert (saved.read_text("utf-8") == drawing.source) is (theme == "light")


@pytest.mark.parametrize("name", ["loss.jpg", "loss", "loss.svg.gz", ".svg"])
def test_an_unknown_suffix_names_the_known_ones(drawing, tmp_path, name):
    with pytest.raises(ValueError, match=r"\.svg, \.png, \.pdf, \.gif, \.dot, \.gv or \.txt"):
        drawing.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_themes(drawing, tmp_path):
    texts = {
        theme: drawing.save(tmp_path / "a.svg", theme=theme).read_text("utf-8")
        for theme in ("auto", "light", "dark", "paper")
    }
    assert len(set(texts.values())) == 4
    assert [theme for theme, text in texts.items() if "prefers-color-scheme" in text] == ["auto"]
    with pytest.raises(ValueError, match=r'Drawing.save: theme is "auto".*"paper".*got \'pink\''):
        drawing.save(tmp_path / "b.svg", theme="pink")
    assert mg.draw(logistic(), theme="paper").save(tmp_path / "a.svg").read_text("utf-8") == texts["paper"]


def test_a_file_that_cannot_be_written_is_as_it_was(drawing, tmp_path):
    path = tmp_path / "loss.svg"
    path.write_text("the old picture")
    with pytest.raises(ValueError, match="step 99"):
        drawing.save(path, step=99)
    path.chmod(0o400)
    if not path.is_file() or not _is_root():
        with pytest.raises(PermissionError):
            drawing.save(path)
    assert path.read_text() == "the old picture"


def _is_root():
    import os

    return not hasattr(os, "geteuid") or os.geteuid() == 0


# ------------------------------------------------------------------ steps


def test_each_step_shows_one_thing_more(drawing):
    assert drawing.steps == len(drawing.frames()) > 10
    frames = drawing.frames()
    assert [frame.step for frame in frames] == list(range(1, drawing.steps + 1))
    shown = [sum(c.isdigit() for c in str(frame)) for frame in frames]
    assert shown == sorted(shown)
    assert str(frames[-1]) == str(drawing)
    nothing = str(mg.draw(logistic(), step=0))
    assert "0.3775" not in nothing
    assert "L̄" not in nothing


def test_values_come_before_error_signals_and_last_come_those_of_the_parameters(drawing):
    order = [next(i for i, frame in enumerate(drawing.frames()) if text in str(frame)) for text in (
        "2.5", "0.9241", "L̄_reg = 1", "w̄ = "
    )]  # fmt: skip
    assert order == sorted(order)


def test_steps_leave_the_places_alone(drawing):
    def boxes(svg):
        return re.findall(r'<g class="box" id="[^"-]*-([^"]*)"', svg)

    first, last = drawing.frames()[0]._repr_svg_(), drawing.frames()[-1]._repr_svg_()
    assert boxes(first) == boxes(last)
    assert re.search('viewBox="[^"]*"', first)[0] == re.search('viewBox="[^"]*"', last)[0]
    assert first != last


def test_steps_in_files(drawing, tmp_path):
    a = drawing.save(tmp_path / "a.svg", step=3).read_text("utf-8")
    b = drawing.frames()[2].save(tmp_path / "b.svg").read_text("utf-8")
    assert a == b != drawing.save(tmp_path / "c.svg").read_text("utf-8")
    text = drawing.save(tmp_path / "a.txt", step=3).read_text("utf-8")
    assert text == f"{drawing.frames()[2]}\n"


def test_a_step_that_is_not_there(drawing, tmp_path):
    steps = drawing.steps
    for step in (-1, steps + 1):
        with pytest.raises(ValueError, match=rf"draw: step {step} .* steps 1 to {steps}; 0 is before the first"):
            mg.draw(logistic(), step=step)
    with pytest.raises(TypeError, match=r"Drawing.save: step is a whole number, from 0 to \d+, got '1'"):
        drawing.save(tmp_path / "a.svg", step="1")


# ------------------------------------------------------------------ notebooks and terminals


def test_notebooks_get_svg_at_the_width_of_the_page(drawing):
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/html", "image/svg+xml", "text/plain"]
    assert bundle["text/plain"] == str(drawing)
    svg = bundle["image/svg+xml"]
    ElementTree.fromstring(svg)
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    style = re.match(r'<svg style="width: 100%; min-width: (\d+)px; max-width: (\d+)px; height: auto" ', svg)
    assert float(style[2]) == pytest.approx(width, abs=1)
    assert float(style[1]) == pytest.approx(0.4 * width, abs=1)  # a line of 20 pixels has 8
    assert bundle["text/html"] == f'<div style="overflow-x: auto; max-width: 100%">{svg}</div>'


def test_two_pictures_on_a_page_share_no_ids():
    w = mg.Tensor(2.0, requires_grad=True, name="w")
    first, second = (set(re.findall(r'id="([^"]*)"', mg.draw(y)._repr_svg_())) for y in (w * w, w + 1))
    assert first
    assert not first & second


def test_repr_is_short(drawing):
    assert re.fullmatch(r"<Drawing: 10 boxes, 10 arrows; \.save\('graph\.svg'\) writes a picture>", repr(drawing))


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


# ------------------------------------------------------------------ without Graphviz


@pytest.mark.usefixtures("no_graphviz")
def test_without_graphviz_there_is_the_outline_with_what_to_install(tmp_path):
    drawing = mg.draw(logistic())
    for line in ("pip install pygraphviz", "apt install graphviz", "brew install graphviz", "winget install graphviz"):
        assert line in str(drawing)
    assert str(drawing).startswith("L_reg = L + λ R ")
    assert drawing._repr_mimebundle_() == {"text/plain": str(drawing)}
    assert drawing._repr_svg_() is None
    assert drawing.frames()[-1].step == drawing.steps
    for suffix in ("dot", "gv", "txt"):
        drawing.save(tmp_path / f"loss.{suffix}")
    assert "install" not in (tmp_path / "loss.txt").read_text("utf-8")


@pytest.mark.usefixtures("no_graphviz")
@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "gif"])
def test_without_graphviz_the_source_is_written_and_a_warning_says_what_to_install(tmp_path, suffix):
    drawing = mg.draw(logistic())
    with pytest.warns(UserWarning, match=r"(?s)loss\.dot instead of loss\.\w+.*pip install pygraphviz") as caught:
        written = drawing.save(tmp_path / f"loss.{suffix}")
    assert caught[0].filename == __file__
    assert written == tmp_path / "loss.dot"
    assert written.read_text("utf-8") == drawing.source
    assert [p.name for p in tmp_path.iterdir()] == ["loss.dot"]


def test_a_graphviz_that_fails_is_an_error(monkeypatch):
    drawing = mg.draw(mg.Tensor(2.0, requires_grad=True, name="w") * 3)
    monkeypatch.setattr(program, "_CHILD", "raise SystemExit('no such luck')")
    monkeypatch.setattr(program.shutil, "which", lambda name: None)
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["text/plain"]
    assert "no such luck" in bundle["text/plain"]


@pytest.mark.parametrize(("suffix", "package"), [("png", "matplotlib"), ("pdf", "matplotlib"), ("gif", "PIL")])
def test_without_the_package_that_writes_it(drawing, tmp_path, monkeypatch, suffix, package):
    import sys

    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModuleNotFoundError, match="pip install"):
        drawing.save(tmp_path / f"loss.{suffix}")
    assert not list(tmp_path.iterdir())
