"""Names that would break a format, or turn it round, end to end: picture, SVG, DOT, outline."""

import html
import unicodedata
from xml.etree import ElementTree

import numpy as np
import pytest

import minigrad as mg
import nn

pytestmark = pytest.mark.usefixtures("first_plan")

NAMES = {
    "script": "</script><script>alert(1)</script>",
    "quotes": "\"'`",
    "backslashes": "\\N\\l\\",
    "lines": "two\nlines\r\n",
    "turned": "\u202eabc\u2066",
    "hebrew": "שלום",
    "long": "x" * 10_000,
    "emoji": "🙂👩‍👩‍👧",
    "control": "\x00\x1b[31m\x7f",
    "markup": "<b>&lt;&amp;]]>",
    "half": "\ud800",
    "none": "",
    "space": " ",
    "accent": "\u0301a",
    "wide": "重み",
    "style": "}</style>*{display:none}",
    "key": "b0",
}

every_name = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


def drawn(name, **options):
    w = mg.Tensor(2.0, requires_grad=True, name=name)
    with mg.scope(name):
        z = (w * 3.0).named(name)
    model = nn.Linear(2, 1, rng=0)
    holder = nn.Sequential(**{name: model}) if name.isidentifier() else nn.Sequential(model)
    return mg.draw((z * holder(np.ones((1, 2)))).sum().named(name), **options)


@every_name
@pytest.mark.parametrize("level", ["lines", "operations", "modules"])
def test_no_name_breaks_a_format(name, level):
    drawing = drawn(name, level=level)
    for text in (drawing.source, str(drawing)):
        assert all(line.isprintable() for line in text.split("\n"))
        text.encode()
    assert max(map(len, str(drawing).split("\n"))) <= 120
    assert len(drawing.source) < 100_000
    assert drawing.source.count('"') % 2 == 0
    if (svg := drawing._repr_svg_()) is not None:
        tree = ElementTree.fromstring(svg.encode())
        tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
        assert "script" not in tags
        assert svg.count("<style>") <= 1
        turning = {c for c in svg if unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE")}
        assert not turning
        assert len(svg) < 1_000_000


def test_a_name_is_shown_as_it_is():
    w = mg.Tensor(2.0, requires_grad=True, name='a <b>"n"</b> &amp;')
    y = (w * w).named("y")
    assert 'a <b>"n"</b> &amp;' in str(mg.draw(y))
    assert html.escape('a <b>"n"</b> &amp;') in mg.draw(y).source
