"""load_mnist: the sources of the files, and the errors."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.data import MNIST, load_mnist
from nn.data.datasets import download, mnist

NAMES = list(mnist.FILES)


def idx(array: np.ndarray[Any, Any]) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def small_files() -> dict[str, bytes]:
    """A set of 12 + 6 blank digits in the four files of MNIST."""
    contents = [np.zeros((12, 28, 28)), np.arange(12) % 10, np.ones((6, 28, 28)), np.arange(6)]
    return {name: idx(array) for name, array in zip(NAMES, contents, strict=True)}


def write(folder: Path, files: dict[str, bytes], *, zipped: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, contents in files.items():
        if zipped:
            (folder / f"{name}.gz").write_bytes(gzip.compress(contents, mtime=0))
        else:
            (folder / name).write_bytes(contents)
    return folder


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test finds the data, or fills the cache, of the person who runs it."""
    monkeypatch.delenv("MINIGRAD_DATA", raising=False)
    pooch = pytest.importorskip("pooch")
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)


def check_small(digits: MNIST) -> None:
    assert digits.train_images.shape == (12, 28, 28)
    assert digits.train_labels.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert digits.test_images.shape == (6, 28, 28)
    assert digits.test_labels.tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("dotted", [False, True])
def test_spellings_of_the_files(tmp_path: Path, zipped: bool, dotted: bool) -> None:
    files = {name.replace("-idx", ".idx") if dotted else name: contents for name, contents in small_files().items()}
    check_small(load_mnist(write(tmp_path / "digits", files, zipped=zipped)))


def test_the_folder_given_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINIGRAD_DATA", str(tmp_path / "nowhere"))
    check_small(load_mnist(str(write(tmp_path, small_files()))))


@pytest.mark.parametrize("folder", ["", "mnist"])
def test_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setenv("MINIGRAD_DATA", str(tmp_path / "data"))
    write(tmp_path / "data" / folder, small_files())
    check_small(load_mnist())


def test_the_order_of_the_four() -> None:
    assert MNIST._fields == ("train_images", "train_labels", "test_images", "test_labels")


def test_labels_do_not_wrap(tmp_path: Path) -> None:
    digits = load_mnist(write(tmp_path, small_files()))
    assert digits.train_images.dtype == np.uint8
    assert (100 * digits.train_labels).max() == 900


def check_three_ways(error: BaseException) -> None:
    for part in ("load_mnist(folder)", "MINIGRAD_DATA", 'pip install "minigrad-autograd[data]"'):
        assert part in str(error)


def test_missing_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, small_files())
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match="no file t10k-labels-idx1-ubyte ") as error:
        load_mnist(tmp_path)
    assert f" in {tmp_path}." in str(error.value)
    assert "train" not in str(error.value).partition(" in ")[0]
    check_three_ways(error.value)
    monkeypatch.setenv("MINIGRAD_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="no file t10k-labels-idx1-ubyte "):
        load_mnist()
    (tmp_path / "t10k-images-idx3-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match="no file t10k-images-idx3-ubyte or t10k-labels-idx1-ubyte "):
        load_mnist()


def test_a_named_place_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match="which is not a folder") as error:
        load_mnist(tmp_path / "tpyo")
    assert str(tmp_path / "tpyo") in str(error.value)
    monkeypatch.setenv("MINIGRAD_DATA", str(tmp_path / "tpyo"))
    with pytest.raises(FileNotFoundError, match="which is not a folder") as error:
        load_mnist()
    assert str(tmp_path / "tpyo" / "mnist") in str(error.value)


def refuses(folder: Path, *parts: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the text is checked below
        load_mnist(folder)
    for part in parts:
        assert part in str(error.value)


def test_images_and_labels_swapped(tmp_path: Path) -> None:
    files = small_files()
    files[NAMES[0]], files[NAMES[1]] = files[NAMES[1]], files[NAMES[0]]
    folder = write(tmp_path, files)
    refuses(folder, str(folder / f"{NAMES[0]}.gz"), "shape (12,)", "expected (N, 28, 28)", "swapped")
    files[NAMES[0]] = small_files()[NAMES[0]]
    refuses(write(tmp_path, files), str(folder / f"{NAMES[1]}.gz"), "expected (N,)", "swapped")


def test_images_and_labels_of_different_sets(tmp_path: Path) -> None:
    folder = write(tmp_path, {**small_files(), NAMES[3]: small_files()[NAMES[1]]})
    images, labels = (str(folder / f"{name}.gz") for name in NAMES[2:])
    refuses(folder, f"{images} has 6 images", f"{labels} has 12 labels", "t10k with t10k")


def test_labels_that_are_no_digits(tmp_path: Path) -> None:
    folder = write(tmp_path, {**small_files(), NAMES[1]: idx(np.array([0, 1, 26] + 9 * [0]))})
    refuses(folder, str(folder / f"{NAMES[1]}.gz"), "label 2 is 26", "0 to 9")


def test_elements_of_another_type(tmp_path: Path) -> None:
    signed = bytearray(small_files()[NAMES[0]])
    signed[2] = 0x09
    folder = write(tmp_path, {**small_files(), NAMES[0]: bytes(signed)})
    refuses(folder, str(folder / f"{NAMES[0]}.gz"), "int8", "expected uint8")


# ------------------------------------------------------------------------------------------------ the download


class Recorded(SimpleHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, list[str]]]:
    """Mirrors /first/ and /second/ with their folder on disk, and the list of what was asked of them."""
    root, asked = tmp_path / "server", list[str]()
    files = small_files()
    for mirror in ("first", "second"):
        write(root / mirror, files)
    handler = type("Handler", (Recorded,), {"asked": asked})
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(root))) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        here = f"http://127.0.0.1:{running.server_port}"
        monkeypatch.setattr(mnist, "MIRRORS", (f"{here}/first/", f"{here}/second/"))
        sums = {name: hashlib.sha256((root / "first" / f"{name}.gz").read_bytes()).hexdigest() for name in files}
        monkeypatch.setattr(mnist, "FILES", sums)
        yield root, asked
        running.shutdown()
        thread.join()


def test_download_once(server: tuple[Path, list[str]], tmp_path: Path) -> None:
    _, asked = server
    check_small(load_mnist())
    assert asked == [f"/first/{name}.gz" for name in NAMES]
    assert sorted(path.name for path in (tmp_path / "cache/minigrad/mnist").iterdir()) == sorted(
        f"{name}.gz" for name in NAMES
    )
    check_small(load_mnist())
    check_small(load_mnist(download=False))
    assert len(asked) == 4


def test_the_second_mirror_helps_out(server: tuple[Path, list[str]]) -> None:
    root, asked = server
    (root / "first" / f"{NAMES[0]}.gz").unlink()
    (root / "first" / f"{NAMES[1]}.gz").write_bytes(b"<html>Sorry</html>")
    check_small(load_mnist())
    assert asked == [f"/{mirror}/{name}.gz" for name in NAMES[:2] for mirror in ("first", "second")] + [
        f"/first/{name}.gz" for name in NAMES[2:]
    ]


def test_a_damaged_file_in_the_cache_is_downloaded_again(server: tuple[Path, list[str]], tmp_path: Path) -> None:
    _, asked = server
    load_mnist()
    damaged = tmp_path / "cache/minigrad/mnist" / f"{NAMES[2]}.gz"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    with pytest.raises(ValueError, match="truncated"):
        load_mnist(download=False)
    check_small(load_mnist())
    assert asked[4:] == [f"/first/{NAMES[2]}.gz"]


def test_no_mirror_has_the_right_file(server: tuple[Path, list[str]], tmp_path: Path) -> None:
    root, _ = server
    (root / "first" / f"{NAMES[1]}.gz").unlink()
    (root / "second" / f"{NAMES[1]}.gz").write_bytes(b"something else")
    with pytest.raises(OSError, match=f"{NAMES[1]}.gz could not be downloaded") as error:
        load_mnist()
    for part in ("/first/", "404", "/second/", "hash", str(tmp_path / "cache")):
        assert part in str(error.value)
    check_three_ways(error.value)
    assert not (tmp_path / "cache/minigrad/mnist" / f"{NAMES[1]}.gz").exists()


def test_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(mnist, "MIRRORS", ("http://127.0.0.1:9/",))  # the port of "discard": nobody listens
    with pytest.raises(OSError, match="could not be downloaded"):
        load_mnist()
    with pytest.raises(FileNotFoundError, match=" or ".join(NAMES)) as error:
        load_mnist(download=False)
    assert str(tmp_path / "cache/minigrad/mnist") in str(error.value)
    check_three_ways(error.value)


def test_without_pooch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match="pooch, which is not installed") as error:
        load_mnist()
    check_three_ways(error.value)
    with pytest.raises(FileNotFoundError, match="download=False") as missing:
        load_mnist(download=False)
    check_three_ways(missing.value)
    check_small(load_mnist(write(tmp_path / "digits", small_files())))  # a folder needs no pooch


def test_the_import_leaves_other_packages_alone() -> None:
    others = ["pooch", "requests", "tqdm", "PIL", "sklearn"]
    code = f"import sys, nn.data; print([name for name in {others} if name in sys.modules])"
    root = Path(download.__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_the_data_know_nothing_of_the_engine() -> None:
    for path in Path(download.__file__).parent.glob("*.py"):
        assert set(re.findall(r"\bmg\.\w+|from minigrad", path.read_text(encoding="utf-8"))) <= {"mg.files"}, path


def test_the_addresses() -> None:
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in mnist.MIRRORS)
    assert all(len(bytes.fromhex(sha256)) == 32 for sha256 in mnist.FILES.values())
    assert download.cache_folder("mnist", "MNIST", "", download=True).parts[-2:] == ("minigrad", "mnist")


# ------------------------------------------------------------------------------------------- the database itself

DATA = os.environ.get("MINIGRAD_DATA")


@pytest.mark.skipif(not DATA, reason="MINIGRAD_DATA does not name the folder with the real MNIST")
def test_the_real_mnist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINIGRAD_DATA", DATA or "")
    digits = load_mnist(download=False)
    assert digits.train_images.shape == (60000, 28, 28)
    assert digits.test_images.shape == (10000, 28, 28)
    assert digits.train_images.dtype == digits.test_images.dtype == np.uint8
    assert digits.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert digits.test_labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert np.bincount(digits.train_labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    # mean and standard deviation as they are known for the training images
    assert digits.train_images.mean() / 255 == pytest.approx(0.1307, abs=5e-5)
    assert digits.train_images.std() / 255 == pytest.approx(0.3081, abs=5e-5)


@pytest.mark.skipif(not DATA, reason="MINIGRAD_DATA does not name the folder with the real MNIST")
def test_the_checksums_are_those_of_the_real_files() -> None:
    for name, sha256 in mnist.FILES.items():
        path = next((p for folder in ("mnist", "") if (p := Path(DATA or "") / folder / f"{name}.gz").is_file()), None)
        if path is None:
            pytest.skip(f"no {name}.gz in {DATA}: unpacked files have other checksums")
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
