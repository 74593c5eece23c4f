"""Files of PyTorch that were changed at random: an error of one type or arrays, and nothing else happens."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import nn
from nn.serialization.damaged_file import DamagedFileError
from tests.helpers.memory.peak import peak_bytes
from tests.nn.serialization.files import damaged
from tests.nn.serialization.pytorch.audit import events_of
from tests.nn.serialization.pytorch.files import WRITTEN, archive, state, storage, tensor

MORE = 1 << 19  # bytes that Python takes for a pickle of 3000 bytes and for an error
NUMBERS = np.arange(64, dtype=np.float32)


def outcomes(path: Path, contents: Iterator[tuple[str, bytes]], count: int) -> tuple[int, int]:
    """How many of the files are refused, and how many are read, after a check that nothing else has happened."""
    refused: set[str] = set()
    for what, content in islice(contents, count):
        path.write_bytes(content)

        def read(what: str = what) -> None:
            try:
                nn.read_torch(path)
                return
            except DamagedFileError as error:
                said = str(error)
            refused.add(what)
            assert said.startswith(f"{path}: at byte "), what
            assert len(said) < 600 + len(str(path)), what

        assert events_of(read) == set(), what
        assert peak_bytes(read) <= 2 * len(content) + MORE, what  # a float16 may have become a bfloat16
    return len(refused), count - len(refused)


@pytest.mark.parametrize("file", ["checkpoint.pt", "protocol_4.pt"])
def test_archives(tmp_path: Path, file: str) -> None:
    """What is read without an error has its checksum: changes are in padding, or in entries that are not used."""
    content = (WRITTEN / file).read_bytes()
    refused, read = outcomes(tmp_path / "x.pt", damaged(content, np.random.default_rng(0), header=3000), 80)
    assert refused >= 50
    assert refused + read == 80


@pytest.mark.parametrize("file", ["legacy.pt", "legacy_protocol_4.pt"])
def test_files_of_the_old_format(tmp_path: Path, file: str) -> None:
    """It has no checksum, so that a changed number or key is not noticed: but no array is outside its storage."""
    content = (WRITTEN / file).read_bytes()
    refused, _ = outcomes(tmp_path / "x.pt", damaged(content, np.random.default_rng(0), header=3000), 50)
    assert refused >= 25


def test_pickles_with_the_right_checksum(tmp_path: Path) -> None:
    """As an attacker writes them: the reader of pickles alone is between the file and the machine."""
    views = [tensor(storage(64), [4, 4], [4, 1], offset) for offset in (0, 3, 48)]
    pickle = state(b"(" + b"".join(views) + b"t")

    def contents() -> Iterator[tuple[str, bytes]]:
        for what, changed in damaged(pickle, np.random.default_rng(0), header=len(pickle)):
            yield what, archive(tmp_path / "made.pt", changed, {"0": NUMBERS}).read_bytes()

    refused, read = outcomes(tmp_path / "x.pt", contents(), 150)
    assert refused >= 75
    assert read >= 5
