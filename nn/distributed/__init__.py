"""Training on several processes, on one machine or more, each with a part of every batch.

`communicator` says what a process needs of whatever connects it with the others, and `mpi` has it of MPI. `exchange`
adds and gathers numbers of all ranks, `gradients` takes the means of gradients, and `differences` says what differs
between ranks, before it does harm. `threads` divides the threads of a machine among its ranks.
"""

from nn.distributed.communicator import Communicator as Communicator
from nn.distributed.communicator import Serial as Serial
from nn.distributed.mpi import mpi as mpi

__all__ = ["Communicator", "Serial", "mpi"]


def __dir__() -> list[str]:
    return __all__
