"""Files that were changed or cut off at random: an error of one type, or an intact result; nothing else happens."""

from __future__ import annotations

import warnings
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.serialization.checkpoint import load_checkpoint, save_checkpoint
from nn.serialization.damaged_file import DamagedFileError
from tests.helpers.memory.peak import peak_bytes
from tests.nn.serialization.files import damaged, same

MORE = 200_000  # bytes that Python takes for a header of some 1000 bytes and for an error


def network(seed: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(1, 4, 3, rng=seed), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(64, 10, rng=seed))


def refusal(call: Any) -> DamagedFileError | None:
    """The error of a call, if there is one."""
    try:
        call()
    except DamagedFileError as error:
        return error
    return None


@pytest.mark.parametrize("suffix", ["safetensors", "npz"])
def test_weights(tmp_path: Path, suffix: str) -> None:
    """200 files; a flipped bit of the key of the checksum alone leaves an intact file without one."""
    saved, path = network(0), tmp_path / f"model.{suffix}"
    nn.save(saved, path, classes=list("abcdefghij"))
    content, wanted, refused = path.read_bytes(), saved.state_dict(), 0
    for what, changed in islice(damaged(content, np.random.default_rng(0), header=900), 200):
        path.write_bytes(changed)
        model = network(1)
        before, error = model.state_dict(), refusal(lambda model=model: nn.load(path, into=model))
        if error is None:
            assert same(model.state_dict(), wanted), what
        else:
            refused += 1
            assert str(error).startswith(f"{path}: at byte "), what
            assert same(model.state_dict(), before), what
            assert model.classes is None, what
    assert refused >= 150
    for what, changed in islice(damaged(content, np.random.default_rng(1), header=900), 40):
        path.write_bytes(changed)
        assert peak_bytes(lambda: refusal(lambda: nn.load(path))) <= len(changed) + MORE, what


def test_checkpoints(tmp_path: Path) -> None:
    state = {"epoch": 3, "model": network(0).state_dict(), "history": {"loss": [0.5, 0.25]}, "betas": (0.9, 0.99)}
    path = save_checkpoint(tmp_path / "run", state)
    content = path.read_bytes()
    for what, changed in islice(damaged(content, np.random.default_rng(0), header=1500), 200):
        path.write_bytes(changed)
        assert refusal(lambda: load_checkpoint(path)) is not None, what
    path.write_bytes(content)
    save_checkpoint(path, {})
    path.write_bytes(content[:-1])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert same(load_checkpoint(path), state)
    assert len(caught) == 1


def test_files_of_others_without_a_checksum(tmp_path: Path) -> None:
    """Their structure is checked: names, shapes and sizes are those of the file, or it is refused."""
    path = tmp_path / "file"
    nn.save(network(0), path.with_suffix(".safetensors"))
    whole = path.with_suffix(".safetensors").read_bytes().replace(b'"minigrad.sha256"', b'"another.sha256_"')
    for what, changed in islice(damaged(whole, np.random.default_rng(2), header=900), 200):
        path.write_bytes(changed)
        peak = peak_bytes(lambda: refusal(lambda: nn.load(path)))
        assert peak <= 2 * len(changed) + MORE, what  # an F16 may have become a BF16
