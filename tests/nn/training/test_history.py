"""The history as a table: printed, and in a notebook."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

import nn


class Cells(HTMLParser):
    """The texts of a table's cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and data.strip():
            self.rows[-1][-1] += data


def printed(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()[2:] if not line.startswith("─")]


HISTORY = nn.History([1, 2], {"loss": [2.0, 1.0], "accuracy": [0.5, 0.75], "val_loss": [3.0], "lr": [0.1, 1e-5]})


@pytest.mark.parametrize("history", [HISTORY, nn.History(list(range(1, 100)), {"loss": [0.5] * 99}), nn.History()])
def test_a_notebook_shows_what_is_printed(history: nn.History) -> None:
    html = history._repr_html_()
    assert Cells(html).rows == printed(repr(history))
    assert "color:" not in html.replace("currentColor", "")  # those of the page, light or dark
    assert len(Cells(html).rows) <= 22


def test_the_validation_is_beside_the_training() -> None:
    assert printed(repr(HISTORY))[0] == ["epoch", "loss", "val_loss", "accuracy", "lr"]
    assert printed(repr(HISTORY))[2] == ["2", "1.0000", "–", "0.7500", "1e-05"]


def test_names_of_metrics_are_no_markup() -> None:
    cells = Cells(nn.History([1], {"<script>alert(1)</script>": [1.0]})._repr_html_())
    assert cells.rows[0] == ["epoch", "<script>alert(1)</script>"]
    assert "script" not in cells.tags
