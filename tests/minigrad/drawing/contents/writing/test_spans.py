"""Formulas as spans: scripts and bars as such, no combining bars, nothing that turns text round."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
from minigrad.drawing.contents.writing.spans import shortened, spans_of, spans_of_name
from minigrad.drawing.contents.writing.text import lines_of
from minigrad.drawing.formats.plain_text import line_text
from minigrad.drawing.picture import Line
from minigrad.notation import Name, Symbolic, typeset_formula, write

FORBIDDEN = ("\n", "\r", " ", "\u0304", "\u202e", "\u2066", "\u2067")


def spans(formula, **values):
    symbols = {name: Symbolic.symbol(name, value) for name, value in values.items()}
    return spans_of(typeset_formula(formula(**symbols).expression, flat=True))


def marked(parts):
    """`_` before what is lower, `^` before what is higher, `~` after what has a bar."""
    texts = ({"sub": "_", "super": "^"}.get(s.script, "") + s.text.strip() + "~" * s.bar for s in parts)
    return " ".join(texts).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (spans(lambda L_reg_bar, lam: L_reg_bar * lam, L_reg_bar=1.0, lam=2.0), "L~ _reg λ"),
        (spans(lambda w: 0.5 * w**2, w=2.0), "½ w ^2"),
        (spans(lambda y: -1.5 * y, y=2.0), "−1.5 y"),
        (spans(lambda x: x**-2, x=2.0), "x ^−2"),
        (spans(lambda x: mg.exp(-(x**2)), x=2.0), "e ^−x^2"),
        (spans(lambda x: mg.sqrt(x + 1), x=2.0), "√(x + 1)"),
        (spans(lambda x, y: x / y, x=2.0, y=3.0), "x / y"),
        (spans(lambda W1, x: W1 @ x, W1=[[1.0]], x=[1.0]), "W ^(1) x"),
        (spans(lambda x: x.T, x=[[1.0, 2.0]]), "x ^T"),
        (spans(lambda a: mg.sum(a, axis=0), a=[[1.0, 2.0]]), "Σ _n a _n"),
        (spans_of_name(Name.parse("loss").bar), "loss~"),
        (spans_of_name(Name.parse("x", 1).hat), "x̂"),
        (spans_of_name(Name.parse("w1_12").bar), "w~ _12 ^(1)"),
        (spans_of_name(Name("z\u0304")), "z~"),
    ],
)
def test_scripts_and_bars(found, expected):
    assert marked(found) == expected


@given(st.lists(st.text(min_size=1, max_size=30), min_size=2, max_size=2, unique=True))
def test_any_name_is_shown_and_turns_nothing_round(sources):
    names = [Name.parse(source) for source in sources]
    found = [*spans_of_name(names[0].bar), *spans_of_name(names[1])]
    for span in found:
        assert span.text
        assert not any(bad in span.text for bad in FORBIDDEN)
        assert all(c.isprintable() or c == "\xa0" for c in span.text)


def test_letters_from_right_to_left_stay_by_themselves():
    found = spans(lambda x, y: x * y + x, x=1.0, y=2.0)
    assert len(found) == 1
    shalom = Symbolic.symbol("שלום", 1.0)
    found = spans_of(typeset_formula((shalom * 2 + 1).expression, flat=True))
    assert [s.text for s in found if any(unicodedata.bidirectional(c) == "R" for c in s.text)] == ["שלום"]


def test_long_names_are_shortened():
    found = shortened(spans_of_name(Name.parse("x" * 10_000)), 24)
    assert [s.text for s in found] == ["x" * 23 + "…"]
    assert shortened(found, 24) == found


def test_long_formulas_go_on_below():
    x = Symbolic.symbol("x", 2.0)
    total = x
    for k in range(2, 30):
        total = total + mg.sin(k * x)
    lines = lines_of(total.expression)
    assert len(lines) == 3
    texts = [line_text(Line(line)).replace("\xa0", " ") for line in lines]
    assert all(len(text) <= 37 for text in texts)
    assert texts[-1].endswith("…")
    assert write(total.expression).startswith(f"{texts[0]} {texts[1]} ")
