"""The numbers of each epoch as rows of a CSV file."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import minigrad as mg
from nn.callbacks.callback import Callback
from nn.callbacks.state import checked_state

__all__ = ["CSVLogger"]


class CSVLogger(Callback):
    """Writes the numbers of each epoch to a CSV file, a row as soon as the epoch is over.

    A training that goes on from a checkpoint begins with the rows up to there: the file ends up as if nothing had
    happened, byte by byte. Numbers are written so that reading gives the same bits. Arrays are JSON.

    Arguments:
        path: the name of the file. Missing folders are created. A file that is there is replaced when a training
            begins.
        separator: the text between two columns, a single character.

    Raises:
        TypeError: if `path` is not the name of a file, or `separator` not a single character.
        OSError: if the file cannot be written.

    >>> import nn
    >>> log = nn.callbacks.CSVLogger("training.csv")
    """

    def __init__(self, path: str | os.PathLike[str], separator: str = ",") -> None:
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"CSVLogger: path is a {type(path).__name__}, expected the name of a file")
        if not isinstance(separator, str) or len(separator) != 1 or separator in '"\r\n':
            raise TypeError(f"CSVLogger: separator is {separator!r:.80}, expected a single character, such as ';'")
        self.path = Path(path)
        self.separator = separator
        self.rows: list[dict[str, str]] = []

    def on_train_begin(self, run: Any) -> None:
        """Write the rows up to here: of a new training, none."""
        if run.step == 0:
            self.rows = []
        if self.path.is_dir():
            raise IsADirectoryError(f"CSVLogger: {self.path} is a folder, expected a file, as {self.path / 'log.csv'}")
        if run.comm.rank == 0:
            mg.files.make_folder(self.path.parent)
        self._write(run, self._text(self.rows, header=True), "w")

    def on_epoch_end(self, run: Any) -> None:
        """Add a row."""
        before = self._columns()
        self.rows.append({"epoch": str(run.epoch)} | {name: _cell(value) for name, value in run.logs.items()})
        if before == self._columns():
            self._write(run, self._text(self.rows[-1:], header=False), "a")
        else:  # the first row, or a number that there was not before
            self._write(run, self._text(self.rows, header=True), "w")

    def state_dict(self) -> dict[str, Any]:
        """The rows so far."""
        return {"rows": [dict(row) for row in self.rows]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned.

        Raises:
            TypeError, ValueError: if it is not such a dictionary.
        """
        self.rows = [dict(row) for row in checked_state(self, state_dict)["rows"]]

    def _columns(self) -> list[str]:
        return list(dict.fromkeys(name for row in self.rows for name in row))

    def _text(self, rows: list[dict[str, str]], *, header: bool) -> str:
        text = io.StringIO()
        writer = csv.DictWriter(text, self._columns(), restval="", delimiter=self.separator, lineterminator="\n")
        if header and rows:
            writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    def _write(self, run: Any, text: str, mode: str) -> None:
        if run.comm.rank:  # of several processes, the first one writes
            return
        with self.path.open(mode, encoding="utf-8", newline="") as file:
            file.write(text)


def _cell(value: Any) -> str:
    """A number that reads back as the same bits; an array as JSON."""
    if np.ndim(value):
        return json.dumps(np.asarray(value).tolist())
    return str(value) if isinstance(value, int) else repr(float(value))
