"""Whether what a graph needs has been written into since it was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from minigrad.core.conversions import Conversions
from minigrad.core.writes.record import writes

if TYPE_CHECKING:
    from minigrad.core.tensor import Tensor

__all__ = ["refuse_written"]


def refuse_written(order: list[Tensor], *, recorded: bool = False) -> None:
    """Raise a RuntimeError if a leaf has been written into since something in this graph was computed from it.

    It does not matter through which Tensor: detached ones, and leaves that were given the same array, share memory. A
    sweep that is recorded computes with the leaves themselves: for it they must not have been given another array,
    either. Any other computes with the arrays that the forward pass saw.
    """
    for y in order:
        if y._primitive is not None:  # the oldest that was computed; a loop, as a generator takes three times as long
            if writes.latest < y._order:  # the usual case: parameters change between graphs
                return
            break
    for y in order:
        for x, value in zip(y._inputs or (), y._arrays(), strict=True):
            what, is_tensor = None, isinstance(x, Conversions)
            if is_tensor and getattr(x, "_written", -1) > y._order:
                what = f"{x._called()} (shape {x.shape}) was written into"
            elif is_tensor and recorded and x._data is not value:
                what = f"{x._called()} (shape {x.shape}) was given another value"
            elif writes.last_into(value) > y._order:
                called = x._called() if is_tensor else "an array"
                what = f"{called} (shape {value.shape}) shares memory with a leaf, which was written into"
            if what is not None:
                raise RuntimeError(
                    f"{what} after {y._called('another Tensor')} had been computed from it by {y._primitive.name}, "  # type: ignore[union-attr]
                    "whose rule may need the old value; call backward() before the update, or compute the loss again "
                    f"after it{'' if recorded else '; or rebind: t.data = t.data - step'}"
                )
