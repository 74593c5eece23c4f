"""The history of a training."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["History"]


@dataclass
class History:
    """Loss and accuracy of each epoch of `fit`, under Keras's names.

    Attributes:
        epoch: the numbers of the epochs, starting from 1.
        history: lists with one number for each epoch: ``"loss"``, ``"accuracy"`` (if targets are class numbers), and
            with validation data ``"val_loss"`` and ``"val_accuracy"``. Training loss and accuracy are means over the
            epoch, during which the parameters change.
    """

    epoch: list[int] = field(default_factory=list)
    history: dict[str, list[float]] = field(default_factory=dict)

    def _add(self, epoch: int, means: dict[str, float]) -> None:
        self.epoch.append(epoch)
        for name, value in means.items():
            self.history.setdefault(name, []).append(value)
