"""Promises about data sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nn
from tests.nn.data.datasets.test_mnist import idx

Image = pytest.importorskip("PIL.Image")


def photos(folder: Path, *files: str) -> Path:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (9, 7), "red").save(folder / file)
    return folder


def test_broken_files(tmp_path: Path) -> None:
    """`nn.data.ImageFolder`, files that are broken, cut off, empty, too large or not images"""
    folder = photos(tmp_path, "cat/1.jpg", "cat/2.png", "dog/1.jpg", "dog/2.jpg")
    (folder / "cat/2.png").write_bytes((folder / "cat/2.png").read_bytes()[:45])
    (folder / "dog/2.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match=r"(?s)2 files are broken.*cat/2.png is damaged.*dog/2.jpg is empty"):
        nn.data.ImageFolder(folder, size=4)
    with pytest.warns(UserWarning, match="2 files are broken, and left out"):
        assert len(nn.data.ImageFolder(folder, size=4, broken="warn")) == 2


def test_modes(tmp_path: Path) -> None:
    """an image file of any mode"""
    prepare = nn.data.Preprocessing(size=(1, 2), mode="L")
    Image.fromarray(np.array([[0, 32896]], np.uint16)).save(tmp_path / "deep.png")
    assert prepare.pixels(tmp_path / "deep.png").tolist() == [[[0, 128]]]
    Image.fromarray(np.array([[[0, 0], [0, 255]]], np.uint8)).save(tmp_path / "clear.png")
    assert prepare.pixels(tmp_path / "clear.png").tolist() == [[[255, 0]]]
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.array([[9], [5]], np.uint8)).save(tmp_path / "turned.png", exif=exif)
    assert prepare.pixels(tmp_path / "turned.png").tolist() == [[[5, 9]]]


def test_class_numbers(tmp_path: Path) -> None:
    """`nn.data.ImageFolder(…, classes=train.classes)`"""
    train = nn.data.ImageFolder(photos(tmp_path / "a", "cat/1.png", "dog/1.png", "owl/1.png"), size=4)
    validation = nn.data.ImageFolder(photos(tmp_path / "b", "cat/1.png", "owl/1.png"), size=4, classes=train.classes)
    assert validation.labels.tolist() == [0, 2]


def test_csv(tmp_path: Path) -> None:
    """`nn.data.read_csv`, a value or a line that is wrong"""
    (tmp_path / "train.csv").write_text("label,pixel0\n1,2\n3,four\n")
    with pytest.raises(ValueError, match=r"train.csv: line 3, column 2 \('pixel0'\): 'four', expected a number"):
        nn.data.read_csv(tmp_path / "train.csv")


def test_swapped_sets(tmp_path: Path) -> None:
    """MNIST in place of Fashion-MNIST, whose files have the same names"""
    for kind, labels in {"train": [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], "t10k": [7, 2]}.items():
        (tmp_path / f"{kind}-images-idx3-ubyte").write_bytes(idx(np.zeros((len(labels), 28, 28))))
        (tmp_path / f"{kind}-labels-idx1-ubyte").write_bytes(idx(np.array(labels)))
    assert len(nn.data.load_mnist(tmp_path).test_labels) == 2
    with pytest.raises(ValueError, match="begin as those of MNIST do"):
        nn.data.load_fashion_mnist(tmp_path)


def test_split() -> None:
    """`nn.data.split`"""
    labels = np.repeat([0, 1, 2], [60, 30, 1])
    y_train, y_test = nn.data.split(labels, test_size=0.33)
    assert (nn.data.split(labels, test_size=0.33)[1] == y_test).all()
    assert np.bincount(y_train).tolist() == [39, 20, 1]
    assert np.bincount(y_test).tolist() == [21, 10]
