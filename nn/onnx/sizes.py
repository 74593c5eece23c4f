"""Sizes that depend on the batch: they are known at two batch sizes, and must never become a constant of a file."""

from __future__ import annotations

from dataclasses import dataclass

from nn.onnx.refused import Refused

__all__ = ["Size", "Varying", "fixed", "sizes_of"]


@dataclass(frozen=True)
class Varying:
    """A whole number that differs between the two runs of the model.

    Attributes:
        at_n, at_2n: what it is at the batch size of the example, and at twice as many samples.
    """

    at_n: int
    at_2n: int

    def __index__(self) -> int:
        raise Refused(
            f"a number depends on the batch size (it is {self.at_n}, and {self.at_2n} for twice as many samples)"
        )

    def per_sample(self, n: int) -> int | None:
        """How many times the batch size it is; ``None`` if it is not a multiple of it."""
        return self.at_n // n if self.at_n % n == 0 and self.at_2n == 2 * self.at_n else None


Size = int | Varying


def sizes_of(at_n: tuple[int, ...], at_2n: tuple[int, ...]) -> tuple[Size, ...]:
    """A shape, of its values in the two runs."""
    return tuple(a if a == b else Varying(a, b) for a, b in zip(at_n, at_2n, strict=True))


def fixed(shape: tuple[Size, ...]) -> tuple[int, ...]:
    """A shape that is the same at all batch sizes.

    Raises:
        Refused: if it is not.
    """
    for axis, size in enumerate(shape):
        if isinstance(size, Varying):
            raise Refused(
                f"it needs the number of elements along axis {axis}, which depends on the batch size (it is "
                f"{size.at_n}, and {size.at_2n} for twice as many samples)"
            )
    return tuple(int(size) for size in shape)
