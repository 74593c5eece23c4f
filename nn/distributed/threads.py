"""The threads of a machine, divided among the ranks on it: more threads than cores would wait for one another."""

from __future__ import annotations

import math
import os

import minigrad as mg

__all__ = ["limit_threads", "own_cores", "threads_of_rank"]

#: Any of these is a choice of the user, for BLAS or for OpenMP.
_CHOICES = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def threads_of_rank(cores: list[set[int]], own: int) -> int:
    """How many threads a rank gets.

    Arguments:
        cores: for each rank on this machine, the cores that it may run on.
        own: which of them it is.

    >>> threads_of_rank([{0, 1, 2, 3}, {0, 1, 2, 3}], own=0)  # four cores, which two ranks share
    2
    >>> threads_of_rank([{0, 1}, {2, 3}], own=1)  # mpiexec has given each two cores
    2
    """
    share = sum(1 / sum(core in of_rank for of_rank in cores) for core in cores[own])
    return max(1, math.floor(share + 1e-6))  # three thirds are a whole


def own_cores() -> set[int]:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def limit_threads(n: int) -> None:
    """Let BLAS and oneDNN use at most so many threads, unless the user has chosen a number.

    oneDNN uses no more threads than BLAS is allowed.

    Warns:
        RuntimeWarning: if threadpoolctl is missing, and so BLAS cannot be told.
    """
    if any(name in os.environ for name in _CHOICES):
        return
    try:
        from threadpoolctl import ThreadpoolController
    except ModuleNotFoundError:
        mg.user_frame.warn(
            "nn.distributed: without threadpoolctl each rank uses the threads of the whole machine; pip install "
            f"threadpoolctl, or set OPENBLAS_NUM_THREADS={n}"
        )
        return
    blas = ThreadpoolController().select(user_api="blas")
    if any((library.num_threads or 1) > n for library in blas.lib_controllers):
        blas.limit(limits=n)
