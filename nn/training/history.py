"""TODO"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["History"]


@dataclass
class History:
    """What `fit` measured, epoch by epoch, under Keras's names.

    Attributes:
        epoch: the numbers of the epochs, from 1.
        history: a list with one number for each epoch under ``"loss"``, ``"accuracy"`` (where targets are
            class numbers), and with validation data ``"val_loss"`` and ``"val_accuracy"``. Training loss and
            accuracy are means over the epoch, while the parameters were changing.
    """

    epoch: list[int] = field(default_factory=list)
    history: dict[str, list[float]] = field(default_factory=dict)

    def _add(self, epoch: int, measured: dict[str, float]) -> None:
        self.epoch.append(epoch)
        for name, value in measured.items():
            self.history.setdefault(name, []).append(value)
