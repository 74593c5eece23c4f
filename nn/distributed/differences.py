"""What is different on another rank than on rank 0: said on all ranks, so that none of them waits for the others."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

import minigrad as mg
from nn.distributed.communicator import Communicator
from nn.distributed.exchange import rows_of_ranks
from nn.typing import Array

__all__ = ["checksum", "refuse_differences"]


def refuse_differences(comm: Communicator, own: Mapping[str, Any], mend: str = "") -> None:
    """Raise a ValueError on all ranks if something differs between ranks.

    Arguments:
        comm: what connects the ranks.
        own: what this rank has, by name; values are compared and shown as texts.
        mend: what to do about it.
    """
    if comm.size == 1:
        return
    theirs: dict[str, str] = comm.broadcast({name: str(value) for name, value in own.items()})
    ours = {name: str(value) for name, value in own.items()}
    # A column for each name of rank 0, and one for those that it does not have.
    flags = rows_of_ranks(
        comm, [*(ours.get(name) != theirs[name] for name in theirs), not ours.keys() <= theirs.keys()]
    )
    if not flags.any():
        return
    column = int(np.flatnonzero(flags.any(axis=0))[0])
    ranks = np.flatnonzero(flags[:, column]).tolist()
    if column < len(theirs):
        name = list(theirs)[column]
        said = f"{name} is {theirs[name]} on rank 0, and differs on rank {', '.join(map(str, ranks))}"
        if comm.rank in ranks:
            said = f"{name} is {ours.get(name, 'missing')} on rank {comm.rank}, and {theirs[name]} on rank 0"
    else:
        said = f"rank {', '.join(map(str, ranks))} has more than rank 0"
        if comm.rank in ranks:
            name = next(name for name in ours if name not in theirs)
            said = f"rank {comm.rank} has {name}, {ours[name]}, and rank 0 does not"
    raise ValueError(f"fit: {said}; {mend or 'all ranks have to run the same program on the same data'}")


def checksum(array: Array) -> str:
    """Eight digits that differ, but by a rare chance, where arrays do.

    >>> checksum(np.zeros(3)) == checksum(np.zeros(3)), checksum(np.zeros(3)) == checksum(np.ones(3))
    (True, False)
    """
    return f"{zlib.crc32(np.ascontiguousarray(mg.to(array, 'cpu')).view(np.uint8).data):08x}"
