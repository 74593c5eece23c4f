"""The page: well-formed, self-contained, a worksheet on demand; and what a notebook is given."""

import re
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

import minigrad as mg
from tests.helpers.walkthrough.lecture_graphs import DERIVATIONS, logistic, mlp_vectorised, network

_MATHML_CORE = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "msup", "msub", "msubsup", "mover"),
    *("munder", "mtable", "mtr", "mtd"),
}


def elements(page):
    """The page as a tree; it is written so that an XML parser takes it, but for two void elements."""
    body = re.sub(r"<(meta[^>]*)>", r"<\1/>", page.replace("<!doctype html>", "").replace("&#160;", " "))
    return ElementTree.fromstring(body)


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda f: f.__name__)
def test_the_page_is_well_formed_and_needs_nothing_else(derivation, answers):
    page = derivation().html(answers=answers)
    tree = elements(page)
    assert tree.tag == "html"
    assert "http" not in page
    assert not tree.findall(".//script") + tree.findall(".//link") + tree.findall(".//img")
    inside = {part.tag for math in tree.iter("math") for part in math.iter()}
    assert inside <= _MATHML_CORE
    counts = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3, "mover": 2, "munder": 2}
    for math in tree.iter("math"):
        assert all(len(part) == counts[part.tag] for part in math.iter() if part.tag in counts)


def rows(page, kind):
    (table,) = [t for t in elements(page).iter("table") if kind in t.get("class").split()]
    return ["|".join("".join(cell.itertext()).strip() for cell in row) for row in table]


def test_the_backward_pass_of_the_lecture():
    assert rows(logistic().html(), "backward") == [
        "ℒ‾reg|=1||",
        "ℛ‾|=ℒ‾regλ|=1·0.1|=0.1",
        "ℒ‾|=ℒ‾reg||=1",
        "y‾|=ℒ‾(y−t)|=1·(0.3775−1)|=−0.6225",
        "z‾|=y‾σ′(z)|=−0.6225·0.235|=−0.1463",
        "w‾|=z‾∂z∂w+ℛ‾dℛdw",
        "|=z‾x+ℛ‾w|=−0.1463·2+0.1·0.5|=−0.2426",
        "from ℛ|=ℛ‾w|=0.1·0.5|=0.05",
        "from z|=z‾x|=−0.1463·2|=−0.2926 (sum −0.2426)",
        "b‾|=z‾||=−0.1463",
    ]


def test_a_worksheet_gives_no_answer_away():
    derivation = logistic()
    sheet = derivation.html(answers=False)
    backward = rows(sheet, "backward")
    assert [row.split("|")[0] for row in backward] == ["ℒ‾reg", "ℛ‾", "ℒ‾", "y‾", "z‾", "w‾", "b‾"]
    assert all(row.split("|")[1:] == ["=", "=", "="] for row in backward)
    for step in derivation.backward[3:]:
        assert f"{float(step.value):.4g}".replace("-", "−") not in sheet
    assert "σ′" not in sheet
    assert rows(sheet, "forward") == rows(derivation.html(), "forward")  # what is known stands there


def test_arrays_are_bold_and_layers_stand_above():
    page = mlp_vectorised().html()
    assert '<mi mathvariant="normal" class="bold">W</mi>' in page
    assert ".minigrad math .bold { font-weight: bold !important; }" in page
    assert "W(2)⊤y‾" in "".join(rows(page, "backward")).replace("|", "")


def test_paths_of_parameters_are_told():
    assert "hidden.weight" in network().html()


def test_text_that_would_be_markup_is_shown_as_text():
    x = mg.Tensor(2.0, requires_grad=True, name="<b>&x")
    page = mg.explain((x * x).named("L")).html()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;x" in page
    elements(page)


def test_what_a_notebook_is_given():
    derivation = logistic()
    bundle = derivation._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/latex", "text/markdown", "text/html"}
    assert bundle["text/plain"] == str(derivation)
    assert bundle["text/latex"] == derivation.latex()
    assert bundle["text/markdown"] == derivation.markdown()
    HTMLParser().feed(bundle["text/html"])
    assert bundle["text/html"].startswith('<div class="minigrad">')
    assert "<html" not in bundle["text/html"]


def test_markdown():
    text = logistic().markdown()
    given, values, forward, first, backward, second, where = text.strip().split("\n\n")
    assert (given, forward, backward) == ("**Given**", "**Forward pass**", "**Backward pass**")
    assert values == r"$w = 0.5$, $x = 2$, $b = -1.5$, $t = 1$, $\lambda = 0.1$"
    for block in (first, second):
        assert block.startswith("$$\n\\begin{alignedat}{2}\n")
        assert block.endswith("\n\\end{alignedat}\n$$")
    assert r"\bar{z} &= \bar{y} \sigma'(z) &&\quad = -0.6225 \cdot 0.235 = -0.1463" in second
    assert where == r"where $\sigma'(z) = y (1 - y)$"


def test_no_style_of_a_notebook_reaches_the_tables():
    """Notebooks have stripes, alignment and hover colours for every table, in rules stronger than one class."""
    page = mlp_vectorised()._repr_mimebundle_()["text/html"]
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)[1]
    assert ".minigrad :is(h2, p, table, tbody, tr, td, span) { all: revert !important; }" in style
    declarations = re.findall(r"[\w-]+: [^;{}]+;", style)
    assert len(declarations) > 20
    assert all("!important" in d for d in declarations)
    tags = set(re.findall(r"<(\w+)", re.sub("<math>.*?</math>", "", page)))
    assert tags <= {"div", "style", "h2", "p", "table", "tr", "td", "span"}, (
        "undo the notebook's style of a new tag, too"
    )


def test_an_equation_that_is_too_long_for_a_column_has_a_line_for_each_part():
    xs = [mg.Tensor(float(k), requires_grad=True, name=f"x_{k}") for k in range(1, 9)]
    L = sum(x * x for x in xs[1:])
    rows = re.findall(r"<tr[^>]*>.*?</tr>", mg.explain(L.named("L")).html())
    for row in rows:
        text = unescape(re.sub("<[^>]*>", "", row.replace("</td>", " ")))
        assert len(text) <= 90, text
    assert sum('class="continued"' in row for row in rows) >= 2
