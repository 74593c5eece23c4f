"""What a communicator is, and what is none."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

import nn
from tests.helpers.threads.ranks import on_ranks
from tests.helpers.training import X, Y, classifier


def fit(comm: Any) -> Any:
    return nn.fit(classifier(), (X, Y), comm=comm, rng=0, verbose=False)


def test_one_process_alone() -> None:
    comm, array = nn.distributed.Serial(), np.array([1.0, 2.0])
    comm.mean_(array)
    assert (comm.rank, comm.size, comm.broadcast([1]), array.tolist()) == (0, 1, [1], [1.0, 2.0])
    assert repr(comm) == "Serial()"
    assert fit(comm).history == fit(None).history


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (4, "comm is a int, expected a communicator, such as nn.distributed.mpi.*lacks rank, size, broadcast, mean_"),
        (nn.distributed.Serial, "comm is the class Serial.*construct it"),
        (type("Intracomm", (), {"rank": 0, "size": 1, "__module__": "mpi4py.MPI"})(), r"nn\.distributed\.mpi\(comm\)"),
        (type("Own", (), {"rank": 0, "__module__": None})(), "comm is a Own.*it lacks size, broadcast, mean_"),
        (nn.distributed.mpi, r"call it: comm=nn\.distributed\.mpi\(\)"),
    ],
)
def test_what_is_none(given: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        fit(given)


@pytest.mark.parametrize("module", ["mpi4py", "mpi4py.MPI"])
def test_without_mpi_an_error_says_how_to_get_it(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        ImportError, match=r'nn\.distributed\.mpi needs mpi4py and an MPI: pip install "minigrad-autograd'
    ):
        nn.distributed.mpi()


def test_the_helper_of_these_tests_is_one() -> None:
    def exchange(comm: Any) -> Any:
        array = np.array([1.0, comm.rank])
        comm.mean_(array)
        return comm.rank, comm.size, comm.broadcast(f"of {comm.rank}"), array.tolist()

    assert on_ranks(3, exchange) == [(rank, 3, "of 0", [1.0, 1.0]) for rank in range(3)]
    with pytest.raises(ZeroDivisionError):
        on_ranks(2, lambda comm: comm.broadcast(1 / comm.rank))
