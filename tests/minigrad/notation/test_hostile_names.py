"""Names may be any string. Whatever shows them moves no cursor, turns no text around, and runs nothing on a page."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.cli.main import main
from minigrad.notation import Name
from tests.helpers.parametrized.for_each import for_each

pytestmark = pytest.mark.usefixtures("first_plan")

HOSTILE = {
    "markup": "<img src=x onerror=alert(1)>",
    "end of markup": "</script></style></math>",
    "entity": "&lt;b&gt;&#0;",
    "quotes": "\"'`x`'\"",
    "pipe": "a|b",
    "dollar": "$$x$$",
    "LaTeX": r"\input{/etc/passwd} #1 % {",
    "markdown": "**a** `b` [c](javascript:d)",
    "colours": "\x1b[31mred\x1b[0m",
    "title of the terminal": "\x1b]0;title\x07",
    "line break": "a\nb\r\nc\u2028d\x85e",
    "null": "a\x00b",
    "backspace": "a\x08\x08b",
    "bidi": "\u202egnpexe\u2066",
    "zero width": "a\u200bb\ufeffc",
    "surrogate": "a\ud800b",
    "mark first": "\u0301a",
    "many marks": "a" + "\u0301" * 50,
    "spaces": "a\xa0b\u3000c",
    "DOT": '"]; x -> y [label="\\N\\G',
    "wide": "损失函数",
    "private": "\ue000\U0010ffff",
}

every_name = pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)


def derivation(name: str) -> mg.Walkthrough:
    """The name of an input, a parameter, an array, a computed value, a scope, an operation and the loss."""
    w = mg.Tensor(2.0, requires_grad=True, name=name)
    X = mg.Tensor(np.eye(2), requires_grad=True, name=name + "_1^2")
    own = mg.Primitive(name, lambda x: 2 * x, lambda y_bar, y, x: 2 * y_bar)
    with mg.scope(name):
        z = mg.sum(own(X * w)).named(name + "z")
    return mg.explain((z * z).named(name + "L"))


def model(name: str) -> nn.Module:
    return nn.Sequential(**{name: nn.Sequential(**{name: nn.Linear(2, 3)}), "b" + name: nn.Linear(3, 1)})


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(Exception, match=r"\w") as error:
        call()
    return str(error.value)


#: Everything that shows names as text for a terminal.
SHOWN: dict[str, Callable[[str], str]] = {
    "derivation": lambda name: str(derivation(name)),
    "steps": lambda name: "\n".join(f"{s.variable}{s.formula}{s.path}{s.local_derivative}" for s in derivation(name)),
    "LaTeX": lambda name: derivation(name).latex(),
    "Markdown": lambda name: derivation(name).markdown(),
    "page": lambda name: derivation(name).html(),
    "worksheet": lambda name: derivation(name).html(answers=False),
    "check": lambda name: derivation(name).check(),
    "wrong order": lambda name: str(derivation(name).wrong_order()),
    "model's derivation": lambda name: str(mg.explain(mg.sum(model(name)(np.ones((1, 2)))))),
    "Tensor": lambda name: repr(mg.Tensor(1.0, name=name)),
    "model": lambda name: repr(model(name)),
    "summary": lambda name: str(nn.summary(model(name), (2,))),
    "receptive field": lambda name: str(nn.receptive_field(nn.Sequential(**{name: nn.Conv2d(1, 1, 3)}), (1, 5, 5))),
    "error of a Tensor": lambda name: refused(lambda: mg.Tensor([1.0, 2.0], name=name).item()),
    "error of a graph": lambda name: refused(mg.Tensor(1.0, name=name).backward),
    "error of a state": lambda name: refused(
        lambda: model(name).load_state_dict({key: np.ones(7) for key in model(name).state_dict()})
    ),
    "error of missing names": lambda name: refused(lambda: model(name).load_state_dict({name: 1.0})),
}


@every_name
@for_each("what", list(SHOWN))
def test_what_is_shown_is_printable(what: str, name: str) -> None:
    with warnings.catch_warnings(action="ignore"):
        text = SHOWN[what](name)
    assert all(line.isprintable() for line in text.split("\n"))
    assert not re.search(r"(^|\s)[\u0300-\u036f]", text), "a combining mark without a letter"
    text.encode()  # no lone surrogates


@every_name
def test_the_player(capsys: pytest.CaptureFixture[str], name: str) -> None:
    derivation(name).play()
    assert all(line.isprintable() for line in capsys.readouterr().out.split("\n"))


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {key for key, _ in attributes}


@every_name
def test_pages_have_the_tags_of_any_page(name: str) -> None:
    harmless, page = Tags(derivation("a").html()), Tags(derivation(name).html())
    assert page.tags <= harmless.tags | {"msub", "msup", "msubsup", "mtext"}
    assert page.attributes <= harmless.attributes | {"colspan"}
    markdown = derivation(name).markdown()
    assert not set(markdown) & set("<>`")
    assert Tags(markdown).tags == set()


@every_name
def test_latex_has_balanced_braces_and_no_commands_of_the_name(name: str) -> None:
    text = derivation(name).latex()
    assert text.isascii() or "wide" in name
    bare = re.sub(r"\\[{}]", "", text)
    depth = np.cumsum([{"{": 1, "}": -1}.get(c, 0) for c in bare])
    assert depth[-1] == 0
    assert depth.min() == 0
    assert r"\input" not in text
    assert "%" not in text.replace(r"\%", "")
    assert "$" not in text.replace(r"\$", "")


@every_name
def test_drawings(name: str) -> None:
    w = mg.Tensor(2.0, requires_grad=True, name=name)
    with mg.scope(name):
        z = (w * 3.0).named(name)
    drawing = mg.draw(z * model(name)(np.ones((1, 2))))
    assert all(line.isprintable() for line in drawing.source.replace("\t", " ").split("\n"))
    if (svg := drawing._repr_svg_()) is not None:
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
        assert tags <= {"svg", "g", "title", "desc", "style", "path", "rect", "text", "image"}
        assert svg.count("href=") == svg.count('href="data:image/png;base64,')


def test_different_names_that_look_alike_stay_apart() -> None:
    a, b = (mg.Tensor(value, requires_grad=True, name=f"w{c}") for value, c in ((2.0, "\x01"), (3.0, "\x02")))
    text = str(mg.explain((a * b).named("L")))
    assert "w� = 2, w�₂ = 3" in text


def test_ordinary_names_are_as_they_are() -> None:
    for name in ("w", "λ", "损失", "W1", "L_reg", "x₁", "é", "naïve", "Ω"):
        assert "�" not in Name.parse(name).text


def test_the_command_line_shows_file_names_without_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "w**2", "w=1", "--html", "/dev/null/\x1b[31mred\u202e"]) == 2
    assert "\x1b" not in capsys.readouterr().err
