"""load_fashion_mnist: what differs from MNIST, whose tests hold for both."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from nn.data import load_fashion_mnist, load_mnist
from nn.data.datasets import fashion_mnist, mnist
from tests.nn.data.datasets.test_mnist import idx

MNIST_BEGINS, FASHION_BEGINS = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MINIGRAD_DATA", raising=False)
    monkeypatch.setattr(pytest.importorskip("pooch"), "os_cache", lambda project: tmp_path / "cache" / project)


def write(folder: Path, first: list[int]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    train = np.array([*first, 3, 3])
    for name, contents in zip(
        fashion_mnist.FILES, [np.zeros((12, 28, 28)), train, np.ones((6, 28, 28)), np.arange(6)], strict=True
    ):
        (folder / f"{name}.gz").write_bytes(gzip.compress(idx(contents), mtime=0))
    return folder


@pytest.mark.parametrize("source", ["folder", "environment", "cache"])
def test_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    if source == "folder":
        clothing = load_fashion_mnist(write(tmp_path, FASHION_BEGINS))
    elif source == "environment":
        write(tmp_path / "fashion-mnist", FASHION_BEGINS)
        write(tmp_path, MNIST_BEGINS)  # the files of MNIST, of the same names, may be in the folder itself
        monkeypatch.setenv("MINIGRAD_DATA", str(tmp_path))
        clothing = load_fashion_mnist()
        assert load_mnist().train_labels[0] == 5
    else:
        write(tmp_path / "cache/minigrad/fashion-mnist", FASHION_BEGINS)
        clothing = load_fashion_mnist(download=False)
    assert clothing.train_images.shape == (12, 28, 28)
    assert clothing.test_labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert clothing.classes[clothing.train_labels[0]] == "Ankle boot"
    assert len(clothing.classes) == 10


def test_files_of_the_other_set_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="begin as those of MNIST do, but Fashion-MNIST was asked for"):
        load_fashion_mnist(write(tmp_path / "digits", MNIST_BEGINS))
    with pytest.raises(ValueError, match="begin as those of Fashion-MNIST do, but MNIST was asked for"):
        load_mnist(write(tmp_path / "clothing", FASHION_BEGINS))


def test_errors_name_the_set_and_the_three_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError, match="Fashion-MNIST: no file train-images") as missing:
        load_fashion_mnist(tmp_path)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(fashion_mnist, "MIRRORS", ("http://127.0.0.1:9/",))
    with pytest.raises(OSError, match="could not be downloaded") as offline:
        load_fashion_mnist()
    for error in (missing.value, offline.value):
        for part in ("load_fashion_mnist(folder)", "MINIGRAD_DATA", "fashion-mnist", "minigrad-autograd[data]"):
            assert part in str(error)


def test_the_addresses() -> None:
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in fashion_mnist.MIRRORS)
    assert all(len(bytes.fromhex(sum_.removeprefix("md5:"))) == 16 for sum_ in fashion_mnist.FILES.values())
    assert list(fashion_mnist.FILES) == list(mnist.FILES)
