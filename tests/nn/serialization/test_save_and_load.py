"""nn.save and nn.load: weights, class names and preprocessing, in files that are told by what is in them."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.data.preprocessing import Preprocessing
from nn.serialization.checkpoint import save_checkpoint
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.safetensors import write_safetensors
from tests.nn.serialization.files import same

every_format = pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
X = np.random.default_rng(0).random((4, 1, 6, 6), dtype=np.float32)


def network(seed: int) -> nn.Sequential:
    layers = nn.Conv2d(1, 4, 3, rng=seed), nn.BatchNorm2d(4), nn.Dropout(0.5, rng=seed), nn.Flatten()
    return nn.Sequential(*layers, nn.Linear(64, 3, rng=seed))


@every_format
def test_a_model_computes_the_same_after_it(tmp_path: Path, suffix: str) -> None:
    model = network(0)
    model(X)  # running means
    path = nn.save(model, tmp_path / "new" / f"model{suffix}")
    other = nn.load(path, into=network(1))
    assert isinstance(other, nn.Sequential)
    assert same(other.state_dict(), model.state_dict())
    np.testing.assert_array_equal(other.eval()(X).data, model.eval()(X).data)
    assert same(nn.load(path), {name: np.asarray(array) for name, array in sorted(model.state_dict().items())})
    assert other.classes is other.preprocessing is None


@every_format
def test_class_names_and_preprocessing(tmp_path: Path, suffix: str) -> None:
    preprocessing = Preprocessing(size=(6, 8), mode="L", mean=0.5, std=0.25)
    model, path = network(0), tmp_path / f"model{suffix}"
    nn.save(model, path, classes=["Katze", "Hund", "ζῷον"], preprocessing=preprocessing)
    assert model.classes is None
    other = nn.load(path, into=network(1))
    assert other.classes == ("Katze", "Hund", "ζῷον")
    assert other.preprocessing == preprocessing
    again = nn.load(nn.save(other, tmp_path / f"again{suffix}"), into=network(2))
    assert (again.classes, again.preprocessing) == (other.classes, other.preprocessing)
    assert "classes" not in str(list(other.state_dict()))
    nn.load(nn.save(network(3), path), into=again)
    assert again.classes == other.classes  # a file that does not know them does not take them away
    assert nn.Sequential.classes is None


def test_a_model_with_attributes_of_these_names(tmp_path: Path) -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            self.classes: Any = nn.Linear(2, 3, rng=0)
            self.preprocessing: Any = 7

        def forward(self, x: Any) -> Any:
            return self.classes(x)

    own = Own()
    path = nn.save(own, tmp_path / "own.safetensors")
    assert same(nn.load(path, into=Own()).state_dict(), own.state_dict())
    nn.save(own, path, classes=["a", "b", "c"])
    with pytest.warns(RuntimeWarning, match=r"Own\.classes is a Linear of its own, and does not become \('a', 'b'"):
        nn.load(path, into=own)
    own.preprocessing = None
    with pytest.warns(RuntimeWarning, match=r"Own\.classes is a Linear of its own, and does not become \('cat', 'dog'"):
        nn.Run(own, Pictures(), verbose=False)
    assert isinstance(own.classes, nn.Linear)


@every_format
def test_the_contents_tell_the_format_and_not_the_name(tmp_path: Path, suffix: str) -> None:
    path = nn.save(network(0), tmp_path / f"model{suffix}").rename(tmp_path / "weights.bin")
    assert same(nn.load(path, into=network(1)).state_dict(), network(0).state_dict())


def test_the_weights_of_a_checkpoint(tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path / "run", {"epoch": 3, "model": network(0).state_dict(), "betas": (1, 2)})
    assert same(nn.load(path, into=network(1)).state_dict(), network(0).state_dict())
    with pytest.raises(DamagedFileError, match=r"the checkpoint has no 'model'; load it by nn\.fit"):
        nn.load(save_checkpoint(tmp_path / "other", {"epoch": 3}))


class Pictures:
    """A data set that knows its classes."""

    classes = "cat", "dog", "mouse"
    preprocessing = Preprocessing(size=6, mode="L")

    def __len__(self) -> int:
        return len(X)

    def __getitem__(self, i: int) -> tuple[Any, int]:
        return X[i], i % 3


def test_class_names_from_the_data_to_the_prediction(tmp_path: Path) -> None:
    """A model learns them from the data, and keeps them in checkpoints and files of weights."""
    model, checkpoint = network(0), tmp_path / "run"
    nn.fit(model, Pictures(), epochs=1, checkpoint=checkpoint, rng=0, verbose=False)
    for path in (checkpoint, nn.save(model, tmp_path / "model.safetensors")):
        other = nn.load(path, into=network(1))
        assert other.classes == ("cat", "dog", "mouse")
        assert other.preprocessing == Pictures.preprocessing
        assert same(other.state_dict(), model.state_dict())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pickle.dumps({"w": 1}), r"a pickle, .*; if torch\.save has written it, .*nn\.read_torch\(path\)"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "an HDF5 file, as Keras writes them, .*; in Keras, write"),
        (b"\x93NUMPY\1\0" + bytes(50), r"a single array of NumPy, .*np\.savez"),
        (
            b"\xff\xd8\xff\xe0" + bytes(50),
            r"a picture, .*; pass the file of weights here, and the picture to nn\.predict",
        ),
        (b"hello, this is a text", "the header would have .* is it a safetensors file"),
        (b"", "the file ends"),
        (b"PK\3\4" + bytes(50), "the zip archive is not in order"),
    ],
)
def test_other_formats_are_named(tmp_path: Path, content: bytes, said: str) -> None:
    path, model = tmp_path / "model.pt", network(0)
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match=said):
        nn.load(path, into=model)
    assert same(model.state_dict(), network(0).state_dict())


@pytest.mark.parametrize(
    ("entry", "said"),
    [("model/data.pkl", r"a file of PyTorch, .*nn\.read_torch"), ("model.weights.h5", "a model of Keras")],
)
def test_zip_archives_of_others_are_named(tmp_path: Path, entry: str, said: str) -> None:
    with zipfile.ZipFile(tmp_path / "model", "w") as archive:
        archive.writestr(entry, b"x")
    with pytest.raises(DamagedFileError, match=said):
        nn.load(tmp_path / "model")


def test_a_path_that_leads_nowhere_says_where_it_was_sought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"^a/model\.npz: there is no such file; relative paths start at /"):
        nn.load("a/model.npz")
    with pytest.raises(FileNotFoundError, match=r"there is no such file$"):
        nn.load(tmp_path / "model.npz")
    with pytest.raises(IsADirectoryError, match="is a folder, expected a file"):
        nn.load(tmp_path)


def test_weights_that_do_not_fit_change_nothing(tmp_path: Path) -> None:
    path = nn.save(nn.Linear(2, 3, rng=0), tmp_path / "a.safetensors", classes=["a", "b", "c"])
    model = nn.Linear(3, 2, rng=1)
    with pytest.raises(ValueError, match=r"weight has shape \(3, 2\) in the state, but \(2, 3\) in this model"):
        nn.load(path, into=model)
    with pytest.raises(KeyError, match=r"missing 0\.weight"):
        nn.load(path, into=network(1))
    assert same(model.state_dict(), nn.Linear(3, 2, rng=1).state_dict())
    assert model.classes is None
    assert "weight" in str(model.load_state_dict(nn.load(path), strict=False))


@pytest.mark.parametrize(
    "texts", [{"minigrad.classes": "[1"}, {"minigrad.classes": "[1]"}, {"minigrad.preprocessing": "{}"}]
)
def test_class_names_that_are_not_in_order_change_nothing(tmp_path: Path, texts: dict[str, str]) -> None:
    model = nn.Linear(2, 3, rng=1)
    path = write_safetensors(tmp_path / "a", nn.Linear(2, 3, rng=0).state_dict(), texts)
    with pytest.raises(DamagedFileError, match="the class names or the preprocessing are not in order"):
        nn.load(path, into=model)
    assert same(model.state_dict(), nn.Linear(2, 3, rng=1).state_dict())


def refuse(path: Path) -> dict[str, tuple[Any, type[Exception], str]]:
    model = nn.Linear(1, 1)
    return {
        "save, swapped": (lambda: nn.save(path, model), TypeError, r"the model comes first: nn\.save\(model, path\)"),
        "save, a state": (lambda: nn.save(model.state_dict(), path), TypeError, "model is a dict, expected"),
        "save, no path": (lambda: nn.save(model, 3), TypeError, "path is a int, expected the name of a file"),
        "save, PyTorch": (
            lambda: nn.save(model, "m.pt"),
            ValueError,
            r"'m\.pt'; the name must end in",
        ),
        "save, no suffix": (lambda: nn.save(model, path / "model"), ValueError, "cannot tell a format from 'model'"),
        "save, one class": (
            lambda: nn.save(model, path, classes="cat"),
            TypeError,
            "'cat', expected a list",
        ),
        "save, numbers": (lambda: nn.save(model, path, classes=[0, 1]), TypeError, "expected a list of names"),
        "save, twice": (lambda: nn.save(model, path, classes=["a", "a"]), ValueError, "classes has 'a' twice"),
        "save, none": (lambda: nn.save(model, path, classes=[]), ValueError, "classes is empty"),
        "save, function": (lambda: nn.save(model, path, preprocessing=abs), TypeError, "expected an nn.data.Preproc"),
        "load, swapped": (
            lambda: nn.load(model, path),
            TypeError,
            r"first: nn\.load\(path, into=model\)",
        ),
        "load, class": (lambda: nn.load(path, into=nn.Linear), TypeError, "into is a type, expected an nn.Module"),
        "load, Tensor": (lambda: nn.load(path, into=mg.Tensor(1.0)), TypeError, "into is a Tensor"),
        "load, missing": (lambda: nn.load(path, into=model), FileNotFoundError, "a.safetensors"),
        "load, folder": (lambda: nn.load(path.parent, into=model), IsADirectoryError, "."),
        "load, keyword": (lambda: nn.load(path, model=model), TypeError, "model"),
    }


@pytest.mark.parametrize("name", refuse(Path()))
def test_one_thing_in_place_of_another(tmp_path: Path, name: str) -> None:
    call, error, said = refuse(tmp_path / "a.safetensors")[name]
    with pytest.raises(error, match=said):
        call()
    assert list(tmp_path.iterdir()) == []
