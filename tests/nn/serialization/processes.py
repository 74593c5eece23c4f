"""Processes that write checkpoints, and are killed or disturb one another.

    python processes.py killed FOLDER
    python processes.py together FOLDER

Prints how many were killed, or how often a checkpoint was read meanwhile; what is read is always complete.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from nn.serialization.checkpoint import load_checkpoint, save_checkpoint
from tests.minigrad.files.failing_disk import killed_at
from tests.nn.serialization.files import epochs, same, state


def started(work: Callable[[], object]) -> int:
    """The number of a process that does this and ends."""
    process = os.fork()
    if process == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return process


def survives(path: Path, epoch: int, number: int, after: bool) -> bool:
    """Whether a process that writes this checkpoint ends before its call of the system of this number."""

    def write() -> None:
        with killed_at(number, lambda: os.kill(os.getpid(), signal.SIGKILL), after=after):
            save_checkpoint(path, state(epoch))
            os._exit(0)

    process = started(write)
    status = os.waitpid(process, 0)[1]
    assert status in (0, signal.SIGKILL), status
    return status == 0


def killed(folder: Path) -> int:
    """How many were killed, each before or after another call, writing the first checkpoint and the third."""
    count = 0
    for after in (False, True):
        for number in range(200):
            path = folder / f"{after}{number}" / "run"
            ended = survives(path, 1, number, after)
            first = load_checkpoint(path)
            assert same(first, state(1)) if ended else first is None or same(first, state(1))
            count += not ended
            save_checkpoint(path, state(1))
            save_checkpoint(path, state(2))
            ended = survives(path, 3, number, after)
            assert epochs(path) in ({(3, 2)} if ended else {(2, 1), (3, 1), (3, 2)})
            count += not ended
            save_checkpoint(path, state(4))
            assert epochs(path)[0] == 4
            assert set(os.listdir(path.parent)) == {"run", "run.previous"}
            if ended:
                break
        else:
            raise AssertionError("saving never ends")
    return count


def together(folder: Path) -> int:
    """How often a checkpoint was read while two processes wrote it."""
    path = save_checkpoint(folder / "run", state(0))
    writers = {started(lambda: [save_checkpoint(path, state(epoch)) for epoch in range(100)]) for _ in range(2)}
    read = 0
    while writers:
        loaded = load_checkpoint(path)
        assert same(loaded, state(loaded["epoch"]))
        read += 1
        if (ended := os.waitpid(-1, os.WNOHANG))[0]:
            assert ended[1] == 0
            writers.remove(ended[0])
    assert set(os.listdir(folder)) == {"run", "run.previous"}
    epochs(path)
    return read


if __name__ == "__main__":
    os.fsync = lambda file: None  # nobody can tell whether data wait for the disk
    print({"killed": killed, "together": together}[sys.argv[1]](Path(sys.argv[2])))
