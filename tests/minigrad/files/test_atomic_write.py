"""Every way of writing a file: completely or not at all, and through whatever is no regular file."""

from __future__ import annotations

import ast
import errno
import os
import re
import secrets
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import minigrad as mg
from minigrad.cli.main import main
from minigrad.drawing.drawing import Drawing
from minigrad.drawing.picture import Picture
from minigrad.files import atomic_write as module
from minigrad.files import write_file

Writer = Callable[[Path], object]


def page(path: Path) -> None:
    """``minigrad explain … --html FILE``; its error messages are an OSError here."""
    if main(["explain", "w**2", "w=3", "--html", str(path)]):
        raise OSError("refused")


#: Everything in minigrad that writes a file.
WRITERS: dict[str, Writer] = {
    "write_file": lambda path: write_file(path, b"new"),
    "a drawing's source": lambda path: Drawing(Picture(())).save(path),
    "a page": page,
}

every_writer = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
posix = pytest.mark.skipif(os.name != "posix", reason="has no FIFOs, devices and modes")


def refused() -> pytest.RaisesExc[OSError]:
    return pytest.raises(OSError, match=r"Errno|refused")


def test_everything_is_written_by_one_function() -> None:
    """Whoever needs to write a file calls `write_file`, and gets a row above."""
    root = Path(mg.__file__).parents[1]
    sources = {file: file.read_text("utf-8") for part in ("minigrad", "nn") for file in (root / part).rglob("*.py")}
    assert {file.name for file, source in sources.items() if _WRITING.search(source) and writes(source)} == {
        "atomic_write.py"
    }


_WRITING = re.compile(r"\b(open|os\.write|write_bytes|write_text|tofile|mkstemp|NamedTemporaryFile)\(")


def writes(source: str) -> bool:
    """Whether a module calls one of these functions; ``open`` counts in a mode with w, x, a or +."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    called = [ast.unparse(call.func) for call in calls]
    names = [name if name == "os.write" else name.rpartition(".")[2] for name in called]
    modes = [{str(value.value) for value in call.args if isinstance(value, ast.Constant)} for call in calls]
    opened = any(
        re.fullmatch("[rbt]*[wxa+][wxa+bt]*", mode)
        for name, m in zip(names, modes, strict=True)
        if name == "open"
        for mode in m
    )
    return opened or any(_WRITING.fullmatch(f"{name}(") for name in names if name != "open")


@every_writer
def test_new_folders_and_files(write: Writer, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "graph.dot"
    write(path)
    assert path.read_bytes()
    assert os.listdir(path.parent) == ["graph.dot"]


@posix
@every_writer
def test_modes(write: Writer, tmp_path: Path) -> None:
    """A private file stays private; a new one has the mode that the user's umask gives."""
    path, other = tmp_path / "graph.dot", tmp_path / "other"
    for mode in (0o600, 0o640, 0o755):
        path.write_text("old")
        path.chmod(mode)
        write(path)
        assert path.read_text() != "old"
        assert stat.S_IMODE(path.stat().st_mode) == mode
    path.unlink()
    write(path)
    other.write_text("")
    assert path.stat().st_mode == other.stat().st_mode


@posix
@every_writer
@pytest.mark.parametrize("there", [True, False])
def test_symbolic_links(write: Writer, tmp_path: Path, there: bool) -> None:
    """The file at the end is written, also where there is none yet; the links stay."""
    (tmp_path / "deep").mkdir()
    target, middle, link = tmp_path / "deep" / "page.html", tmp_path / "middle", tmp_path / "graph.dot"
    if there:
        target.write_text("old")
    middle.symlink_to(Path("deep") / "page.html")
    link.symlink_to(middle)
    write(link)
    assert link.is_symlink()
    assert middle.is_symlink()
    assert not target.is_symlink()
    assert target.read_text() != "old"
    assert os.listdir(target.parent) == ["page.html"]


@posix
@every_writer
def test_links_that_lead_nowhere(write: Writer, tmp_path: Path) -> None:
    link = tmp_path / "graph.dot"
    link.symlink_to(link)
    with refused():
        write(link)
    assert os.listdir(tmp_path) == ["graph.dot"]


@posix
@every_writer
def test_pipes_and_devices_are_written_into(write: Writer, tmp_path: Path) -> None:
    fifo = tmp_path / "graph.dot"
    os.mkfifo(fifo)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_bytes()))
    reader.start()
    write(fifo)
    reader.join(timeout=10)
    assert read[0]
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    null, link = Path(os.devnull), tmp_path / "null.dot"
    link.symlink_to(null)
    write(link)
    assert stat.S_ISCHR(null.stat().st_mode)
    assert link.is_symlink()


@posix
@every_writer
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="has no /dev/full")
def test_a_full_device(write: Writer, tmp_path: Path) -> None:
    link = tmp_path / "graph.dot"
    link.symlink_to("/dev/full")
    with refused():
        write(link)


@every_writer
@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_write_that_fails_leaves_everything_as_it_was(
    write: Writer, failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "graph.dot"
    path.write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.os, failing, full)
    with refused():
        write(path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["graph.dot"]


@every_writer
def test_folders_are_refused(write: Writer, tmp_path: Path) -> None:
    (tmp_path / "graph.dot").mkdir()
    with refused():
        write(tmp_path / "graph.dot")
    assert os.listdir(tmp_path / "graph.dot") == []
    with pytest.raises(IsADirectoryError):
        write_file(f"{tmp_path}/new/", b"")


@posix
@every_writer
def test_read_only_files_are_refused(write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.os, "access", lambda *_: False)  # for root everything is writable
    path = tmp_path / "graph.dot"
    path.write_text("old")
    with refused():
        write(path)
    assert path.read_text() == "old"


@posix
@every_writer
def test_nobody_can_guess_the_name_of_the_part(write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where somebody did, by a link, the link is not followed."""
    parts: list[str] = []
    replace = os.replace
    monkeypatch.setattr(module.os, "replace", lambda part, target: parts.append(part.name) or replace(part, target))
    for _ in range(2):
        write(tmp_path / "graph.dot")
    assert len(set(parts)) == 2
    assert str(os.getpid()) not in "".join(parts).split(".")
    victim = tmp_path / "victim"
    victim.write_text("kept")
    monkeypatch.setattr(secrets, "token_hex", lambda _: "guessed")
    (tmp_path / ".graph.dot.guessed.part").symlink_to(victim)
    with refused():
        write(tmp_path / "graph.dot")
    assert victim.read_text() == "kept"


@posix
def test_the_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """``--html /dev/stdout`` writes the page and nothing else, also after ``> page.html``."""
    page(Path("/dev/stdout"))
    written = capfdbinary.readouterr().out
    assert written.startswith(b"<!doctype html>")
    assert written.endswith(b"</html>\n")


def test_no_folder_is_named_as_the_home_folder_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path in ("~/a.npz", "~/new/a.npz"):
        with pytest.raises(FileNotFoundError, match=r"write Path\(path\)\.expanduser\(\)"):
            write_file(path, b"")
    assert not list(tmp_path.iterdir())
    write_file("a~/~b/c", b"")
