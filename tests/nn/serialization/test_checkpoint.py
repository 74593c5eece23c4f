"""Checkpoints: the last two are kept, and the previous one is loaded where the last one is damaged."""

from __future__ import annotations

import errno
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.serialization import checkpoint
from nn.serialization.checkpoint import load_checkpoint, save_checkpoint
from nn.serialization.damaged_file import DamagedFileError
from nn.serialization.safetensors import write_safetensors
from tests.nn.serialization.files import same


def state(epoch: int) -> dict[str, Any]:
    return {"epoch": epoch, "model": {"w": np.arange(50.0) + epoch}, "betas": (0.9, epoch), 3: np.float32(epoch)}


def previous(path: Path) -> Path:
    return path.with_name(f"{path.name}.previous")


def test_the_last_two_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "run"
    assert load_checkpoint(path) is None
    for epoch in range(4):
        assert save_checkpoint(path, state(epoch)) == path
        assert same(load_checkpoint(path), state(epoch))
        if epoch:
            assert same(load_checkpoint(previous(path)), state(epoch - 1))
    assert sorted(os.listdir(path.parent)) == ["run", "run.previous"]


def test_the_same_state_gives_the_same_file(tmp_path: Path) -> None:
    a, b = (save_checkpoint(tmp_path / name, state(3)).read_bytes() for name in "ab")
    assert a == b


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "missing"])
def test_the_previous_one_is_loaded_with_a_warning(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "run"
    save_checkpoint(path, state(1))
    save_checkpoint(path, state(2))
    hurt(path, damage)
    with pytest.warns(RuntimeWarning, match=rf"{path}.*; the previous one is loaded: {path}\.previous"):
        assert same(load_checkpoint(path), state(1))
    save_checkpoint(path, state(3))  # the damaged one does not push out the one that was loaded
    assert same(load_checkpoint(path), state(3))
    assert same(load_checkpoint(previous(path)), state(1))


def hurt(path: Path, damage: str) -> None:
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    else:
        content[-1] ^= 1
        path.write_bytes({"cut": content[:-9], "flip": content, "empty": b""}[damage])


def test_both_are_damaged(tmp_path: Path) -> None:
    path = tmp_path / "run"
    save_checkpoint(path, state(1))
    hurt(path, "flip")
    with pytest.raises(DamagedFileError, match=r"run: at byte \d+: the checksum"):
        load_checkpoint(path)
    path.unlink()
    save_checkpoint(path, state(1))
    save_checkpoint(path, state(2))
    hurt(path, "cut")
    hurt(previous(path), "flip")
    with pytest.raises(DamagedFileError, match=r"cut off: .*; and the previous one: .*previous: .*the checksum"):
        load_checkpoint(path)


@pytest.mark.parametrize("content", [b"a photo", b"PK\3\4", bytes(1000)])
def test_a_file_that_is_something_else_is_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"photo\.jpg is there, and is not the checkpoint of a training; choose"):
        save_checkpoint(path, state(1))
    with pytest.raises(DamagedFileError):
        load_checkpoint(path)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["photo.jpg"]


def test_weights_alone_are_not_a_checkpoint(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "weights", {"w": np.ones(2)})
    np.savez(tmp_path / "weights.npz", w=np.ones(2))
    for weights in (path, tmp_path / "weights.npz"):
        with pytest.raises(DamagedFileError, match=r"weights alone, .*; nn\.load\(path, into=model\) loads them"):
            load_checkpoint(weights)
    with pytest.raises(ValueError, match="is not the checkpoint of a training"):
        save_checkpoint(path, state(1))


def test_a_version_that_is_not_known(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "run", {}, {"minigrad.checkpoint": "7", "state": "{}"})
    with pytest.raises(DamagedFileError, match="a checkpoint of version '7', expected 1; update minigrad"):
        load_checkpoint(path)
    write_safetensors(path, {}, {"minigrad.checkpoint": "1", "state": '{"$array":"x"}'})
    with pytest.raises(DamagedFileError, match="the state in the checkpoint is not in order"):
        load_checkpoint(path)


def test_a_state_that_cannot_be_stored_changes_nothing(tmp_path: Path) -> None:
    path = save_checkpoint(tmp_path / "run", state(1))
    with pytest.raises(TypeError, match=r"state\['x'\] is a object"):
        save_checkpoint(path, {"x": object()})
    assert same(load_checkpoint(path), state(1))
    assert os.listdir(tmp_path) == ["run"]


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_symbolic_link_stays(tmp_path: Path) -> None:
    """The previous one is beside the file to which it leads."""
    link = tmp_path / "run"
    link.symlink_to(Path("disk") / "run.1")
    for epoch in (1, 2):
        save_checkpoint(link, state(epoch))
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path / "disk")) == ["run.1", "run.1.previous"]
    hurt(tmp_path / "disk" / "run.1", "missing")
    with pytest.warns(RuntimeWarning, match="is not there"):
        assert same(load_checkpoint(link), state(1))


def test_a_checkpoint_without_its_checksum(tmp_path: Path) -> None:
    """It could have been changed anywhere."""
    path = save_checkpoint(tmp_path / "run", state(1))
    path.write_bytes(path.read_bytes().replace(b"minigrad.sha256", b"minigrad.sha257"))
    with pytest.raises(DamagedFileError, match=r"at byte 8: the metadata have no 'minigrad\.sha256'"):
        load_checkpoint(path)


def test_a_disk_that_cannot_read_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = tmp_path / "run", checkpoint.read_safetensors
    for epoch in (1, 2):
        save_checkpoint(path, state(epoch))
    for code, error in ((errno.EIO, None), (errno.EACCES, PermissionError)):

        def read(file: Path, code: int = code, **options: Any) -> Any:
            if Path(file) == path:
                raise OSError(code, os.strerror(code), str(path))
            return real(file, **options)

        monkeypatch.setattr(checkpoint, "read_safetensors", read)
        with pytest.warns(RuntimeWarning, match="Errno 5.*is loaded") if error is None else pytest.raises(error):
            assert same(load_checkpoint(path), state(1))


def test_the_error_of_a_damaged_file_goes_to_other_processes(tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.write_bytes(b"")
    with pytest.raises(DamagedFileError) as caught:
        load_checkpoint(path)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_what_this_process_has_written_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is replaced; what another one has written there is."""
    path, read = tmp_path / "run", list[Path]()
    real = checkpoint.read_metadata
    monkeypatch.setattr(checkpoint, "read_metadata", lambda file, **options: read.append(file) or real(file, **options))
    for epoch in range(3):
        save_checkpoint(path, state(epoch))
    assert read == []
    path.write_bytes(path.read_bytes())
    save_checkpoint(path, state(3))
    assert read == [path]
