"""save_pretrained and from_pretrained: a folder makes the same model again, or is refused for what is wrong."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.pretrained import folder as folders
from nn.serialization.safetensors import read_safetensors, write_safetensors
from tests.nn.serialization.files import same


class Net(nn.Module):
    """A class of a user, with layers, a buffer and settings."""

    def __init__(self, widths: Any = (4, 3), *, scale: float = 1.0, dropout: float = 0.0, rng: Any = None) -> None:
        rng = np.random.default_rng(rng)
        self.widths, self.scale = tuple(widths), scale
        self.layers = [nn.Linear(i, o, rng=rng) for i, o in pairwise(widths)]
        self.dropout = nn.Dropout(dropout, rng=rng)
        self.steps = nn.Buffer(np.array(0, np.int64))

    def forward(self, x: Any) -> Any:
        for layer in self.layers:
            x = mg.tanh(layer(x)) * self.scale
        return self.dropout(x)


class Other(nn.Module):
    """Has the parameters of `Net`, and other ones."""

    def __init__(self) -> None:
        self.layers = [nn.Linear(4, 3)]


class RandomFeatures(nn.Module):
    """Has an array that is not saved: a seed makes it again, and a generator does not."""

    def __init__(self, rng: Any = None, tensor: bool = False) -> None:
        features = np.random.default_rng(rng).normal(size=(28, 3))
        self.features: Any = mg.Tensor(features) if tensor else features
        self.layer = nn.Linear(3, 2, dtype=np.float64, rng=0)

    def forward(self, x: Any) -> Any:
        return self.layer(x @ self.features)


IMAGES = np.random.default_rng(0).normal(size=(2, 1, 28, 28)).astype(np.float32)
MODELS: dict[str, tuple[Callable[[], nn.Module], Any]] = {
    "LeNet": (lambda: nn.LeNet(classes=3, classic=True, rng=0), IMAGES),
    "ResNet20": (lambda: nn.ResNet20(rng=np.random.default_rng(0)), np.zeros((1, 3, 32, 32), np.float32)),
    "ConvNet": (lambda: nn.ConvNet((1, 28, 28), [(4,), (8,)], 16, pool=(True, False), batch_norm=True), IMAGES),
    "MLP": (lambda: nn.MLP(28, [3], 2, dropout=0.5, dtype=np.float64, rng=0), IMAGES.astype(np.float64)),
    "Autoencoder": (lambda: nn.ConvAutoencoder([1, 4, 2], rng=0), IMAGES),
    "of a user": (lambda: Net((28, 5, 2), scale=0.5, dropout=0.1, rng=3), IMAGES),
    "with an array": (lambda: RandomFeatures(rng=3), IMAGES.astype(np.float64)),
    "a layer": (lambda: nn.Conv2d(1, 2, (3, 5), padding="same", padding_mode="reflect"), IMAGES),
}


@pytest.mark.parametrize("name", MODELS)
def test_the_same_model_comes_back(tmp_path: Path, name: str) -> None:
    make, x = MODELS[name]
    model = make()
    model(x)  # running values, and generators that have drawn
    model.classes = ("cat", "dog")
    path = model.save_pretrained(tmp_path / "new" / "folder")
    assert sorted(each.name for each in path.iterdir()) == ["README.md", "config.json", "model.safetensors"]
    again = type(model).from_pretrained(path)
    assert type(again) is type(model)
    assert same(again.state_dict(), model.state_dict())
    assert again.classes == ("cat", "dog")
    assert not any(module.training for module in again.modules())
    np.testing.assert_array_equal(np.asarray(again(x)), np.asarray(model.eval()(x)))
    assert repr(again).replace("[3, 5]", "(3, 5)") == repr(model)  # a tuple comes back as a list


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    model = nn.LeNet(rng=0)
    for name in ("a", "b"):
        model.save_pretrained(tmp_path / name)
    for file in ("config.json", "model.safetensors", "README.md"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_dtypes_that_were_changed_come_back(tmp_path: Path) -> None:
    for dtype in (np.float64, np.float16):
        model = nn.ConvNet((1, 4, 4), [(2,)], batch_norm=True, rng=0).to(dtype)
        again = nn.ConvNet.from_pretrained(model.save_pretrained(tmp_path))
        assert same(again.state_dict(), model.state_dict())


def test_what_is_frozen_is_what_the_constructor_freezes(tmp_path: Path) -> None:
    class Frozen(nn.Module):
        def __init__(self) -> None:
            self.first, self.last = nn.Linear(2, 3), nn.Linear(3, 1)
            for p in self.first.parameters():
                p.requires_grad = False

    def frozen(model: nn.Module) -> list[str]:
        return [name for name, p in model.named_parameters() if not p.requires_grad]

    model = Frozen()
    model.last.bias.requires_grad = False
    again = Frozen.from_pretrained(model.save_pretrained(tmp_path))
    assert frozen(again) == ["first.weight", "first.bias"]


def test_preprocessing_comes_back(tmp_path: Path) -> None:
    model = nn.LeNet(rng=0)
    model.preprocessing = nn.data.Preprocessing((28, 28), "L", mean=0.5)
    path = model.save_pretrained(tmp_path)
    assert nn.LeNet.from_pretrained(path).preprocessing.as_dict() == model.preprocessing.as_dict()
    assert "- mean: `0.5`" in (path / "README.md").read_text()


# ---------------------------------------------------------------------- what is refused before anything is written


def changed(change: Callable[[Any], Any]) -> nn.Module:
    model = Net()
    change(model)
    return model


REFUSED: dict[str, tuple[Callable[[], nn.Module], type[Exception], str]] = {
    "layers": (lambda: nn.Sequential(nn.Linear(2, 3)), TypeError, "the argument modules of Sequential .* a Linear,"),
    "a class": (lambda: nn.MLP(2, 3, 4, nn.Tanh), TypeError, "the argument activation of MLP is or has a Tanh"),
    "a layer that was replaced": (
        lambda: changed(lambda net: setattr(net, "layers", [nn.Linear(4, 2)])),
        ValueError,
        r"layers\.0\.weight has shape \(2, 4\), and has shape \(3, 4\) in what the constructor makes",
    ),
    "a layer that was added": (
        lambda: changed(lambda net: net.layers.append(nn.ReLU())),
        ValueError,
        r"layers\.1 is a ReLU, and is not there in what",
    ),
    "a layer that was taken out": (
        lambda: changed(lambda net: net.layers.clear()),
        ValueError,
        r"layers\.0 is not there, and is a Linear in what",
    ),
    "a layer of another kind": (
        lambda: changed(lambda net: setattr(net, "dropout", nn.ReLU())),
        ValueError,
        "dropout is a ReLU, and is a Dropout in what",
    ),
    "a setting of a layer": (
        lambda: changed(lambda net: setattr(net.dropout, "p", 0.2)),
        ValueError,
        r"dropout\.p is 0\.2, and 0\.0 in what",
    ),
    "a setting": (lambda: changed(lambda net: setattr(net, "scale", 2)), ValueError, r"scale is 2, and 1\.0 in what"),
    "an array that was drawn": (
        lambda: RandomFeatures(),
        ValueError,
        r"features is 'an array \w+ of float64 \(28, 3\)', and 'an array .* an nn\.Buffer",
    ),
    "a tensor that was drawn": (
        lambda: RandomFeatures(tensor=True),
        ValueError,
        "features is 'an array .* and 'an array",
    ),
    "a parameter that was added": (
        lambda: changed(lambda net: setattr(net, "more", nn.Parameter(np.ones(2)))),
        ValueError,
        r"more has shape \(2,\), and is missing in what",
    ),
    "a dtype": (
        lambda: changed(lambda net: setattr(net.layers[0].bias, "data", np.ones(3, np.complex128))),
        TypeError,
        "complex128",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_before_anything_is_written(tmp_path: Path, case: str) -> None:
    make, error, said = REFUSED[case]
    with pytest.raises(error, match=said):
        make().save_pretrained(tmp_path / "new")
    assert not (tmp_path / "new").exists()


class TakesTuples(nn.Module):
    def __init__(self, sizes: Any) -> None:
        self.names = dict.fromkeys([sizes], 1)


def test_a_class_that_cannot_do_with_lists(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"TakesTuples cannot be constructed from config\.json: TypeError: .*tuples into"
    ):
        TakesTuples((1, 2)).save_pretrained(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folders_that_are_not_ones(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="is a file, expected a folder"):
        Net().save_pretrained(tmp_path / "file")
    with pytest.raises(TypeError, match="folder is a int"):
        Net().save_pretrained(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="folder is a int"):
        Net.from_pretrained(3)  # type: ignore[arg-type]
    for missing in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(FileNotFoundError, match=r"there is no such folder.*has to be downloaded first"):
            Net.from_pretrained(missing)
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors: there is no such file"):
        Net.from_pretrained(tmp_path)
    (Net().save_pretrained(tmp_path / "a") / "config.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"config\.json: there is no such file"):
        Net.from_pretrained(tmp_path / "a")


# ---------------------------------------------------------------------- what is refused when it is loaded


def test_the_config_of_another_class(tmp_path: Path) -> None:
    path = Net().save_pretrained(tmp_path)
    for cls in (Other, nn.LeNet, nn.Module, nn.Sequential):
        said = rf"it is the config of Net, and {cls.__name__} was asked for; write Net\.from_pretrained\(folder\)"
        with pytest.raises(DamagedFileError, match=said):
            cls.from_pretrained(path)


def rewrite(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the config, and take out its checksum that is in the weights: as the author of a folder could."""
    config = json.loads((path / "config.json").read_text())
    change(config)
    (path / "config.json").write_text(json.dumps(config))
    tensors, metadata = read_safetensors(path / "model.safetensors")
    write_safetensors(path / "model.safetensors", tensors, {k: v for k, v in metadata.items() if "config" not in k})


class Needs(nn.Module):
    def __init__(self, width: int, *rest: int, **options: int) -> None:  # noqa: ARG002
        self.layer = nn.Linear(width, 1)


ARGUMENTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"widht": 3}, "Needs has no argument widht; did you mean width"),
    "unknown by far": ({"width": 3, "x\x1b": 3}, "Needs has no argument x�; it has width, rest, options"),
    "missing": ({}, "the argument width of Needs is missing"),
    "of another type": ({"width": "3"}, "Needs refuses its arguments: TypeError: Linear: in_features is '3'"),
    "too small": ({"width": -3}, "Needs refuses its arguments: ValueError: "),
    "too large": ({"width": 10**12}, r"refuses .*a parameter of shape \(1, 1000000000000\) does not fit: .* room for"),
    "several as one": ({"width": 3, "rest": 3}, "the argument rest is not a list"),
    "options as one": ({"width": 3, "options": 3}, "the argument options is not a dict"),
    "other weights": ({"width": 2}, r"layer\.weight has shape \(1, 3\) in the state, but \(1, 2\) in this model"),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_arguments_that_are_not_those_of_the_class(tmp_path: Path, case: str) -> None:
    arguments, said = ARGUMENTS[case]
    path = Needs(3).save_pretrained(tmp_path)
    rewrite(path, lambda config: config.update(arguments=arguments))
    with pytest.raises(DamagedFileError, match=said):
        Needs.from_pretrained(path)


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda tensors: {key: value for key, value in tensors.items() if key != name}


TENSORS: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "missing": (without("layers.0.bias"), r"missing layers\.0\.bias"),
    "unexpected": (lambda tensors: {**tensors, "more": np.ones(2)}, "unexpected more"),
    "of another shape": (
        lambda tensors: {**tensors, "layers.0.bias": np.ones(2, np.float32)},
        r"layers\.0\.bias has shape \(2,\) in the state, but \(3,\) in this model",
    ),
    "complex": (
        lambda tensors: {**tensors, "layers.0.bias": np.ones(3, np.complex64)},
        r"layers\.0\.bias is complex in the state",
    ),
    "not whole": (lambda tensors: {**tensors, "steps": np.array(0.5)}, "steps has values in the state that int64"),
}


@pytest.mark.parametrize("case", TENSORS)
def test_weights_that_are_not_those_of_the_class(tmp_path: Path, case: str) -> None:
    change, said = TENSORS[case]
    path = Net().save_pretrained(tmp_path)
    tensors, metadata = read_safetensors(path / "model.safetensors")
    write_safetensors(path / "model.safetensors", change(tensors), metadata)
    with pytest.raises(DamagedFileError, match=rf"model\.safetensors: .*{said}.*; the class is not the one whose"):
        Net.from_pretrained(path)


def test_a_config_that_was_edited(tmp_path: Path) -> None:
    """An argument without a shape, as a probability, would change what the model computes without an error."""
    path = Net(dropout=0.5).save_pretrained(tmp_path)
    text = (path / "config.json").read_text()
    (path / "config.json").write_text(text.replace('"scale": 1.0', '"scale": 2.0'))
    with pytest.raises(
        DamagedFileError, match=r"not the config with which .* was written; to change an argument, .*nn\.load"
    ):
        Net.from_pretrained(path)
    (path / "config.json").write_text(json.dumps(json.loads(text), sort_keys=True))  # the same in another order
    Net.from_pretrained(path)


def test_weights_of_another_program(tmp_path: Path) -> None:
    """Without the checksum of a config, as the package safetensors writes them, they are loaded."""
    path = Net().save_pretrained(tmp_path)
    tensors, _ = read_safetensors(path / "model.safetensors")
    write_safetensors(path / "model.safetensors", {**tensors, "steps": np.array(7)})
    assert int(Net.from_pretrained(path).steps) == 7


# ---------------------------------------------------------------------- whenever the program is killed


class Killed(BaseException):
    """In place of a kill."""


def test_a_folder_has_the_old_model_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between any two files, three times in a row, it has the last model that was written completely."""
    old = Net((4, 3), rng=0)
    write = mg.files.write_file
    for crashes in ([0], [1], [2], [1, 1, 1], [1, 0, 1]):
        path = old.save_pretrained(tmp_path / str(crashes))
        expected: nn.Module = old
        for i, crash in enumerate(crashes):
            new, written = Net((4, 5 + i), scale=2.0, rng=i), 0

            def killed(*args: Any, crash: int = crash, **kwargs: Any) -> Any:
                nonlocal written
                if written == crash:
                    raise Killed
                written += 1
                return write(*args, **kwargs)

            monkeypatch.setattr(folders.mg.files, "write_file", killed)
            (path / "README.md").unlink(missing_ok=True)
            with pytest.raises(Killed):
                new.save_pretrained(path)
            monkeypatch.setattr(folders.mg.files, "write_file", write)
            expected = new if crash == 2 else expected
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                found = Net.from_pretrained(path)
            assert same(found.state_dict(), expected.state_dict())
            assert found.scale == expected.scale
            assert [str(w.message).partition(" belongs to weights that were not written")[1] != "" for w in caught] == (
                [True] if found.widths == (4, 3) and crashes[: i + 1] != [0] else []
            )
        final = Net((4, 2), rng=9)
        final.save_pretrained(path)
        assert same(Net.from_pretrained(path).state_dict(), final.state_dict())
        assert not (path / "config.json.previous").exists()


def test_a_card_that_was_written_by_hand_stays(tmp_path: Path) -> None:
    path = Net().save_pretrained(tmp_path)
    (path / "README.md").write_text("mine")
    (path / "other.txt").write_text("mine, too")
    Net().save_pretrained(path)
    assert (path / "README.md").read_text() == (path / "other.txt").read_text()[:4] == "mine"


def test_the_card(tmp_path: Path) -> None:
    model = Net((4, 3), scale=0.5)
    model.classes = ("cat", "d\x1bg")
    card = (model.save_pretrained(tmp_path) / "README.md").read_text()
    assert card.startswith("---\nlibrary_name: minigrad\n")
    assert "with 15 parameters, of the class `Net`" in card
    assert 'model = Net.from_pretrained("folder")' in card
    assert "| `widths` | `[4, 3]` |" in card
    assert "cat, d�g" in card
    assert "nn.LeNet.from_pretrained" in (nn.LeNet().save_pretrained(tmp_path / "a") / "README.md").read_text()
