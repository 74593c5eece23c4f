"""Every item of the lectures has its place on a page, with a cell that runs, an example, or why neither is possible."""

from __future__ import annotations

import re
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

#: Nobody can show these by a program: a training on ImageNet, a demo in JavaScript, a theorem.
OUT_OF_REACH = {"82", "85", "174"}


def load(name: str) -> ModuleType:
    spec = spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lectures = load("lecture_items")
ITEMS = {item.id: item for item in lectures.items()}
PAGES = lectures.pages()
SHOWN = [pair for page, text in PAGES.items() for pair in lectures.shown(page, text)]


def test_every_item_is_shown_once_on_the_page_of_its_lecture() -> None:
    assert {id for id, count in Counter(id for id, _ in SHOWN).items() if count > 1} == set(), "two places for one item"
    places = {id: what.page[:3] for id, what in SHOWN}
    assert {id for id, lecture in places.items() if id not in ITEMS or ITEMS[id].lecture != lecture} == set()
    assert ITEMS.keys() - places.keys() == set(), "items without a place on a page"


def test_every_item_has_a_cell_or_an_example_or_a_reason() -> None:
    assert {id for id, what in SHOWN if not what.state} == set(), "nothing below the target of these items shows them"
    assert {id for id, what in SHOWN if what.out_of_reach} == OUT_OF_REACH


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = PAGES[page]
    links = re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", text)
    links += [f"{target}.md" for target in re.findall(r"\{doc\}`(?:[^`<]*<)?([^`>]+)>?`", text)]
    assert {link for link in links if not (DOCS / "lectures" / link).is_file()} == set()
    targets = {f"item-{id}" for id, _ in SHOWN}
    assert set(re.findall(r"\]\(#(item-\w+)\)", text)) <= targets


def test_the_table_tells_what_shows_an_item() -> None:
    rows = {
        line.split(" | ")[0].strip("| "): line for line in lectures.lectures().splitlines() if line.startswith("| ")
    }
    assert ITEMS.keys() <= rows.keys()
    for id, what in SHOWN:
        assert rows[id] == f"| {id} | [{ITEMS[id].text}](#item-{id}) | {what.state} |"


def test_what_is_below_a_target() -> None:
    text = (
        "# A page\n\n(item-1)=\n(item-2)=\n### Two\n\nText.\n\n```{code-cell} python\n1\n```\n\n"
        "(item-3)=\n### One\n\nSee [a.py](../../examples/a.py).\n\n## A section\n\n```{code-cell} python\n2\n```\n\n"
        "(item-4)=\n### Far\n\n**Out of reach:** why.\n\n"
        "(item-5)=\n### Nothing\n\nOnly words.\n"
    )
    states = {id: what.state for id, what in lectures.shown("000", text)}
    assert states == {"1": "cell", "2": "cell", "3": "a.py", "4": "out of reach", "5": ""}
