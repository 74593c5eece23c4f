"""Pieces of a batch in threads: always the same pieces, and the limit of BLAS restored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Barrier, Event, Thread, get_ident
from typing import Any
from weakref import ref

import numpy as np
import pytest

from minigrad.kernels import threads
from minigrad.kernels.threads import blas_threads, in_pieces
from tests.helpers.threads.blas import allow, without_threadpoolctl


def piece(start: int, stop: int) -> tuple[int, int]:
    return start, stop


@pytest.mark.parametrize("allowance", [1, 2, 3, 5])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 64])
def test_pieces_in_order(n: int, allowance: int, monkeypatch: pytest.MonkeyPatch) -> None:
    blas = allow(monkeypatch, allowance)
    pieces = in_pieces(piece, n)
    assert len(pieces) == min(n, allowance)
    assert [i for a, b in pieces for i in range(a, b)] == list(range(n))
    assert max(b - a for a, b in pieces) - min(b - a for a, b in pieces) <= 1
    assert in_pieces(piece, n, parallel=False) == [(0, n)]
    assert blas.allowed == allowance


def test_an_empty_batch_is_one_empty_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 2)
    assert in_pieces(piece, 0) == [(0, 0)]


@pytest.mark.parametrize(("n", "parallel", "set_to"), [(1, True, []), (1, False, [1, 2]), (2, True, [1, 2])])
def test_a_single_large_sample_has_all_of_blas(
    n: int, parallel: bool, set_to: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of one photograph cannot be divided; its matrix products can."""
    blas = allow(monkeypatch, 2)
    in_pieces(piece, n, parallel)
    assert blas.set_to == set_to


def test_two_pieces_are_computed_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for the other; one after the other, they would never end."""
    blas = allow(monkeypatch, 2)
    both = Barrier(2, timeout=10)

    def work(_start: int, _stop: int) -> tuple[int, int]:
        both.wait()
        return get_ident(), blas.allowed

    (one, with_one), (other, with_other) = in_pieces(work, 2)
    assert one != other
    assert with_one == with_other == 1
    assert blas.set_to == [1, 2]


def test_without_threadpoolctl_there_is_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    without_threadpoolctl(monkeypatch)
    assert in_pieces(piece, 8) == [(0, 8)]
    assert blas_threads() is None


def test_threadpoolctl_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    assert threads._library() is None


def test_the_blas_is_that_of_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where folders of the user are called numpy, too."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    home = os.path.realpath(os.path.dirname(np.__file__))

    class Found:
        def __init__(self, filepath: str) -> None:
            self.filepath = filepath

    class Controller:
        def select(self, **_which: str) -> Any:
            self.lib_controllers = [Found(f"/numpy{home}/../other.so"), Found(f"{home}.libs/libopenblas.so")]
            return self

    monkeypatch.setattr(threadpoolctl, "ThreadpoolController", Controller)
    assert threads._library().filepath == f"{home}.libs/libopenblas.so"


@pytest.mark.parametrize("bad", [0, 1, 2])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_errors_reach_the_caller(bad: int, error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    blas = allow(monkeypatch, 3)
    going = []

    def work(start: int, _stop: int) -> None:
        going.append(start)
        time.sleep(0.01 if start == bad else 0.1)
        going.remove(start)
        if start == bad:
            raise error(f"piece {start}")

    with pytest.raises(error, match=f"piece {bad}"):
        in_pieces(work, 3)
    assert not going
    assert blas.allowed == 3
    assert len(in_pieces(piece, 3)) == 3


def test_numpys_error_state_holds_in_every_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, 2)
    both = Barrier(2, timeout=10)

    def work(_start: int, _stop: int) -> str:
        both.wait()
        return np.geterr()["divide"]

    for state in ("raise", "ignore"):
        with np.errstate(divide=state):
            assert in_pieces(work, 2) == [state, state]


def in_background(f: Callable[[], Any]) -> Callable[[], Any]:
    """Start f; the function returned waits for its result."""
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(f()), daemon=True)
    thread.start()

    def result() -> Any:
        thread.join(20)
        return found[0]

    return result


def test_the_same_pieces_while_another_thread_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """And BLAS has one thread until the last of them is done."""
    blas = allow(monkeypatch, 2)
    inside, leave = Event(), Event()

    def slow(start: int, stop: int) -> tuple[int, int]:
        inside.set()
        assert leave.wait(10)
        return start, stop

    others = in_background(lambda: in_pieces(slow, 4))
    assert inside.wait(10)
    seen = []

    def work(start: int, stop: int) -> tuple[int, int]:
        if start:  # meanwhile the others end
            leave.set()
            assert others() == [(0, 2), (2, 4)]
        seen.append((get_ident(), blas.allowed))
        return start, stop

    assert blas_threads() == 2
    assert in_pieces(work, 4) == [(0, 2), (2, 4)]
    assert seen == [(get_ident(), 1)] * 2
    assert blas.allowed == 2
    assert blas.set_to == [1, 2]


def test_many_threads_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    blas = allow(monkeypatch, 2)

    def calls() -> list[Any]:
        return [in_pieces(lambda a, b: (a, b, blas.allowed), 5) for _ in range(100)]

    for result in [in_background(calls) for _ in range(4)]:
        assert result() == [[(0, 2, 1), (2, 5, 1)]] * 100
    assert blas.allowed == 2


def test_pieces_within_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    blas = allow(monkeypatch, 2)
    assert in_pieces(lambda a, b: in_pieces(piece, 4), 2) == [[(0, 2), (2, 4)]] * 2
    assert blas.allowed == 2


def test_a_worker_that_is_late_keeps_no_array_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine it may not start for many steps; its place in the queue must not hold their memory."""
    allow(monkeypatch, 2)
    release = Event()
    busy = threads._workers(1).submit(release.wait, 10)
    try:
        array = np.zeros(4)
        alive = ref(array)
        in_pieces(lambda start, stop, array=array: array[start:stop].sum(), len(array))
        del array
        assert alive() is None
    finally:
        release.set()
        busy.result()


def test_the_system_has_no_thread_left(monkeypatch: pytest.MonkeyPatch) -> None:
    blas = allow(monkeypatch, 2)

    def refuse(_threads: int) -> Any:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threads, "_workers", refuse)
    assert in_pieces(piece, 4) == [(0, 2), (2, 4)]
    assert blas.allowed == 2


def test_a_thread_that_outlives_the_main_one() -> None:
    """Python's pools accept no new work then; the rest of the training must go on."""
    program = """
import threading, time
from minigrad.kernels import threads
class Blas:
    get_num_threads, set_num_threads = (lambda self: 2), (lambda self, n: None)
threads._blas = Blas
def train():
    threading.main_thread().join()
    time.sleep(0.05)
    print(threads.in_pieces(lambda a, b: (a, b), 4))
threading.Thread(target=train).start()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[(0, 2), (2, 4)]\n", "")


# ---------------------------------------------------------------- the installed BLAS


def test_threadpool_limits_of_the_user() -> None:
    threadpoolctl = pytest.importorskip("threadpoolctl")
    before = blas_threads()
    with threadpoolctl.threadpool_limits(1):
        assert blas_threads() == 1
        assert in_pieces(piece, 4) == [(0, 4)]
        assert blas_threads() == 1
    assert blas_threads() == before


@pytest.mark.parametrize("inside", [1, 2, 3])
@pytest.mark.parametrize("last", ["pieces", "limits"])
@pytest.mark.parametrize("first", ["pieces", "limits"])
def test_threadpool_limits_of_another_thread_overlap(first: str, last: str, inside: int) -> None:
    """BLAS has as many threads afterwards as before, whichever of the two starts and ends first."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    library = threads._library()
    before = blas_threads()
    started, may_end = ({name: Event() for name in ("pieces", "limits")} for _ in range(2))

    def pieces() -> None:
        def work(_start: int, _stop: int) -> None:
            started["pieces"].set()
            assert may_end["pieces"].wait(10)

        in_pieces(work, 4)

    def limits() -> None:
        with threadpoolctl.threadpool_limits(inside, user_api="blas"):
            assert blas_threads() == library.num_threads == inside
            started["limits"].set()
            assert may_end["limits"].wait(10)

    running = {}
    for name in (first, "limits" if first == "pieces" else "pieces"):
        running[name] = Thread(target={"pieces": pieces, "limits": limits}[name])
        running[name].start()
        assert started[name].wait(10)
    assert blas_threads() == inside
    for name in sorted(running, key=last.__eq__):
        may_end[name].set()
        running[name].join(10)
    assert blas_threads() == library.num_threads == threads._blas().get_num_threads() == before


def test_pieces_in_a_thread_leave_the_others_free_to_limit_blas() -> None:
    """Since threadpoolctl 3.8 the first thread that sets the number is the only one that can."""
    threadpoolctl = pytest.importorskip("threadpoolctl")
    before = blas_threads()
    in_pieces(piece, 4)

    def limited() -> int | None:
        with threadpoolctl.threadpool_limits(1, user_api="blas"):
            return blas_threads()

    assert in_background(limited)() == 1
    assert blas_threads() == before


# ---------------------------------------------------------------- processes that fork

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def in_child(f: Callable[[], Any]) -> None:
    """Run f in a forked process, which must end without an error, and soon."""
    child = os.fork()
    if not child:
        signal.alarm(20)  # ends it
        try:
            f()
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


@forks
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    blas = allow(monkeypatch, 2)

    def two_at_once() -> None:
        both = Barrier(2, timeout=10)
        in_pieces(lambda a, b: both.wait(), 2)

    two_at_once()
    in_child(two_at_once)

    inside, leave = Event(), Event()

    def slow(_start: int, _stop: int) -> None:
        inside.set()
        assert leave.wait(10)

    others = in_background(lambda: in_pieces(slow, 2))  # the child does not have their threads
    assert inside.wait(10)
    assert blas.allowed == 1

    def check() -> None:
        assert blas.allowed == 2
        two_at_once()
        assert blas.allowed == 2

    in_child(check)
    leave.set()
    others()
    assert blas.allowed == 2
