"""config.json: what is not in order is refused, and nothing is constructed from it; 300 files that were changed."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.pretrained.config import read_config
from tests.helpers.memory.peak import peak_bytes
from tests.nn.serialization.files import damaged, same
from tests.nn.serialization.pretrained.test_folder import Net, rewrite
from tests.nn.serialization.pytorch.audit import events_of


def config(**changes: Any) -> str:
    return json.dumps({"format": "minigrad.pretrained.1", "class": "Net", "arguments": {}, **changes})


BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "byte 0: it is not JSON"),
    "half": ('{"format": ', "byte 11: it is not JSON"),
    "a list": ("[]", "not of the format minigrad.pretrained.1"),
    "of another library": (
        '{"architectures": ["BertModel"]}',
        "not of the format .*construct the model and use nn.load",
    ),
    "of another version": (config(format="minigrad.pretrained.2"), "not of the format"),
    "not UTF-8": (b'{"a\xff": 1}', "byte 3: it is not in UTF-8"),
    "NaN": (config().replace("{}", '{"scale": NaN}'), "the number NaN, which JSON does not have"),
    "infinity": (config().replace("{}", '{"scale": -Infinity}'), "the number -Infinity"),
    "twice": (config().replace("{}", '{"scale": 1, "scale": 2}'), "the name scale twice"),
    "deep": (config().replace("{}", "[" * 100_000 + "]" * 100_000), "recursion"),
    "a number of 5000 digits": (config().replace("{}", f'{{"scale": {"9" * 5000}}}'), "it has .*digits"),
    "the class as a list": (config(**{"class": ["Net"]}), "does not have exactly format, class, arguments"),
    "arguments as a list": (config(arguments=[]), "does not have exactly"),
    "more": (config(auto_map={"AutoModel": "modeling.Net"}), "does not have exactly"),
    "too long": (config(arguments={"a": "a" * 1_000_001}), "expected at most 1000000"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_config_that_is_not_in_order(tmp_path: Path, case: str) -> None:
    content, said = BAD[case]
    path = Net().save_pretrained(tmp_path) / "config.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DamagedFileError, match=said) as caught:
        read_config(path)
    assert str(caught.value).startswith(f"{path}: at byte ")
    with pytest.raises(DamagedFileError, match=said):
        Net.from_pretrained(tmp_path)


def test_configs_that_were_changed(tmp_path: Path) -> None:
    """300 of them: an error, or the same model, where a space was changed. Nothing is run, and little is allocated."""
    model = Net((4, 3), scale=0.5, dropout=0.25, rng=7)
    path = model.save_pretrained(tmp_path) / "config.json"
    content, refused = path.read_bytes(), 0
    for what, changed in islice(damaged(content, np.random.default_rng(0), header=len(content)), 300):
        path.write_bytes(changed)
        found: list[Any] = []

        def load(found: list[Any] = found) -> None:
            try:
                found.append(Net.from_pretrained(tmp_path))
            except DamagedFileError as error:
                found.append(str(error))

        assert events_of(load) == set(), what
        assert peak_bytes(load) < 1 << 20, what
        if isinstance(found[0], str):
            refused += 1
            assert found[0].startswith(f"{path}: at byte "), what
        else:
            assert same(found[0].state_dict(), model.state_dict()), what
            assert (found[0].scale, found[0].dropout.p) == (0.5, 0.25), what
    assert refused > 250


def test_weights_that_were_changed(tmp_path: Path) -> None:
    """60 of them: an error that names the file, or the same model, where the name of the checksum was changed."""
    model = Net((4, 3), rng=7)
    path = model.save_pretrained(tmp_path) / "model.safetensors"
    content, refused = path.read_bytes(), set[str]()
    for what, changed in islice(damaged(content, np.random.default_rng(0), header=len(content) - 100), 60):
        path.write_bytes(changed)

        def load(what: str = what) -> None:
            try:
                assert same(Net.from_pretrained(tmp_path).state_dict(), model.state_dict()), what
            except DamagedFileError as error:
                if str(error).startswith(f"{path}: at byte "):
                    refused.add(what)

        assert peak_bytes(load) < 1 << 20, what
    assert len(refused) > 50


@pytest.mark.parametrize("size", [10**7, 10**12, 2**200])
def test_sizes_beyond_the_weights_allocate_nothing(tmp_path: Path, size: int) -> None:
    """The author of a folder can change both files: a constructor may still not make more than the weights have."""
    for make, change in HOSTILE.items():
        model = make(3)
        path = model.save_pretrained(tmp_path / type(model).__name__)
        rewrite(path, lambda config, change=change: config.update(arguments=change(size)))

        def refused(model: Any = model, path: Path = path) -> None:
            with pytest.raises(DamagedFileError, match="parameters have room for"):
                type(model).from_pretrained(path)

        assert peak_bytes(refused) < 1 << 22, type(model).__name__


def test_many_small_layers_allocate_no_more_than_a_large_one(tmp_path: Path) -> None:
    path = nn.MLP(3, [3], 2).save_pretrained(tmp_path)
    rewrite(path, lambda config: config["arguments"].update(hidden=[300] * 400))

    def refused() -> None:
        with pytest.raises(DamagedFileError, match=r"shape \(300, 300\) does not fit"):
            nn.MLP.from_pretrained(path)

    assert peak_bytes(refused) < 1 << 22


class Norms(nn.Module):
    def __init__(self, kind: str, n: int) -> None:
        kinds: dict[str, Any] = {
            "batch": nn.BatchNorm2d,
            "group": lambda n: nn.GroupNorm(3, n),
            "layer": nn.LayerNorm,
            "rms": nn.RMSNorm,
            "prelu": nn.PReLU,
        }
        self.norm = kinds[kind](n)


HOSTILE: dict[Any, Any] = {
    lambda n: nn.LeNet(n): lambda n: {"classes": n},
    lambda n: nn.MLP(n, [n], n): lambda n: {"in_features": n, "hidden": [n], "out_features": n},
    lambda n: nn.Embedding(n, n): lambda n: {"num_embeddings": n, "embedding_dim": n},
    lambda n: nn.Conv2d(n, n, 3): lambda n: {"in_channels": n, "out_channels": n, "kernel_size": 3},
    lambda n: nn.Bilinear(n, n, n): lambda n: {"in1_features": n, "in2_features": n, "out_features": n},
    lambda n: nn.Maxout(n, n, 2): lambda n: {"in_features": n, "out_features": n, "pieces": 2},
    lambda n: nn.Perceptron(n): lambda n: {"in_features": n},
    **{
        (lambda n, kind=kind: Norms(kind, n)): (lambda n, kind=kind: {"kind": kind, "n": n})
        for kind in ("batch", "group", "layer", "rms", "prelu")
    },
}
