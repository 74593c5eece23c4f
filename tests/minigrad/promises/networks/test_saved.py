"""Saved weights and checkpoints."""

from __future__ import annotations

import errno
import os
import pickle
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

import nn
from nn.serialization.checkpoint import load_checkpoint, save_checkpoint
from tests.helpers.memory.peak import peak_bytes

MORE = 100_000  # bytes that Python takes for the names and sizes


def refused(path: Path, said: str) -> None:
    model = nn.Linear(2, 3, rng=1)
    before = model.state_dict()
    with pytest.raises(ValueError, match=said):
        nn.load(path, into=model)
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_the_same_bytes(tmp_path: Path) -> None:
    """`nn.save` of the same weights"""
    model = nn.Linear(20, 30, rng=0)
    first = nn.save(model, tmp_path / "a.safetensors").read_bytes()
    model.weight.data = np.asfortranarray(model.weight.data)
    assert nn.save(model, tmp_path / "a.safetensors").read_bytes() == first


def test_damaged_weights(tmp_path: Path) -> None:
    """a file of weights that is damaged, cut off or changed"""
    path = nn.save(nn.Linear(2, 3, rng=0), tmp_path / "model.safetensors")
    content = path.read_bytes()
    for changed, said in (
        (content[:-4], r"model\.safetensors: at byte \d+: the file is cut off: its header describes 36 bytes .* 32"),
        (content[:5], r"at byte 5: the file ends, expected 8 bytes"),
        (content.replace(b'"shape":[3]', b'"shape":[4]'), r"bias has 12 bytes, but 16 in the shape \(4,\)"),
    ):
        path.write_bytes(changed)
        refused(path, said)


def test_flipped_bits(tmp_path: Path) -> None:
    """a bit of a file of `nn.save` or of a checkpoint that has flipped"""
    path = nn.save(nn.Linear(2, 3, rng=0), tmp_path / "model.safetensors")
    content = bytearray(path.read_bytes())
    content[-7] ^= 4
    path.write_bytes(content)
    refused(path, "the checksum of the file differs from that in its header")


def test_memory(tmp_path: Path) -> None:
    """reading weights"""
    path = nn.save(nn.Linear(500, 500, rng=0), tmp_path / "model.safetensors")
    assert peak_bytes(lambda: nn.load(path)) < path.stat().st_size + MORE
    for dtype, data in (("BF16", b"\x80\x3f" * 2), ("F8_E4M3", bytes(4))):
        size = {"BF16": 2, "F8_E4M3": 4}[dtype]
        header = f'{{"w":{{"dtype":"{dtype}","shape":[{size}],"data_offsets":[0,4]}}}}'.encode()
        path.write_bytes(len(header).to_bytes(8, "little") + header + data)
        if dtype == "BF16":
            w: Any = nn.load(path)["w"]
            assert w.dtype == np.float32
            assert w.tolist() == [1, 1]
        else:
            refused(path, "w is of F8_E4M3, float8, which NumPy does not have; convert it")


def test_other_formats(tmp_path: Path) -> None:
    """pickles of PyTorch, and HDF5 files of Keras"""
    path = tmp_path / "model.pt"
    path.write_bytes(pickle.dumps({"w": 1}))
    refused(path, r"a pickle, .* write model\.load_state_dict\(nn\.read_torch\(path\)\)")
    path.write_bytes(b"\x89HDF\r\n\x1a\n")
    refused(path, "in Keras, write")


def test_kills_and_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """a checkpoint, at a kill or an error of the disk"""
    path = tmp_path / "run"
    for epoch in (1, 2):
        save_checkpoint(path, {"epoch": epoch})
    for name, error in (
        ("write", OSError(errno.ENOSPC, "")),
        ("fsync", OSError(errno.EIO, "")),
        ("replace", OSError(errno.EROFS, "")),
        ("replace", KeyboardInterrupt()),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, Mock(side_effect=error))
            with pytest.raises(type(error)):
                save_checkpoint(path, {"epoch": 3})
        assert load_checkpoint(path) == {"epoch": 2}
        assert load_checkpoint(tmp_path / "run.previous") == {"epoch": 1}


def test_a_damaged_checkpoint(tmp_path: Path) -> None:
    """a checkpoint that is damaged"""
    path = tmp_path / "run"
    for epoch in (1, 2):
        save_checkpoint(path, {"epoch": epoch})
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.warns(RuntimeWarning, match="the previous one is loaded"):
        assert load_checkpoint(path) == {"epoch": 1}
    save_checkpoint(path, {"epoch": 3})
    assert load_checkpoint(path) == {"epoch": 3}
    assert load_checkpoint(tmp_path / "run.previous") == {"epoch": 1}
