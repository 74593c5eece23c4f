"""load_spoken_digits: the sources of the recordings, the arrays, and the errors."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import numpy as np
import pytest

from nn.data import SpokenDigits, load_spoken_digits
from nn.data.datasets import spoken_digits

FILES = spoken_digits.FILES


def wav(samples: list[int], *, channels: int = 1, rate: int = 8000) -> bytes:
    data = BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.array(samples, "<i2").tobytes())
    return data.getvalue()


def recording(file: str) -> bytes:
    """Samples that tell who said what: digit, speaker and take, and a silence of one sample for each of the takes."""
    digit, speaker, take = file[:-4].split("_")
    return wav([int(digit), -len(speaker), int(take)] + int(take) * [0])


RECORDINGS = {file: recording(file) for file in FILES}


def write(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file, data in RECORDINGS.items():
        (folder / file).write_bytes(data)
    return folder


def check_small(spoken: SpokenDigits) -> None:
    assert spoken.train_sounds.shape == (1350, 3 + 49)
    assert spoken.test_sounds.shape == (150, 3 + 49)
    assert spoken.train_sounds.dtype == np.int16
    for sounds, labels, takes in ((spoken[0], spoken[1], range(5, 50)), (spoken[2], spoken[3], range(5))):
        assert labels.dtype == np.int64
        assert np.array_equal(sounds[:, 0], labels)
        assert np.array_equal(np.bincount(labels), np.full(10, 3 * len(takes)))
        assert set(sounds[:, 2].tolist()) == set(takes)
        assert [(-sounds[:, 1] == length).sum() for length in (5, 6, 7)] == [len(sounds) // 3] * 3
        assert not sounds[:, 3:].any()


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test finds the data, or fills the cache, of the person who runs it."""
    monkeypatch.delenv("MINIGRAD_DATA", raising=False)
    pooch = pytest.importorskip("pooch")
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)


def check_three_ways(error: BaseException) -> None:
    for part in ("load_spoken_digits(folder)", "MINIGRAD_DATA", 'pip install "minigrad-autograd[data]"'):
        assert part in str(error)


@pytest.mark.parametrize("below", ["", "recordings"])
def test_a_folder(tmp_path: Path, below: str) -> None:
    write(tmp_path / "fsdd" / below)
    check_small(load_spoken_digits(str(tmp_path / "fsdd")))


def test_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINIGRAD_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=f"in {tmp_path / 'fsdd'}, which is not a folder"):
        load_spoken_digits()
    write(tmp_path / "fsdd" / "recordings")
    check_small(load_spoken_digits())


def test_missing_recordings_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path)
    for file in ("3_lucas_4.wav", "7_jackson_32.wav"):
        (folder / file).unlink()
    with pytest.raises(
        FileNotFoundError, match=r"2 of the 1500 recordings are not in .*, the first of them is 7_jackson_32.wav"
    ) as error:
        load_spoken_digits(tmp_path)
    check_three_ways(error.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"RIFF", r'at byte 8: "", expected "WAVE"'),
        (b"<html>" * 10, r'at byte 0: "<htm", expected "RIFF", .* a web page'),
        (wav([1, 2, 3])[:-3], r"at byte 4: the header says 50 bytes for the whole file, which has 47"),
        (wav([]), r"has 0 samples, expected 1 to 80000, ten seconds; is this the right file"),
        (wav([0] * 80_001), r"has 80001 samples, expected 1 to 80000"),
        (wav([1, 2, 3, 4], channels=2), r"has 2 channels of 16 bits at 8000 Hz, but the spoken digits have 1"),
        (wav([1, 2, 3], rate=44100), r"has 1 channel of 16 bits at 44100 Hz"),
    ],
)
def test_damaged_recordings(tmp_path: Path, data: bytes, message: str) -> None:
    path = write(tmp_path) / "7_jackson_32.wav"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=message) as error:
        load_spoken_digits(tmp_path)
    assert str(error.value).startswith(f"{path}: ")


def test_recordings_may_be_as_long_as_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken_digits, "LARGEST", 2 * 60)
    (write(tmp_path) / "7_jackson_32.wav").write_bytes(wav([1] * 60))
    assert load_spoken_digits(tmp_path).train_sounds.shape == (1350, 60)


# ------------------------------------------------------------------------------------------------ the download


class Recorded(SimpleHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *args: object) -> None:
        """Quiet."""


def archive(recordings: dict[str, bytes]) -> bytes:
    data = BytesIO()
    with ZipFile(data, "w") as file:
        for name, contents in recordings.items():
            file.writestr(spoken_digits.IN_ARCHIVE + name, contents)
    return data.getvalue()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, list[str]]]:
    """The archive on the server, and the list of what was asked of it."""
    root, asked = tmp_path / "server", list[str]()
    root.mkdir()
    (root / spoken_digits.ARCHIVE).write_bytes(archive(RECORDINGS))
    handler = type("Handler", (Recorded,), {"asked": asked})
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(spoken_digits, "SHA256", hashlib.sha256(b"".join(RECORDINGS.values())).hexdigest())
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(root))) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setattr(spoken_digits, "MIRRORS", (f"http://127.0.0.1:{running.server_port}/",))
        yield root / spoken_digits.ARCHIVE, asked
        running.shutdown()
        thread.join()


def test_download_once(server: tuple[Path, list[str]]) -> None:
    _, asked = server
    with pytest.raises(FileNotFoundError, match=r"no file v1\.0\.10\.zip in") as error:
        load_spoken_digits(download=False)
    check_three_ways(error.value)
    for download in (True, True, False):
        check_small(load_spoken_digits(download=download))
    assert asked == ["/v1.0.10.zip"]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"<html>Sorry</html>", "not a zip file"),
        (archive({}), "0_george_0.wav"),
        (archive({**RECORDINGS, "3_lucas_4.wav": b"RIFF"}), r"the recordings have the sha256 \w+, expected \w+"),
    ],
    ids=["page", "empty", "other"],
)
def test_what_is_not_the_right_archive_is_not_kept(
    server: tuple[Path, list[str]], tmp_path: Path, contents: bytes, message: str
) -> None:
    there, asked = server
    right = there.read_bytes()
    there.write_bytes(contents)
    with pytest.raises(OSError, match=message) as error:
        load_spoken_digits()
    assert "was deleted" in str(error.value)
    check_three_ways(error.value)
    assert list((tmp_path / "cache/minigrad/spoken_digits").iterdir()) == []
    there.write_bytes(right)
    check_small(load_spoken_digits())
    assert len(asked) == 2


def packed(method: int, damage: Callable[[bytearray], None] = lambda _: None, **other: bytes) -> bytes:
    """An archive whose first recording is packed by this method, and damaged."""
    data = BytesIO()
    with ZipFile(data, "w") as file:
        for name, contents in RECORDINGS.items():
            used = method if name == FILES[0] else ZIP_STORED
            file.writestr(spoken_digits.IN_ARCHIVE + name, other.get(name, contents), used)
    archive = bytearray(data.getvalue())
    damage(archive)
    return bytes(archive)


def at_directory(offset: int, value: int) -> Callable[[bytearray], None]:
    """Change a byte of the first entry of the directory, and of the header that it leads to."""

    def damage(archive: bytearray) -> None:
        archive[archive.index(b"PK\1\2") + offset] = value
        archive[offset - 2] = value

    return damage


def inside(archive: bytearray) -> None:
    start = 30 + len(spoken_digits.IN_ARCHIVE + FILES[0])
    archive[start : start + 30] = b"\xff" * 30


DAMAGED: dict[str, Callable[[], bytes]] = {
    "cut off": lambda: packed(ZIP_STORED)[:-200],
    "cut off at half": lambda: packed(ZIP_STORED)[:100_000],
    "BadZipFile": lambda: packed(ZIP_STORED, inside),
    "zlib.error": lambda: packed(ZIP_DEFLATED, inside),
    "LZMAError": lambda: packed(ZIP_LZMA, inside),
    "OSError of bz2": lambda: packed(ZIP_BZIP2, inside),
    "NotImplementedError": lambda: packed(ZIP_STORED, at_directory(10, 99)),
    "RuntimeError, a password": lambda: packed(ZIP_STORED, at_directory(8, 1)),
    "a bomb": lambda: packed(ZIP_DEFLATED, **{FILES[0]: bytes(50_000_000)}),
}


@pytest.mark.parametrize("damaged", DAMAGED)
def test_an_archive_damaged_in_any_way_does_not_stay_in_the_cache(
    server: tuple[Path, list[str]], tmp_path: Path, damaged: str
) -> None:
    cache, asked = tmp_path / "cache/minigrad/spoken_digits", server[1]
    cache.mkdir(parents=True)
    (cache / spoken_digits.ARCHIVE).write_bytes(DAMAGED[damaged]())
    with pytest.raises(
        OSError, match=r"v1\.0\.10\.zip is damaged or another version, and was deleted.*: .*\w"
    ) as error:
        load_spoken_digits()
    check_three_ways(error.value)
    assert list(cache.iterdir()) == []
    check_small(load_spoken_digits())
    assert len(asked) == 1


def test_every_error_of_reading_means_a_damaged_archive(
    server: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that no library is known to raise, and one without a message."""
    for error in (RuntimeError(), AssertionError("?"), OverflowError("too large")):

        def failing(*_: object, error: Exception = error) -> None:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(spoken_digits.ZipFile, "open", failing)
            with pytest.raises(OSError, match=r"0_george_0.wav, at byte 0: \S"):
                load_spoken_digits()
    check_small(load_spoken_digits())
    assert len(server[1]) == 4


@pytest.mark.usefixtures("server")
def test_an_archive_that_cannot_be_read_or_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails is no damage: the archive stays. A folder without permission to delete says so."""

    def failing(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    check_small(load_spoken_digits())
    archive = tmp_path / "cache/minigrad/spoken_digits" / spoken_digits.ARCHIVE
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", failing)
        with pytest.raises(OSError, match="Permission denied"):
            load_spoken_digits()
    assert archive.is_file()
    archive.write_bytes(b"")
    monkeypatch.setattr(Path, "unlink", failing)
    with pytest.raises(OSError, match=r"could not be deleted \(Permission denied\), so delete it yourself: File"):
        load_spoken_digits()


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(spoken_digits, "MIRRORS", ("http://127.0.0.1:9/",))  # the port of "discard": nobody listens
    with pytest.raises(OSError, match="could not be downloaded") as error:
        load_spoken_digits()
    check_three_ways(error.value)


def test_without_pooch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match="pooch, which is not installed") as error:
        load_spoken_digits()
    check_three_ways(error.value)
    with pytest.raises(FileNotFoundError, match="download=False"):
        load_spoken_digits(download=False)
    check_small(load_spoken_digits(write(tmp_path / "spoken")))


# ------------------------------------------------------------------------------------------- the recordings themselves

DATA = os.environ.get("MINIGRAD_DATA")
REAL = Path(DATA or "") / "fsdd" / "recordings"


@pytest.mark.skipif(not (DATA and REAL.is_dir()), reason="MINIGRAD_DATA does not name a folder with the spoken digits")
def test_the_real_recordings() -> None:
    spoken = load_spoken_digits(REAL)
    assert spoken.train_sounds.shape == (1350, 10504)
    assert spoken.test_sounds.shape == (150, 10504)
    assert spoken.test_labels[:6].tolist() == [0, 0, 0, 0, 0, 1]
    assert np.bincount(spoken.train_labels).tolist() == [135] * 10
    assert hashlib.sha256(b"".join((REAL / file).read_bytes() for file in FILES)).hexdigest() == spoken_digits.SHA256
