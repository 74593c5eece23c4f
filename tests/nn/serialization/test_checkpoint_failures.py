"""Checkpoints on failing disks and in killed processes: after the first one there is always one that can be read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from nn.serialization.checkpoint import save_checkpoint
from tests.minigrad.files.failing_disk import ERRORS, Killed, calls_counted, failing_at, killed_at
from tests.nn.serialization.files import epochs, state

posix = pytest.mark.skipif(os.name != "posix", reason="has no hard links and signals")


@pytest.fixture(autouse=True)
def fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can tell whether data wait for the disk."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A checkpoint of epoch 2, before which that of epoch 1 was written."""
    path = tmp_path / "run"
    for epoch in (1, 2):
        save_checkpoint(path, state(epoch))
    return path


def every_call(path: Path) -> Iterator[int]:
    """The number of each call that saving makes; before each, the files are as they were."""
    with calls_counted() as names:
        save_checkpoint(path, state(3))
    assert {"open", "write", "fsync", "link", "replace", "close", "unlink"} <= set(names)
    for number in range(len(names)):
        for each in path.parent.iterdir():
            each.unlink()
        for epoch in (1, 2):
            save_checkpoint(path, state(epoch))
        assert epochs(path) == (2, 1)
        yield number


def refusal(path: Path) -> OSError | None:
    """The error of saving a checkpoint, if there is one."""
    try:
        save_checkpoint(path, state(3))
    except OSError as error:
        return error
    return None


@posix
@pytest.mark.parametrize("ever_after", [False, True])
def test_each_call_fails_in_turn(path: Path, ever_after: bool) -> None:
    """The error says so, and nothing old is lost; or it is one that does not matter, and the new one is there."""
    refused = []
    for number in every_call(path):
        code = ERRORS[number % len(ERRORS)]
        with failing_at(number, code, ever_after=ever_after) as names:
            error = refusal(path)
        if error is None:
            assert epochs(path) == (3, 2)
        else:
            assert error.errno == code
            assert str(path.parent) in str(error)
            assert epochs(path) in {(2, 1), (3, 1), (3, 2)}
            refused.append(names[number])
        save_checkpoint(path, state(4))  # the disk works again
        assert epochs(path)[0] == 4
        assert set(os.listdir(path.parent)) == {"run", "run.previous"}
    assert {"open", "write", "fsync", "replace"} <= set(refused)


@posix
@pytest.mark.parametrize("code", ERRORS)
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_each_kind_of_error(path: Path, call: str, code: int) -> None:
    with calls_counted() as names:
        save_checkpoint(path, state(3))
    with failing_at(names.index(call), code), pytest.raises(OSError, match=rf"\[Errno {code}\] .*run"):
        save_checkpoint(path, state(4))
    assert epochs(path) == (3, 2)
    assert set(os.listdir(path.parent)) == {"run", "run.previous"}


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="cannot tell what is open")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_kill_between_any_two_calls(path: Path, after: bool) -> None:
    """No cleaning up: from the kill on, nothing reaches the disk. The next one removes what was left."""

    def kill() -> None:
        raise Killed

    left = 0
    for number in every_call(path):
        with killed_at(number, kill, after=after), pytest.raises(Killed):
            save_checkpoint(path, state(3))
        assert epochs(path) in {(2, 1), (3, 1), (3, 2)}
        left += len(os.listdir(path.parent)) - 2
        _let_go_of_locks(path.parent)
        save_checkpoint(path, state(4))
        assert epochs(path)[0] == 4
        assert set(os.listdir(path.parent)) == {"run", "run.previous"}
    assert left > 5


def _let_go_of_locks(folder: Path) -> None:
    """Close what this process has open there, as the system does for one that was killed."""
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the one that listed them
            if os.readlink(f"/proc/self/fd/{number}").startswith(str(folder)):
                os.close(int(number))


@posix
@pytest.mark.parametrize("task", ["killed", "together"])
def test_processes(tmp_path: Path, task: str) -> None:
    """Of their own: each killed by SIGKILL at another call of the system; and two that write the same checkpoint."""
    program = Path(__file__).with_name("processes.py")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, str(program), task, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= (60 if task == "killed" else 1)
