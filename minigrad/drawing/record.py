"""``record``: keep how everything was computed, whether it requires gradients or not."""

from __future__ import annotations

from minigrad.context_variable import PlainDecorator
from minigrad.core.recording.scopes import record_all
from minigrad.drawing.failure import add_drawing

__all__ = ["record"]


class record(record_all, PlainDecorator):
    """Record every operation within, whether anything requires gradients or not, so that `draw` shows it.

    Usually only that is recorded which a backward pass needs: the picture begins at the first parameter. Within
    ``record`` it begins at the inputs. What is computed under `no_grad` or from ``t.detach()`` is recorded, too, and
    marked as detached. Numbers and gradients stay the same.

    An operation of minigrad on plain arrays alone gives a Tensor, which requires no gradients, for an array cannot
    remember how it was computed. Comparisons and their like give arrays, of a single number too, and are recorded for
    as long as these live. What NumPy computes of plain arrays is not seen: the picture starts at its result. A function
    in `checkpoint` is recorded as any other, and so saves no memory.

    An error that leaves the block has the graph up to the operation that failed as ``error.drawing``. A notebook shows
    it.

    Use it as a context manager or as a decorator, as `no_grad`. It holds for the current thread or task alone, and
    keeps nothing alive itself: all is freed with the outputs.

    >>> import minigrad as mg
    >>> x = mg.Tensor([1.0, 2.0], name="x")
    >>> with mg.record():
    ...     y = (x * x).sum()
    >>> y.requires_grad
    False
    >>> with mg.record():
    ...     mg.exp([0.0])
    Tensor([1.])
    """

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        if len(error) > 1 and isinstance(error[1], Exception):
            add_drawing(error[1])
