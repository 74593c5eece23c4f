"""Files in the safetensors format, compared with the package of that name, and with weights of PyTorch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.serialization.dtypes import NAMES
from nn.serialization.safetensors import read_safetensors, write_safetensors
from tests.helpers.pytorch import torch

pytestmark = pytest.mark.oracle
safetensors = pytest.importorskip("safetensors", reason="safetensors is not installed: make test-oracle installs it")
package = pytest.importorskip("safetensors.numpy")
for_torch = pytest.importorskip("safetensors.torch")


def arrays() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    found = {name: (100 * rng.random((2, 3))).astype(name) for name in NAMES if name != "complex64"}
    return {**found, "scalar": np.array(2.5, np.float32), "empty": np.zeros((0, 3)), 'ζ."\\\n': np.ones(1, np.uint8)}


def test_the_package_reads_what_we_write(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "file", arrays(), {"note": 'für\n"alle"'})
    read = package.load_file(path)
    assert set(read) == set(arrays())
    for name, array in arrays().items():
        assert read[name].dtype == array.dtype
        assert read[name].shape == array.shape
        np.testing.assert_array_equal(read[name], array)
    with safetensors.safe_open(path, "np") as file:
        assert file.metadata()["note"] == 'für\n"alle"'


def test_we_read_what_the_package_writes(tmp_path: Path) -> None:
    package.save_file(arrays(), tmp_path / "file", {"format": "pt"})
    read, metadata = read_safetensors(tmp_path / "file")
    assert metadata == {"format": "pt"}
    for name, array in arrays().items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)
        assert read[name].shape == array.shape


def test_the_data_are_where_the_package_puts_them(tmp_path: Path) -> None:
    """Aligned, so that PyTorch can map the file: the larger elements first, and then by name."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    tensors = {"c": np.ones(3, np.uint8), "b": np.ones(2, np.float32), "a": np.ones(1, np.float32), "d": np.ones(1)}
    write_safetensors(ours, tensors)
    package.save_file(tensors, theirs)
    headers = []
    for path in (ours, theirs):
        content = path.read_bytes()
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length])
        header.pop("__metadata__", None)
        headers.append((header, content[8 + length :]))
    assert headers[0] == headers[1]


def test_the_package_and_we_refuse_the_same_headers(tmp_path: Path) -> None:
    from tests.nn.serialization.files import safetensors_file
    from tests.nn.serialization.test_header import HEADERS

    lenient = {"more", "twice", "twice within", "shape of 65 axes", "shape overflows"}
    path = tmp_path / "file"
    for name, (header, _) in HEADERS.items():
        path.write_bytes(safetensors_file(header, bytes(4)))
        if name not in lenient:
            with pytest.raises(safetensors.SafetensorError):
                package.load_file(path)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_weights_of_pytorch(tmp_path: Path, dtype: str) -> None:
    """A state dict of PyTorch's, saved as it is, goes into the same model here; and back again."""
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Flatten(), torch.nn.Linear(64, 3)
    )
    theirs = theirs.to(getattr(torch, dtype))
    for_torch.save_file(theirs.state_dict(), tmp_path / "theirs.safetensors")
    ours = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(64, 3))
    nn.load(tmp_path / "theirs.safetensors", into=ours)
    state = ours.state_dict()
    assert list(state) == list(theirs.state_dict())
    for name, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(state[name], tensor.double().numpy())
    nn.save(ours, tmp_path / "ours.safetensors")
    back = for_torch.load_file(tmp_path / "ours.safetensors")
    theirs.load_state_dict(back)
    for name, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(state[name], tensor.double().numpy())


def test_layouts_that_the_package_stores_wrongly(tmp_path: Path) -> None:
    """The reason for a writer of our own: its numpy part stores the memory of an array, and not the array."""
    x = np.arange(6.0).reshape(2, 3)
    for view in (x.T, np.asfortranarray(x), x[:, ::-1]):
        path = write_safetensors(tmp_path / "file", {"x": view})
        np.testing.assert_array_equal(package.load_file(path)["x"], view)


def test_pytorch_has_no_generators(tmp_path: Path) -> None:
    """Everything but the state of dropout's fits."""
    ours = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5, rng=0))
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Dropout(0.5))
    state = for_torch.load_file(nn.save(ours, tmp_path / "ours.safetensors"))
    report = theirs.load_state_dict(state, strict=False)
    assert report.missing_keys == []
    assert all("rng" in name for name in report.unexpected_keys)
    np.testing.assert_array_equal(theirs[0].weight.detach().numpy(), ours[0].weight.data)
