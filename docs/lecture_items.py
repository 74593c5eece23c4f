"""The lectures' items, where the pages show them, and the table of both.

``lectures/items.tsv`` lists what the lectures show. A page shows an item below its target, ``(item-12)=``, which is
above a heading; targets above the same heading share what follows. That is a running cell, or an example, linked as
``[name.py](../../examples/name.py)``, or the line "**Out of reach:** why".
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

__all__ = ["Item", "Shown", "items", "lectures", "pages", "shown"]

FOLDER = Path(__file__).with_name("lectures")

TARGET = re.compile(r"^\(item-(\w+)\)=\n", flags=re.MULTILINE)
EXAMPLE = re.compile(r"\]\(\.\./\.\./(examples/\w+\.py)\)")
OUT_OF_REACH = re.compile(r"^\*\*Out of reach:\*\* \S", flags=re.MULTILINE)


class Item(NamedTuple):
    id: str
    lecture: str
    text: str


class Shown(NamedTuple):
    """What a page has below the target of an item."""

    page: str
    cells: int
    examples: tuple[str, ...]
    out_of_reach: bool

    @property
    def state(self) -> str:
        """For the table; empty if nothing shows the item."""
        parts = ["cell"] * bool(self.cells) + [Path(example).name for example in self.examples]
        return ", ".join(parts + ["out of reach"] * self.out_of_reach)


def items() -> list[Item]:
    with (FOLDER / "items.tsv").open(encoding="utf-8", newline="") as file:
        return [Item(row["id"], row["lecture"], row["item"]) for row in csv.DictReader(file, delimiter="\t")]


def pages() -> dict[str, str]:
    """The lectures' pages: their names, such as ``000_scanning``, and their texts."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("[0-9]*.md"))}


def shown(page: str, text: str) -> list[tuple[str, Shown]]:
    """Each item's id, and what a page shows below its target, to the next target or section."""
    found: list[tuple[str, Shown]] = []
    for targets, body in re.findall(r"((?:^\(item-\w+\)=\n)+)(.*?)(?=^\(item-|^## |\Z)", text, flags=re.M | re.S):
        what = Shown(
            page,
            cells=len(re.findall(r"^```\{code-cell\}", body, flags=re.MULTILINE)),
            examples=tuple(dict.fromkeys(EXAMPLE.findall(body))),
            out_of_reach=bool(OUT_OF_REACH.search(body)),
        )
        found += [(target, what) for target in TARGET.findall(targets)]
    return found


def lectures() -> str:
    """The table of all items as Markdown, a part for each lecture, and the numbers of items by state."""
    where = dict(pair for page, text in pages().items() for pair in shown(page, text))
    parts = []
    for page in pages():
        rows = [row(item, where[item.id]) for item in items() if item.lecture == page[:3]]
        head = "| | item | shown by |\n| ---: | --- | --- |\n"
        parts.append(f"## {{doc}}`{page}`\n\n```{{table}}\n:class: items\n\n{head}" + "\n".join(rows) + "\n```")
    counts = Counter(kind(where[item.id]) for item in items())
    summary = ", ".join(f"{count} {words}" for words, count in counts.most_common())
    return f"{len(items())} items: {summary}.\n\n" + "\n\n".join(parts)


def row(item: Item, what: Shown) -> str:
    return f"| {item.id} | [{item.text}](#item-{item.id}) | {what.state} |"


def kind(what: Shown) -> str:
    if what.cells:
        return "by a running cell"
    if what.examples:
        return "by an example"
    return "out of reach"
