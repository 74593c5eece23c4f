"""What the tables advise for words of PyTorch and Keras can be run, and is of what is not here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from nn.unsupported_words import ATTRIBUTES, NAMES
from tests.helpers.training import X, Y, classifier


def test_the_tables_have_only_what_is_not_here() -> None:
    here = [*nn.__all__, *nn.data.__all__, *nn.init.__all__, *mg.__all__]
    assert set(here).isdisjoint(NAMES)
    for cls in (nn.Module, nn.optim.Optimizer, nn.History, nn.data.DataLoader, nn.data.Subset, nn.Run):
        assert not [name for name in ATTRIBUTES[cls.__name__] if hasattr(cls, name)]


def _run(advice: str, **names: Any) -> None:
    exec(advice, {"nn": nn, "np": np, "mg": mg, **names})


def test_what_other_libraries_call_the_parts_of_a_folder(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    (tmp_path / "cat").mkdir()
    image.new("RGB", (4, 4)).save(tmp_path / "cat" / "1.png")
    data: Any = nn.data.ImageFolder(tmp_path, size=4)
    for name, advice in ATTRIBUTES["ImageFolder"].items():
        assert name not in dir(data)
        with pytest.raises(AttributeError) as caught:
            getattr(data, name)
        assert str(caught.value) == f"ImageFolder has no attribute {name!r}; write {advice}"
        _run(advice.replace("…", "None").replace("name", "'cat'").replace(", and", ","), data=data)


@pytest.mark.parametrize("name", sorted({*ATTRIBUTES["Module"]} - {"compile"}))
def test_what_is_advised_for_attributes_of_models_can_be_run(name: str, tmp_path: Path) -> None:
    model = classifier()
    np.savez(tmp_path / "w.npz", **model.state_dict())
    optimizer = nn.optim.SGD(model.parameters())
    loss = mg.cross_entropy(model(X), Y)
    if name == "step":
        loss.backward()
    advice = ATTRIBUTES["Module"][name]
    advice = re.split(r", (?=on the|of a)", advice)[0]
    _run(
        advice,
        model=model,
        optimizer=optimizer,
        loss=loss,
        x=X,
        y=Y,
        array=X,
        layer=nn.ReLU(),
        path=tmp_path / "w.npz",
        state=model.state_dict(),
        t=mg.Tensor(1.0, requires_grad=True),
        hook=lambda t_bar: None,
        dtype=np.float64,
        name="0",
        input_shape=(2,),
    )
