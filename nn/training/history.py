"""The history of a training."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nn.data_frame import data_frame
from nn.metrics.running_metrics import metric_text
from nn.printed_text import html_table, text_table
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

    def to_frame(self) -> Any:
        """The history as a pandas DataFrame: a row for each epoch, and the validation's column beside that of training.

        ``history.to_frame()[["loss", "val_loss"]].plot()`` draws them.

        Raises:
            ImportError: if pandas is not installed: ``pip install "minigrad-autograd[pandas]"``.
        """
        return data_frame("History.to_frame", {name: self.history[name] for name in self._names()}, self.epoch, "epoch")

    def _names(self) -> list[str]:
        """The names in their order, that of a validation beside its own."""
        names = [name for name in self.history if name.removeprefix("val_") == name or name[4:] not in self.history]
        return [beside for name in names for beside in (name, f"val_{name}") if beside in self.history]

    def __repr__(self) -> str:
        return text_table(*self._table())

    def _repr_html_(self) -> str:
        return html_table(*self._table())

    def _table(self) -> tuple[str, list[list[str]], int]:
        """The title, the rows with the header, and the number of columns."""
        names = self._names()
        rows = [[str(epoch), *(self._shown(name, i) for name in names)] for i, epoch in enumerate(self.epoch)]
        if len(rows) > _LONGEST:
            rows[_LONGEST // 2 : -_LONGEST // 2] = [["…"] * (1 + len(names))]
        return "Training", [["epoch", *names], *rows], 1 + len(names)

    def _shown(self, name: str, i: int) -> str:
        """A number of the table; those of a history that was put together by hand may be missing."""
        values = self.history[name]
        return metric_text(name, values[i]) if i < len(values) else "–"

    def _add(self, epoch: int, means: dict[str, float]) -> None:
        self.epoch.append(epoch)
        for name, value in means.items():
            self.history.setdefault(name, []).append(value)
