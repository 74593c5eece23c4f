"""load_cifar10: the sources of the files, and the errors."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from nn.data import CIFAR10, load_cifar10
from nn.data.datasets import cifar10

FILES = (*cifar10.TRAIN, cifar10.TEST)
N = 4  # images in a file of these tests


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test finds the data, or fills the cache, of the person who runs it; files are small."""
    monkeypatch.delenv("MINIGRAD_DATA", raising=False)
    monkeypatch.setattr(pytest.importorskip("pooch"), "os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.setattr(cifar10, "RECORDS", N)


def records(seed: int) -> bytes:
    values = np.random.default_rng(seed).integers(0, 256, (N, 3073), dtype=np.uint8)
    values[:, 0] = (np.arange(N) + seed) % 10
    return values.tobytes()


def write(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed, file in enumerate(FILES):
        (folder / file).write_bytes(records(seed))
    return folder


def check(data: CIFAR10) -> None:
    assert data.train_images.shape == (5 * N, 3, 32, 32)
    assert data.test_images.shape == (N, 3, 32, 32)
    assert data.train_labels.tolist() == [(i + seed) % 10 for seed in range(5) for i in range(N)]
    assert data.test_labels.dtype == np.int64
    last = np.frombuffer(records(5), np.uint8).reshape(N, 3073)[-1]
    # red, green and blue planes of 32 rows of 32 pixels
    assert data.test_images[-1, 2, 31, 30] == last[1 + 2 * 1024 + 31 * 32 + 30]
    assert data.classes[0] == "airplane"
    assert len(data.classes) == 10


@pytest.mark.parametrize("inner", [".", "cifar-10-batches-bin"])
def test_a_folder(tmp_path: Path, inner: str) -> None:
    write(tmp_path / inner)
    check(load_cifar10(tmp_path))


def test_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINIGRAD_DATA", str(tmp_path))
    write(tmp_path / "cifar10")
    check(load_cifar10())


def check_three_ways(error: BaseException) -> None:
    for part in ("load_cifar10(folder)", "MINIGRAD_DATA", 'pip install "minigrad-autograd[data]"'):
        assert part in str(error)


def test_a_partial_set_is_taken_if_asked_for(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "data_batch_3.bin").unlink()
    (tmp_path / "test_batch.bin").rename(tmp_path / "test_batch_first4.bin")
    with pytest.raises(
        FileNotFoundError, match=r"no file data_batch_3.bin or test_batch.bin in .*partial=True"
    ) as error:
        load_cifar10(tmp_path)
    check_three_ways(error.value)
    data = load_cifar10(tmp_path, partial=True)
    assert (len(data.train_images), len(data.test_images)) == (4 * N, N)
    (tmp_path / "test_batch_first4.bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"no file test_batch\*.bin"):
        load_cifar10(tmp_path, partial=True)
    with pytest.raises(FileNotFoundError) as without_tests:
        load_cifar10(tmp_path)
    assert "partial=True" not in str(without_tests.value), "it would not help"


def test_missing_folders_and_the_python_version(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere, which is not a folder"):
        load_cifar10(tmp_path / "nowhere")
    (tmp_path / "data_batch_1").touch()
    with pytest.raises(FileNotFoundError, match="Python version, download the binary version"):
        load_cifar10(tmp_path)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (records(0)[:-1], f"at byte {N * 3073 - 1}: the file ends .*truncated"),
        (records(0)[:3073], "at byte 3073: the file ends after 3073 bytes, expected 12292, 3073 for each of 4 images"),
        (b"", "at byte 0: the file ends after 0 bytes"),
        (b"<!DOCTYPE html><html></html>", "a web page that was saved instead"),
        (b"\x1f\x8b\x08 packed", "unpack it"),
        (b"\x80\x02}q\x01", "Python version"),
        (b"\x0a" + records(0)[1:], "at byte 0: label 0 is 10, but the classes are 0 to 9"),
        (records(0)[:3073] + b"\xff" + records(0)[3074:], "at byte 3073: label 1 is 255"),
    ],
)
@pytest.mark.parametrize("file", ["data_batch_2.bin", "test_batch.bin"])
def test_damaged_files(tmp_path: Path, contents: bytes, message: str, file: str) -> None:
    (write(tmp_path) / file).write_bytes(contents)
    with pytest.raises(ValueError, match=message) as error:
        load_cifar10(tmp_path)
    assert str(error.value).startswith(f"{tmp_path / file}: at byte ")


def test_a_part_of_the_images_is_an_error_unless_asked_for(tmp_path: Path) -> None:
    (write(tmp_path) / "test_batch.bin").write_bytes(records(5)[:3073])
    with pytest.raises(ValueError, match="expected 12292"):
        load_cifar10(tmp_path)
    assert len(load_cifar10(tmp_path, partial=True).test_labels) == 1


# ---------------------------------------------------------------------------------------------------- downloads


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for name, contents in files.items():
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = len(contents)
            packed.addfile(info, io.BytesIO(contents))
    return buffer.getvalue()


class Quiet(SimpleHTTPRequestHandler):
    """Files, without a log."""

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    root = tmp_path / "server"
    root.mkdir()
    packed = archive({"batches.meta.txt": b"airplane", **{file: records(i) for i, file in enumerate(FILES)}})
    (root / cifar10.ARCHIVE).write_bytes(packed)
    monkeypatch.setattr(cifar10, "CHECKSUM", f"md5:{hashlib.md5(packed).hexdigest()}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setattr(cifar10, "MIRRORS", (f"http://127.0.0.1:{running.server_port}/",))
        yield root
        running.shutdown()
        thread.join()


def test_download_once(server: Path, tmp_path: Path) -> None:
    check(load_cifar10())
    (server / cifar10.ARCHIVE).unlink()
    check(load_cifar10())
    check(load_cifar10(download=False))
    unpacked = tmp_path / "cache/minigrad/cifar10/cifar-10-batches-bin"
    assert {path.name for path in unpacked.iterdir()} == set(FILES)
    (unpacked / "data_batch_4.bin").unlink()  # as after a kill while it was unpacked: the archive is still there
    check(load_cifar10())


def test_a_wrong_archive_is_not_kept(server: Path, tmp_path: Path) -> None:
    (server / cifar10.ARCHIVE).write_bytes(b"<html>")
    with pytest.raises(OSError, match="could not be downloaded") as error:
        load_cifar10()
    check_three_ways(error.value)
    assert not (tmp_path / "cache/minigrad/cifar10" / cifar10.ARCHIVE).exists()


def test_without_network_or_pooch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(cifar10, "MIRRORS", ("http://127.0.0.1:9/",))
    with pytest.raises(OSError, match="could not be downloaded"):
        load_cifar10()
    with pytest.raises(FileNotFoundError, match=r"no file data_batch_1\.bin") as error:
        load_cifar10(download=False)
    check_three_ways(error.value)
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match="pooch, which is not installed") as unknown:
        load_cifar10()
    check_three_ways(unknown.value)
    with pytest.raises(FileNotFoundError, match="download=False"):
        load_cifar10(download=False)
    check(load_cifar10(write(tmp_path / "own")))


DATA = os.environ.get("MINIGRAD_DATA")


@pytest.mark.skipif(not DATA, reason="MINIGRAD_DATA does not name the folder with the real CIFAR-10")
def test_the_real_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cifar10, "RECORDS", 10_000)
    data = load_cifar10(Path(DATA or "") / "cifar10", partial=True)
    assert data.train_images.shape[1:] == (3, 32, 32)
    # the first are a frog and two trucks
    assert [data.classes[label] for label in data.train_labels[:3]] == ["frog", "truck", "truck"]
    # the first image for training, a frog on brown ground, is more red than blue
    assert data.train_images[0, 0].mean() > data.train_images[0, 2].mean()
    assert data.train_images[:10_000].mean(axis=(0, 2, 3)) / 255 == pytest.approx([0.49, 0.48, 0.45], abs=0.01)
