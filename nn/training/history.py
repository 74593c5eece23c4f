"""The history of a training."""

from __future__ import annotations

from dataclasses import dataclass, field

from nn.metrics.running_metrics import metric_text
from nn.printed_text import text_table
from nn.unsupported import Explained

__all__ = ["History"]

_LONGEST = 20  # rows of the table; of more epochs it shows the first and the last


@dataclass(repr=False)
class History(Explained):
    """Loss and accuracy of each epoch of `fit`, under Keras's names; printing it shows a table.

    Attributes:
        epoch: the numbers of the epochs, starting from 1.
        history: lists with one number for each epoch: ``"loss"``, ``"accuracy"`` (if targets are class numbers), and
            with validation data ``"val_loss"`` and ``"val_accuracy"``, with a schedule ``"lr"``, the learning rate.
            Training loss and accuracy are means over the epoch, during which the parameters change.
    """

    epoch: list[int] = field(default_factory=list)
    history: dict[str, list[float]] = field(default_factory=dict)

    def __repr__(self) -> str:
        names = list(self.history)
        rows = [[str(epoch), *(self._shown(name, i) for name in names)] for i, epoch in enumerate(self.epoch)]
        if len(rows) > _LONGEST:
            rows[_LONGEST // 2 : -_LONGEST // 2] = [["…"] * (1 + len(names))]
        return text_table("Training", [["epoch", *names], *rows], numbers=1 + len(names))

    def _shown(self, name: str, i: int) -> str:
        """A number of the table; those of a history that was put together by hand may be missing."""
        values = self.history[name]
        return metric_text(name, values[i]) if i < len(values) else "–"

    def _add(self, epoch: int, means: dict[str, float]) -> None:
        self.epoch.append(epoch)
        for name, value in means.items():
            self.history.setdefault(name, []).append(value)
