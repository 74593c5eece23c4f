"""Predictions: outputs of arrays and data sets, the class of a picture, and what to write for anything else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn

Image = pytest.importorskip("PIL.Image")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Six photos: the classes are dark and light."""
    for name, brightness in (("dark", 10), ("light", 240)):
        (tmp_path / name).mkdir()
        for i in range(3):
            Image.new("RGB", (9, 7 + i), (brightness + i,) * 3).save(tmp_path / name / f"{i}.jpg")
    return tmp_path


def model_of(data: nn.data.ImageFolder) -> nn.Module:
    """A model that knows the classes of the data, and tells light from dark."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 4 * 4, 2, rng=0))
    model[1].weight.data[:] = np.array([[-1.0], [1.0]])
    model[1].bias.data[:] = [24.0, -24.0]
    model.classes, model.preprocessing = data.classes, data.preprocessing
    return model


def test_a_data_set_is_predicted_in_its_order_and_a_photo_by_name(photos: Path) -> None:
    data = nn.data.ImageFolder(photos, size=4)
    model = model_of(data)
    images = np.stack([x for x, _ in data])
    np.testing.assert_array_equal(nn.predict(model, data, batch_size=4), nn.predict(model, images))
    assert [nn.predict(model, path).name for path in data.paths] == ["dark"] * 3 + ["light"] * 3
    name, probability = nn.predict(model, str(data.paths[0]))
    assert (name, probability > 0.5) == ("dark", True)


def test_what_is_not_inputs_says_what_to_write(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = nn.data.ImageFolder(photos, size=4)
    model = model_of(data)
    image = Image.open(data.paths[0])
    cases: list[tuple[Any, type[Exception], str]] = [
        (list(data.paths), TypeError, "got a list of paths; write [nn.predict(model, path) for path in paths]"),
        (tuple(map(str, data.paths)), TypeError, "got a tuple of paths; write"),
        (image, TypeError, "an image of Pillow; pass the path of its file, or model.preprocessing(image)[None]"),
        (nn.data.DataLoader(data), TypeError, "whose order may be another one; pass the inputs, or the data set"),
        (data.paths[0].read_bytes(), TypeError, "got a bytes; pass the inputs alone"),
        (photos, IsADirectoryError, "is a folder, expected the path of a picture; write [nn.predict(model, path) for"),
    ]
    for given, error, said in cases:
        with pytest.raises(error, match=re.escape(said)):
            nn.predict(model, given)
    assert nn.predict(model, model.preprocessing(image)[None]).argmax() == 0  # as the message says
    monkeypatch.chdir(photos)
    with pytest.raises(IsADirectoryError) as caught:
        nn.predict(model, "light")
    advised = str(caught.value).partition("write ")[2]
    assert [found.name for found in eval(advised, {"nn": nn, "model": model, "Path": Path})] == ["light"] * 3


def test_weights_are_not_a_model(tmp_path: Path) -> None:
    path = nn.save(nn.Linear(2, 3), tmp_path / "a.npz")
    with pytest.raises(TypeError, match=r"got a dict; weights are loaded into a model: nn\.load\(path, into=model\)"):
        nn.predict(nn.load(path), np.ones((1, 2)))  # type: ignore[arg-type]
