"""Files, the command line, names and nesting."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

import minigrad as mg
import nn
from minigrad.cli.main import main
from minigrad.drawing.drawing import Drawing
from minigrad.drawing.picture import Box, Picture, Span
from minigrad.drawing.scene import Scene, Text
from nn.data import read_idx
from nn.data.datasets import spoken_digits


def test_files_that_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """a file that is written"""
    path, link = tmp_path / "graph.dot", tmp_path / "link.dot"
    path.write_text("old")
    path.chmod(0o600)
    link.symlink_to(path)
    drawing = Drawing(Picture(()))
    drawing.save(link)
    assert path.read_text() == drawing.source
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert link.is_symlink()
    monkeypatch.setattr(os, "fsync", lambda _: os.fstat(-1))
    with pytest.raises(OSError, match="Bad file descriptor"):
        Drawing(Picture((Box("b0", "given", ()),))).save(path)
    assert path.read_text() == drawing.source


def test_devices(tmp_path: Path) -> None:
    """a device, a pipe, `/dev/stdout`"""
    link = tmp_path / "null.dot"
    link.symlink_to(os.devnull)
    Drawing(Picture(())).save(link)
    assert stat.S_ISCHR(link.stat().st_mode)


def test_large_values(capsys: pytest.CaptureFixture[str]) -> None:
    """a value of more than 10,000 numbers on the command line"""
    column, row = ",".join(["[.5]"] * 1500), ",".join([".5"] * 1500)
    assert main(["explain", "sum(C*R)", f"C=[{column}]", f"R=[{row}]"]) == 2
    assert "this has up to 2,250,000 numbers; the limit is 10,000" in capsys.readouterr().err


def test_closed_streams(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """the command line with a full disk, or a closed output"""
    monkeypatch.setattr("sys.stdout", None)
    assert main(["explain", "w**2", "w=3"]) == 1
    assert "the standard output is closed" in capsys.readouterr().err


def test_damaged_files(tmp_path: Path) -> None:
    """a data file that is damaged, cut off or too long"""
    (tmp_path / "digits").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3]))
    with pytest.raises(ValueError, match=r"digits: at byte 11: .* 9 bytes, but the file has only 3"):
        read_idx(tmp_path / "digits")


def test_damaged_archives(tmp_path: Path) -> None:
    """a downloaded archive that is damaged in any way"""
    (tmp_path / "a.zip").write_bytes(b"PK\3\4")
    with pytest.raises(OSError, match="was deleted, so that the next call downloads it again"):
        spoken_digits._unpacked(tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


def test_names() -> None:
    """a name with markup, control characters or changes of text direction"""
    w = mg.Tensor(2.0, requires_grad=True, name="\x1b[31m<b>w\n")
    walkthrough = mg.explain((w * w).named("L"))
    assert "�[31m<b>w� = 2" in str(walkthrough)
    assert "<b>" not in walkthrough.html() + walkthrough.markdown()
    assert "�[31m" in repr(nn.Sequential(**{"\x1b[31m": nn.ReLU()}))


def test_nesting() -> None:
    """lists, trees of arrays and lists of modules that are nested more than 64 deep, or in themselves"""
    endless: list[object] = []
    endless.append(endless)
    for call in (mg.Tensor, mg.exp, mg.grad(mg.sum), lambda x: setattr(nn.ReLU(), "x", x)):
        with pytest.raises(ValueError, match="nested more than 64 deep"):
            call(endless)


def test_a_module_that_contains_itself() -> None:
    """a module that contains itself"""
    model = nn.Sequential(nn.Linear(2, 3))
    vars(model)["again"] = model
    assert len(list(model.parameters())) == 2
    assert "(again): Sequential(…)" in repr(model)


def derivation() -> mg.Walkthrough:
    w = mg.Tensor(2.0, requires_grad=True, name="w")
    return mg.explain((w * w).named("L"))


def test_notebooks() -> None:
    """a derivation in a notebook or on a page"""
    page = derivation()._repr_mimebundle_()["text/html"]
    assert ".minigrad :is(h2, p, table, tbody, tr, td, span) { all: revert !important; }" in page


def test_drawings_in_notebooks() -> None:
    """a drawing in a notebook"""
    page = Drawing(Picture(()), scene=Scene(2000, 500, ()))._repr_mimebundle_()["text/html"]
    assert page.startswith('<div style="overflow-x: auto; max-width: 100%"><svg style="width: 100%; min-width: 800px; ')


def test_letters_of_drawings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """a letter in a PNG, PDF or GIF of a drawing that Matplotlib's own font lacks"""
    pytest.importorskip("matplotlib")
    from minigrad.drawing.formats import fonts, glyphs

    own = fonts.font_of("w", False)
    drawings = [
        Drawing(Picture(()), scene=Scene(100, 50, (Text(10, 30, 20, 20, Span(letter)),))) for letter in ("w", "重")
    ]
    monkeypatch.setattr(glyphs, "font_of", lambda letter, _: None if letter == "重" else own)
    drawings[0].save(tmp_path / "a.png")
    with pytest.warns(UserWarning, match=r"wrote b.png, but no installed font has 重 \(U\+91CD\)"):
        drawings[1].save(tmp_path / "b.png")


def test_objects_in_notebooks() -> None:
    """an object at the end of a cell"""
    model = nn.Sequential(nn.Linear(2, 3))
    for shown in (nn.History(), nn.summary(model, (2,)), nn.optim.SGD(model.parameters(), lr=0.1), model):
        assert " at 0x" not in repr(shown)
