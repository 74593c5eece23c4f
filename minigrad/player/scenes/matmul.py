"""Products of matrices and vectors, batches of them too: a row of the left factor meets a column of the right one."""

from __future__ import annotations

from collections.abc import Iterator

from minigrad.notation import operations as ops
from minigrad.player.scenes.loops import Index, Loops
from minigrad.player.scenes.scene import Operand, Scene, Work, shows

__all__: list[str] = []


@shows(ops.matmul)
def matmul(work: Work) -> Iterator[Scene]:
    """Falk's scheme: the left factor at the left, the right factor above, the result where row and column meet."""
    left, right = work.arguments
    left = left.reshape(1, -1) if left.ndim == 1 else left
    right = right.reshape(-1, 1) if right.ndim == 1 else right
    rows, columns = left.shape[-2], right.shape[-1]
    batch = work.result.shape[: max(left.ndim, right.ndim) - 2]
    loops = Loops()
    names = ("matrix",) if len(batch) == 1 else tuple(f"axis {i}" for i in range(len(batch)))
    chosen = tuple(counter for name, n in zip(names, batch, strict=True) for counter in loops.choose(name, n))
    (i, j), (k,) = loops.step(rows, columns), loops.term(left.shape[-1])

    def of(shape: tuple[int, ...]) -> tuple[Index, ...]:
        """The counters of a factor's batch; what broadcasting repeats has one matrix."""
        own = chosen[len(batch) - len(shape) :]
        return tuple(Index() if n == 1 else counter for counter, n in zip(own, shape, strict=True))

    yield Scene(
        "products",
        loops,
        Operand(work.call, work.result.reshape(*batch, rows, columns), (*chosen, i, j), names),
        Operand(work.call.args[0], left, (*of(left.shape[:-2]), i, k), names[len(batch) - left.ndim + 2 :]),
        Operand(work.call.args[1], right, (*of(right.shape[:-2]), k, j), names[len(batch) - right.ndim + 2 :]),
        falk=True,
    )
