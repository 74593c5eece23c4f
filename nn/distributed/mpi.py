"""MPI as a communicator: ``mpiexec -n 4 python -m mpi4py train.py``."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

import minigrad as mg
from nn.distributed.communicator import Communicator
from nn.distributed.threads import limit_threads, own_cores, threads_of_rank
from nn.typing import Array

__all__ = ["mpi"]

#: Where a launcher tells its processes how many they are.
_SIZES = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS")


class _MPI:
    """The ranks of an MPI communicator."""

    def __init__(self, world: Any, in_place: Any) -> None:
        self._world, self._in_place = world, in_place
        self.rank: int = world.Get_rank()
        self.size: int = world.Get_size()

    def broadcast(self, value: Any) -> Any:
        return self._world.bcast(value, root=0)

    def mean_(self, array: Array) -> None:
        self._world.Allreduce(self._in_place, array)
        array /= self.size

    def __repr__(self) -> str:
        return f"<rank {self.rank} of {self.size}, by MPI>"


def mpi(world: Any = None) -> Communicator:
    """The processes that ``mpiexec`` has started, for ``nn.fit(…, comm=nn.distributed.mpi())``.

    A program is started on four processes by ``mpiexec -n 4 python -m mpi4py train.py``. Each is a *rank*, with a
    number from 0. Under ``-m mpi4py`` a rank that fails ends all of them, with its traceback; without it, the others
    would wait for it forever. Rank 0 alone gives the warnings of `fit`. A program that is started without ``mpiexec``
    is rank 0 of 1.

    The threads of BLAS and oneDNN are divided among the ranks of a machine, unless ``OPENBLAS_NUM_THREADS``,
    ``OMP_NUM_THREADS`` or the like is set.

    Arguments:
        world: a communicator of mpi4py; ``MPI.COMM_WORLD``, all ranks, if not given.

    Raises:
        ImportError: if mpi4py or MPI is not installed; they come with ``pip install "minigrad-autograd[mpi]"``.
        RuntimeError: if ``mpiexec`` has started several processes, and MPI sees only one.

    Warns:
        RuntimeWarning: if there are several ranks, and Python was not started with ``-m mpi4py``; if threadpoolctl is
            missing.
    """
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:  # RuntimeError: there is no MPI that mpi4py can load
        raise ImportError(
            f'nn.distributed.mpi needs mpi4py and an MPI: pip install "minigrad-autograd[mpi]" ({error})'
        ) from error
    world = MPI.COMM_WORLD if world is None else world
    started = max(int(os.environ.get(name, 1)) for name in _SIZES)
    if MPI.COMM_WORLD.Get_size() == 1 < started:
        raise RuntimeError(
            f"nn.distributed.mpi: {started} processes were started, and MPI sees only this one: they would all train "
            "the same. mpiexec belongs to another MPI than mpi4py has loaded; take the mpiexec beside this Python, "
            f"{os.path.join(os.path.dirname(sys.executable), 'mpiexec')}, or install mpi4py for the other one"
        )
    comm = _MPI(world.Dup(), MPI.IN_PLACE)
    if comm.size > 1:
        if comm.rank:  # what rank 0 warns of, too
            warnings.filterwarnings("ignore", message="fit: ")
        elif "mpi4py.run" not in sys.modules:
            mg.user_frame.warn(
                "nn.distributed.mpi: Python was not started with -m mpi4py, so a rank that fails leaves the others "
                f"waiting forever; write mpiexec -n {comm.size} python -m mpi4py {os.path.basename(sys.argv[0])}"
            )
        neighbours = world.Split_type(MPI.COMM_TYPE_SHARED)
        limit_threads(threads_of_rank(neighbours.allgather(own_cores()), neighbours.Get_rank()))
        neighbours.Free()
    return comm
