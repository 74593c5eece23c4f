"""Training on ranks of MPI, as a user starts it: the numbers, an error, a kill, and what is wrong with the start."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.serialization.checkpoint import load_checkpoint
from tests.nn.distributed import mpi_program

pytest.importorskip("mpi4py")
ROOT = Path(__file__).parents[3]
MPIEXEC = shutil.which("mpiexec", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
pytestmark = pytest.mark.skipif(MPIEXEC is None, reason="there is no mpiexec")


def start(ranks: int, what: str, folder: Path, *options: str, module: bool = True) -> subprocess.Popen[str]:
    """A program on so many ranks, with the threads that it takes by itself."""
    with_mpi4py = ["-m", "mpi4py"] if module else []
    command = [MPIEXEC, "-n", str(ranks), *options, sys.executable, *with_mpi4py, "-m", mpi_program.__name__]
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    return subprocess.Popen(
        [*map(str, command), what, str(folder)],
        cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process: subprocess.Popen[str], seconds: float = 120) -> tuple[int, str, str]:
    """How a program ended, and what it has printed."""
    try:
        out, err = process.communicate(timeout=seconds)
    finally:
        process.kill()
    return process.returncode, out, err


def compared(ranks: int, folder: Path, *options: str, module: bool = True) -> tuple[list[dict[str, Any]], str]:
    """The numbers of each rank, and what was printed to stderr."""
    code, out, err = ended(start(ranks, "compare", folder, *options, module=module))
    assert code == 0, err
    assert [line[:9] for line in out.splitlines()] == ["epoch 1/2", "epoch 2/2"]  # rank 0 alone prints
    return [dict(np.load(folder / f"rank{rank}.npz")) for rank in range(ranks)], err


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return compared(2, tmp_path_factory.mktemp("two"))[0]


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def test_two_and_three_ranks_compute_what_one_does(
    two: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, history = mpi_program.train(nn.distributed.Serial())
    capsys.readouterr()
    for ranks, found in ((2, two), (3, compared(3, tmp_path)[0])):
        assert len(found) == ranks
        for of_rank in found:
            for name, expected in (state | history).items():
                np.testing.assert_allclose(of_rank[name], expected, rtol=1e-5, atol=1e-5, err_msg=name)
                np.testing.assert_array_equal(of_rank[name], found[0][name], err_msg=name)


def test_another_run_has_the_same_bits_and_without_the_module_a_warning_says_how_to_start(
    two: list[dict[str, Any]], tmp_path: Path
) -> None:
    again, err = compared(2, tmp_path, module=False)
    for first, second in zip(two, again, strict=True):
        for name, array in first.items():
            np.testing.assert_array_equal(array, second[name], err_msg=name)
    assert err.count("was not started with -m mpi4py") == 1
    assert "mpiexec -n 2 python -m mpi4py" in err


def test_threads_are_divided_unless_the_user_chooses(two: list[dict[str, Any]], tmp_path: Path) -> None:
    assert all((of_rank["threads"] <= max(1, cores() // 2)).all() for of_rank in two)
    chosen, _ = compared(2, tmp_path, "-genv", "OPENBLAS_NUM_THREADS", str(cores()))
    assert all((of_rank["threads"] == cores()).all() for of_rank in chosen)


def test_a_rank_that_fails_ends_all_of_them_with_its_traceback(tmp_path: Path) -> None:
    code, _, err = ended(start(2, "fail", tmp_path), seconds=60)
    assert code != 0
    assert "LookupError: rank 1 has had enough" in err
    assert "in raise_error" in err


def test_an_mpiexec_of_another_mpi_is_noticed() -> None:
    program = "import nn; nn.distributed.mpi()"
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"OMPI_COMM_WORLD_SIZE": "4"}, cwd=ROOT, capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert "RuntimeError: nn.distributed.mpi: 4 processes were started, and MPI sees only this one" in done.stderr


def started(folder: Path, ranks: int) -> subprocess.Popen[str]:
    """A training whose ranks are all there."""
    for file in folder.glob("pid*"):
        file.unlink()
    process = start(ranks, "be_killed", folder)
    began = time.monotonic()
    while len(list(folder.glob("pid*"))) < ranks:
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() - began < 60
        time.sleep(0.01)
    return process


def test_after_ctrl_c_all_ranks_end_together(tmp_path: Path) -> None:
    process = started(tmp_path, 2)
    log = tmp_path / "log.csv"
    while not (log.exists() and log.read_text()):  # an epoch is over: both ranks are in the loop
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process, seconds=20)
    assert code == 0, err
    assert "interrupted by Ctrl-C" in out or "another rank was stopped" in out
    position = load_checkpoint(tmp_path / "run.safetensors")["position"]
    assert position["epochs_done"] < mpi_program.EPOCHS
    assert position["stopped"] is None  # so it goes on when it is resumed


def killed(folder: Path, ranks: int, seconds: float, draw: random.Random) -> bool:
    """Kill a rank after so many seconds; whether the training was not over by then."""
    process = started(folder, ranks)
    time.sleep(seconds)
    pids = [int(file.read_text() or 0) for file in sorted(folder.glob("pid*"))]
    if process.poll() is not None:
        assert ended(process)[0] == 0
        return False
    os.kill(pids[draw.randrange(ranks)], signal.SIGKILL)
    code, _, _ = ended(process, seconds=10)
    assert code != 0
    assert not any(is_running(pid) for pid in pids)
    return True


def is_running(pid: int) -> bool:
    """Whether a process still computes."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_a_kill_ends_all_ranks_and_the_training_goes_on(tmp_path: Path) -> None:
    assert killed(tmp_path, 2, 0.5, random.Random(1))
    assert load_checkpoint(tmp_path / "run.safetensors")["position"]["step"] > 0


@pytest.mark.slow
def test_ten_kills_lose_nothing(tmp_path: Path) -> None:
    """Of random ranks at random moments, and the training goes on with 1, 2 or 3 ranks: as if nothing had been."""
    draw, count, steps = random.Random(0), 0, [0]
    folder = tmp_path / "killed"
    folder.mkdir()
    while count < 10:
        done = not killed(folder, 1 + draw.randrange(3), draw.uniform(0, 0.4), draw)
        count += not done
        state = load_checkpoint(folder / "run.safetensors")
        steps.append(0 if state is None else state["position"]["step"])
        assert steps == sorted(steps)
        if done and count < 10:  # too fast: begin a new training
            shutil.rmtree(folder)
            folder.mkdir()
            steps = [0]
    code, _, err = ended(start(2, "be_killed", folder))
    assert code == 0, err
    log = nn.callbacks.CSVLogger(tmp_path / "log.csv")
    _, expected = mpi_program.train(nn.distributed.Serial(), mpi_program.EPOCHS, callbacks=[log])
    found = dict(np.load(folder / "history.npz"))
    assert len(found["loss"]) == mpi_program.EPOCHS
    for name, values in expected.items():
        atol = 0.03 if "accuracy" in name else 1e-4  # a decision may turn over
        np.testing.assert_allclose(found[name], values, rtol=0, atol=atol, err_msg=name)
    logs = [(path / "log.csv").read_text().splitlines() for path in (folder, tmp_path)]
    assert [len(lines) for lines in logs] == [1 + mpi_program.EPOCHS] * 2
