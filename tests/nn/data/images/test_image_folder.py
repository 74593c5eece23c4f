"""ImageFolder: classes from folders, and what is wrong with files."""

from __future__ import annotations

import os
import pickle
import re
import sys
import threading
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.data import ImageFolder, Preprocessing, split
from nn.data.images import image_folder

Image = pytest.importorskip("PIL.Image")


def save(path: Path, grey: int = 100, size: tuple[int, int] = (8, 6)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (grey, grey, grey)).save(path)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    for grey, file in enumerate(["dog/b.png", "dog/a.PNG", "cat/z.jpg", "cat/garden/old/1.JPEG", "Eel/1.bmp"]):
        save(root / file, grey * 10)
    return root


def test_classes_in_sorted_order_and_files_too(photos: Path) -> None:
    data = ImageFolder(photos, (4, 5))
    assert data.classes == ("Eel", "cat", "dog")
    files = [path.relative_to(photos).as_posix() for path in data.paths]
    assert files == ["Eel/1.bmp", "cat/garden/old/1.JPEG", "cat/z.jpg", "dog/a.PNG", "dog/b.png"]
    assert data.labels.tolist() == [0, 1, 1, 2, 2]
    assert len(data) == 5
    for i, grey in enumerate([40, 30, 20, 10, 0]):
        x, y = data[i]
        assert x.shape == (3, 4, 5)
        assert x.dtype == np.float32
        assert y == data.labels[i]
        assert x == pytest.approx(grey / 255, abs=0.006)
    assert (data[-1][0] == data[4][0]).all()
    with pytest.raises(IndexError):
        data[5]
    with pytest.raises(TypeError):
        data[1.0]  # type: ignore[index]
    assert repr(data) == f"<ImageFolder {photos}: 5 images (3, 4, 5) in 3 classes: Eel (1), cat (2), dog (2)>"


def test_the_preprocessing_makes_the_same_of_a_file(photos: Path) -> None:
    data = ImageFolder(photos, 4, "L", resize="pad", mean=0.5, std=[0.25])
    assert data.preprocessing == Preprocessing(4, "L", "pad", 0.5, (0.25,))
    assert (data.preprocessing(data.paths[2]) == data[2][0]).all()
    assert data[0][0].shape == (1, 4, 4)


def test_hidden_files_and_those_of_the_system_are_skipped(photos: Path) -> None:
    for file in [".DS_Store", "cat/.DS_Store", "cat/._z.jpg", "dog/Thumbs.db", "dog/desktop.ini", ".git/HEAD"]:
        (photos / file).parent.mkdir(exist_ok=True)
        (photos / file).write_bytes(b"not an image")
    save(photos / ".cache/1.png")
    save(photos / "__MACOSX/cat/1.png")
    data = ImageFolder(photos, 4)  # a warning would be an error
    assert len(data) == 5
    assert data.classes == ("Eel", "cat", "dog")


def test_files_that_are_not_images_are_left_out_with_one_warning(photos: Path) -> None:
    (photos / "cat/notes.txt").write_text("mine")
    (photos / "labels.csv").write_text("1")
    save(photos / "stray.png")
    with pytest.warns(UserWarning, match="3 files are not named as images") as caught:
        data = ImageFolder(photos, 4)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    for name in ("cat/notes.txt", "labels.csv", "stray.png"):
        assert name in str(caught[0].message)
    assert len(data) == 5


def broken_files(root: Path) -> dict[str, str]:
    """Files that are broken, each with a part of what is said of it."""
    whole = save(root / "cat/whole.png", size=(300, 300)).read_bytes()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(root / "cat/noise.jpg")
    jpeg = (root / "cat/noise.jpg").read_bytes()
    bomb = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (50_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    bomb += zlib.crc32(bomb[12:]).to_bytes(4, "big")
    contents = {
        "cat/zero.jpg": (b"", "is empty: it has 0 bytes"),
        "cat/half.jpg": (jpeg[: len(jpeg) // 2], "is damaged: image file is truncated"),
        "cat/last.jpg": (jpeg[:-20], "is damaged: image file is truncated"),
        "cat/half.png": (whole[: len(whole) // 2], "is damaged: "),
        "cat/header.png": (whole[:20], "is damaged: "),
        "dog/page.gif": (b"\n<!DOCTYPE html><p>404", "a web page that was saved instead"),
        "dog/text.PNG": (b"hello", "is not an image: it begins with the bytes b'hello'"),
        "dog/phone.heic": (b"\0\0\0\x18ftypheic" + bytes(50), "HEIF; convert it to JPEG, or pip install pillow-heif"),
        "dog/bomb.png": (bomb + b"\0\0\0\x64IDAT" + bytes(100), "has too many pixels ("),
    }
    for file, (data, _) in contents.items():
        (root / file).write_bytes(data)
    (root / "dog/away.jpg").symlink_to(root / "nowhere.jpg")
    return {file: message for file, (_, message) in contents.items()} | {"dog/away.jpg": "cannot be read: No such file"}


def test_all_broken_files_are_named_in_one_error(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = broken_files(photos)
    monkeypatch.setattr(image_folder, "SHOWN", 20)
    with pytest.raises(ValueError, match=f"{len(problems)} files are broken") as error:
        ImageFolder(photos, 4)
    lines = str(error.value).splitlines()[1:]
    assert len(lines) == len(problems)
    for file, problem in problems.items():
        assert any(line.startswith(f"  {file} ") and problem in line for line in lines), file
    assert 'broken="warn"' in str(error.value)


def test_broken_files_are_left_out_if_asked_for(photos: Path) -> None:
    problems = broken_files(photos)
    # its end is as it should be: only reading the pixels shows that it is damaged
    damaged = bytearray((photos / "cat/noise.jpg").read_bytes())
    damaged[20:600] = bytes(580)
    (photos / "cat/inside.jpg").write_bytes(damaged)
    with pytest.warns(UserWarning, match=f"{len(problems) + 1} files are broken, and left out") as caught:
        data = ImageFolder(photos, 4, broken="warn")
    assert len(caught) == 1
    assert "… and 1 more" in str(caught[0].message)
    assert len(data) == 7
    assert not {path.relative_to(photos).as_posix() for path in data.paths} & {*problems, "cat/inside.jpg"}
    for i in range(len(data)):
        data[i]


def test_data_appended_to_a_jpeg_do_not_break_it(photos: Path) -> None:
    with (photos / "cat/z.jpg").open("ab") as file:
        file.write(b"a small film" * 100)
    assert len(ImageFolder(photos, 4)) == 5


def test_a_file_that_breaks_later_is_named(photos: Path) -> None:
    data = ImageFolder(photos, 4)
    data.paths[0].write_bytes(b"")
    data.paths[1].unlink()
    with pytest.raises(ValueError, match=re.escape(f"{data.paths[0]} is empty")):
        data[0]
    with pytest.raises(FileNotFoundError, match=re.escape(str(data.paths[1]))):
        data[1]


def test_pixels_are_read_once_if_they_fit(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    pixels = Preprocessing.pixels
    monkeypatch.setattr(Preprocessing, "pixels", lambda self, path: read.append(path.name) or pixels(self, path))
    data = ImageFolder(photos, 4)
    first = [data[i][0] for i in range(5)]
    first[0][:] = 9  # the arrays are the caller's
    assert [data[i][0].tolist() for i in range(1, 5)] == [x.tolist() for x in first[1:]]
    assert data[0][0].max() < 1
    assert len(read) == 5
    monkeypatch.setattr(image_folder, "KEPT_BYTES", 5 * 3 * 4 * 4 - 1)
    larger = ImageFolder(photos, 4)
    for _ in range(2):
        assert [larger[i][0].tolist() for i in range(1, 5)] == [x.tolist() for x in first[1:]]
    assert len(read) == 5 + 8


def test_several_threads_read_the_same(photos: Path) -> None:
    data, results = ImageFolder(photos, 4), list[Any]()
    threads = [threading.Thread(target=lambda: results.append([data[i][0] for i in range(5)])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((np.stack(x) == np.stack(results[0])).all() for x in results)
    assert len(results) == 4


def test_classes_of_the_training_data_number_those_of_the_validation_data(photos: Path, tmp_path: Path) -> None:
    save(tmp_path / "validation/dog/1.png")
    save(tmp_path / "validation/cat/1.png")
    (tmp_path / "validation/leftover").mkdir()
    train = ImageFolder(photos, 4)
    validation = ImageFolder(tmp_path / "validation", 4, classes=train.classes)
    assert validation.classes == train.classes
    assert validation.labels.tolist() == [1, 2]
    assert "Eel (0), cat (1), dog (1)" in repr(validation)
    save(tmp_path / "validation/wolf/1.png")
    with pytest.raises(ValueError, match="has the folders wolf, which are not among the classes Eel, cat, dog"):
        ImageFolder(tmp_path / "validation", 4, classes=train.classes)
    for wrong in ("cat", ["cat", "cat"], [1]):
        with pytest.raises(ValueError, match="expected the names of folders, each once"):
            ImageFolder(photos, 4, classes=wrong)  # type: ignore[arg-type]


def test_folders_without_images_are_named(photos: Path) -> None:
    (photos / "fish").mkdir()
    (photos / "owl/deep").mkdir(parents=True)
    with pytest.raises(ValueError, match=r"no images in fish, owl of .*delete a folder .*classes=\[…\]"):
        ImageFolder(photos, 4)


def test_a_class_whose_images_are_all_broken(photos: Path) -> None:
    (photos / "Eel/1.bmp").write_bytes(b"?")
    with pytest.warns(UserWarning, match="broken"), pytest.raises(ValueError, match="no images in Eel"):
        ImageFolder(photos, 4, broken="warn")


def test_folders_that_are_not_folders_of_classes(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=f"nowhere does not exist; relative paths start at {Path.cwd()}"):
        ImageFolder("nowhere", 4)
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        ImageFolder(photos / "cat/z.jpg", 4)
    with pytest.raises(ValueError, match=r"the 2 images are in .*expected a folder for each class"):
        ImageFolder(photos / "dog", 4)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=r"no images below .*empty"):
        ImageFolder(tmp_path / "empty", 4)
    for part in ("Train", "test"):
        save(tmp_path / "parts" / part / "cat/1.png")
    with pytest.raises(ValueError, match=r"are Train, test, which are parts .*ImageFolder\('.*parts/Train', …\)"):
        ImageFolder(tmp_path / "parts", 4)


def test_a_folder_unpacked_one_level_too_deep(tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        save(tmp_path / "unpacked/photos" / name / "1.png")
    with pytest.raises(ValueError, match=r"in the folders cat, dog of .*write ImageFolder\('.*photos', …\)"):
        ImageFolder(tmp_path / "unpacked", 4)
    assert len(ImageFolder(tmp_path / "unpacked/photos", 4)) == 2


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_symbolic_links(photos: Path, tmp_path: Path) -> None:
    save(tmp_path / "elsewhere/fox/1.png")
    (photos / "fox").symlink_to(tmp_path / "elsewhere/fox")
    (photos / "cat/link.jpg").symlink_to(photos / "cat/z.jpg")
    (photos / "cat/loop").symlink_to(photos / "cat")
    (photos / "cat/garden/up").symlink_to(photos)
    data = ImageFolder(photos, 4)
    assert data.classes == ("Eel", "cat", "dog", "fox")
    names = [path.relative_to(photos).as_posix() for path in data.paths]
    assert "cat/link.jpg" in names
    assert "fox/1.png" in names
    assert not [name for name in names if "loop" in name]
    assert len(names) < 20, "no endless path"


def test_split_keeps_what_a_model_needs(photos: Path) -> None:
    data = ImageFolder(photos, 4)
    train, test = split(data, test_size=1)
    assert train.classes == test.classes == data.classes
    assert train.preprocessing is data.preprocessing
    assert test.labels.tolist() != [0], "the class of one image is for training"
    x, y = test[0]
    assert x.shape == (3, 4, 4)
    assert y == test.labels[0]


def test_it_is_pickled(photos: Path) -> None:
    data = pickle.loads(pickle.dumps(ImageFolder(photos, 4)))
    assert len(data) == 5
    assert data[0][0].shape == (3, 4, 4)


def test_settings(photos: Path) -> None:
    with pytest.raises(ValueError, match="broken is 'skip', expected 'error' or 'warn'"):
        ImageFolder(photos, 4, broken="skip")
    with pytest.raises(TypeError, match="size"):
        ImageFolder(photos)  # type: ignore[call-arg]


def test_without_pillow(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r'ImageFolder reads images with Pillow.*"minigrad-autograd\[images\]"'):
        ImageFolder(photos, 4)


def test_the_program_named_by_a_file_is_not_started(photos: Path) -> None:
    """PostScript is a program; Pillow would start Ghostscript for it."""
    (photos / "cat/art.jpg").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n")
    with pytest.raises(ValueError, match=r"cat/art.jpg is not an image"):
        ImageFolder(photos, 4)
