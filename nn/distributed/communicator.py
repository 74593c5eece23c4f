"""What a process needs of what connects it with the others: four members, for MPI or for another engine."""

from __future__ import annotations

from typing import Any, Protocol

from nn.typing import Array

__all__ = ["Communicator", "Serial", "as_communicator"]

_MEMBERS = ("rank", "size", "broadcast", "mean_")


class Communicator(Protocol):
    """What `fit` takes as ``comm``: anything with these four members.

    All ranks call the methods in the same order, and each call waits for the others.

    Attributes:
        rank: the number of this process, from 0.
        size: the number of processes.
    """

    @property
    def rank(self) -> int: ...

    @property
    def size(self) -> int: ...

    def broadcast(self, value: Any) -> Any:
        """The value of rank 0, on every rank: any object that can be pickled."""

    def mean_(self, array: Array) -> None:
        """Set an array in place to its mean over all ranks, with the same bits on each of them.

        Arguments:
            array: a contiguous NumPy array of float32, float64 or complex128, of the same shape and dtype on all ranks.
        """


class Serial:
    """A single process, as a communicator: what `fit` has if it is given none.

    A program that passes it trains alone, and with ``nn.distributed.mpi()`` in its place on several processes.

    >>> import nn
    >>> comm = nn.distributed.Serial()
    >>> comm.rank, comm.size, comm.broadcast("hello")
    (0, 1, 'hello')
    """

    rank, size = 0, 1

    def broadcast(self, value: Any) -> Any:
        """The value itself."""
        return value

    def mean_(self, array: Array) -> None:
        """Leave the array as it is: the mean of one."""

    def __repr__(self) -> str:
        return "Serial()"


def as_communicator(caller: str, comm: Any) -> Communicator:
    """A communicator, or `Serial` for ``None``.

    Raises:
        TypeError: if it lacks one of the four members.

    >>> as_communicator("fit", None)
    Serial()
    """
    if comm is None:
        return Serial()
    missing = [name for name in _MEMBERS if not hasattr(comm, name)]
    if missing or isinstance(comm, type):
        what = f"the class {comm.__name__}" if isinstance(comm, type) else f"a {type(comm).__name__}"
        mend = "construct it" if not missing else f"it lacks {', '.join(missing)}"
        if (type(comm).__module__ or "").startswith("mpi4py"):
            mend = "write comm=nn.distributed.mpi(comm)"
        elif callable(comm) and getattr(comm, "__name__", "") == "mpi":
            mend = "call it: comm=nn.distributed.mpi()"
        raise TypeError(f"{caller}: comm is {what}, expected a communicator, such as nn.distributed.mpi(); {mend}")
    return comm  # type: ignore[no-any-return]
