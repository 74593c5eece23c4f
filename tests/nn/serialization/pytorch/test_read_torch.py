"""Files of torch.save are read without PyTorch: those in written_by_pytorch/ were written by it."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.serialization.damaged_file import DamagedFileError
from tests.nn.serialization.files import same
from tests.nn.serialization.pytorch.audit import events_of
from tests.nn.serialization.pytorch.files import WRITTEN, archive, name, state, storage, tensor

FILES = sorted(path.name for path in WRITTEN.glob("*.pt"))
WEIGHT = np.arange(24, dtype=np.float32).reshape(2, 3, 2, 2)


def array(values: Any, dtype: Any = np.float32) -> Any:
    return np.array(values, dtype)


@pytest.fixture(scope="module", params=FILES)
def read(request: pytest.FixtureRequest) -> dict[str, Any]:
    return nn.read_torch(WRITTEN / request.param)  # type: ignore[no-any-return]


def test_all_four_formats_are_there() -> None:
    assert FILES == ["checkpoint.pt", "legacy.pt", "legacy_protocol_4.pt", "protocol_4.pt"]


def test_values_and_dtypes(read: dict[str, Any]) -> None:
    expected = {
        "channels_last": WEIGHT,
        "transposed": WEIGHT.reshape(6, 4).T,
        "row": WEIGHT[1, 0, 1],
        "parameter": array([1, 1]),
        "bfloat16": array([[1.0], [-2.5], [3.140625]]),
        "float16": array([0.5, 65504], np.float16),
        "bool": np.array([True, False]),
        "uint16": array([1, 65535], np.uint16),
        "complex128": array([1 + 2j], np.complex128),
        "empty": np.zeros((0, 3), np.float32),
        "scalar": np.array(2.5),
    }
    for key, value in expected.items():
        assert isinstance(read[key], np.ndarray), key
        assert read[key].flags.writeable, key
        assert same(read[key], value), key


def test_memory_is_that_of_pytorch(read: dict[str, Any]) -> None:
    assert read["channels_last"].strides == (48, 4, 24, 12)
    assert read["transposed"].strides == (4, 16)
    assert np.shares_memory(read["transposed"], read["row"])
    assert not np.shares_memory(read["transposed"], read["channels_last"])


def test_everything_else(read: dict[str, Any]) -> None:
    assert same(read["others"], [1, (2**40, -(2**80)), None, True, 0.5, "ü", {"nested": (1, 2)}])
    assert (read["device"], read["dtype"]) == ("cuda:1", "torch.float32")
    assert read["milestones"]["milestones"] == {3: 1, 5: 1}
    adam = read["optimizer"]
    assert list(adam["state"]) == [0, 1, 2, 3]
    assert same(adam["state"][3]["step"], np.array(1, np.float32))
    assert adam["param_groups"][0]["betas"] == (0.9, 0.999)
    assert adam["param_groups"][0]["params"] == [0, 1, 2, 3]


def test_the_state_goes_into_a_model(read: dict[str, Any]) -> None:
    model = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1))
    assert repr(model.load_state_dict(read["model"])) == "<All keys matched successfully>"
    assert same(model.state_dict()["1.running_mean"], read["model"]["1.running_mean"])
    with pytest.raises(KeyError, match=r"state\['model'\] is a dictionary itself: is it the state of the model"):
        model.load_state_dict(read)


def test_reading_needs_neither_pytorch_nor_any_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """No audit event but those of opening the file: nothing is imported, compiled, run or unpickled."""
    for file in FILES:
        assert events_of(lambda file=file: nn.read_torch(WRITTEN / file)) == set()

    def no_import(*_: Any, **__: Any) -> None:
        raise AssertionError("an import")

    monkeypatch.setattr(builtins, "__import__", no_import)
    nn.read_torch(WRITTEN / "checkpoint.pt")


def test_nn_load_says_what_reads_them() -> None:
    for file in FILES:
        with pytest.raises(DamagedFileError, match=r"write model\.load_state_dict\(nn\.read_torch\(path\)\)"):
            nn.load(WRITTEN / file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "byte 0: it is not a file of torch.save; it may be cut off"),
        (b"\x08\0\0\0\0\0\0\0{}      ", r"nn\.load\(path\) reads safetensors files"),
        (b"\x93NUMPY\x01\0", r"numpy\.load"),
        (b"\x80\x04\x95", "a pickle, which can run any program"),
        (b"<html>", "not a file of torch.save"),
    ],
)
def test_files_of_other_programs(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x.pt").write_bytes(content)
    with pytest.raises(DamagedFileError, match=said):
        nn.read_torch(tmp_path / "x.pt")


def test_an_archive_of_numpy_is_told_to_be_one(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", x=np.ones(3))
    with pytest.raises(DamagedFileError, match=r"nn\.load\(path\) reads \.npz files"):
        nn.read_torch(tmp_path / "x.npz")


def test_what_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"path is a Linear, expected .*nn\.read_torch\(path\) returns arrays"):
        nn.read_torch(nn.Linear(2, 3))  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        nn.read_torch(tmp_path / "x.pt")
    with pytest.raises(IsADirectoryError):
        nn.read_torch(tmp_path)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (storage(3), "a storage without a tensor"),
        (name("collections", "OrderedDict"), "a function or a class"),
        (name("torch", "FloatStorage"), "a function or a class"),
        (b"(" + storage(3) + b"\x85l"[:1] + b"t", "a storage without a tensor"),
    ],
)
def test_names_and_storages_are_not_values(tmp_path: Path, value: bytes, said: str) -> None:
    path = archive(tmp_path / "x.pt", state(value), {"0": np.ones(3, np.float32)})
    with pytest.raises(DamagedFileError, match=f"{said}.*among its values"):
        nn.read_torch(path)


def test_a_list_that_contains_itself(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.pt", b"\x80\x02]q\x00h\x00a.")
    found = nn.read_torch(path)
    assert found[0] is found


def test_a_storage_is_filled_once_for_all_its_tensors(tmp_path: Path) -> None:
    """As often as tensors name it, it is there once: so a small file cannot ask for much memory."""
    twice = b"\x80\x02(" + tensor(storage(4), [4], [1]) + tensor(storage(4), [2, 2], [1, 2]) + b"t."
    a, b = nn.read_torch(archive(tmp_path / "x.pt", twice, {"0": array([1, 2, 3, 4])}))
    assert b.tolist() == [[1, 3], [2, 4]]
    a[1] = 5
    assert b.tolist() == [[1, 3], [5, 4]]
