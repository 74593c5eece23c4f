"""The same form in plain text, LaTeX and MathML."""

import numpy as np
import pytest

from minigrad.notation import Symbolic, typeset_formula, write
from minigrad.notation.latex import latex
from minigrad.notation.mathml import mathml
from tests.samples import PRIMITIVES

x, y = Symbolic.symbol("x", 2.0), Symbolic.symbol("y", 3.0)


@pytest.mark.parametrize(
    ("made", "text", "tex", "element"),
    [
        (abs(x), "|x|", "|x|", ">|</mo><mi>x</mi><mo"),
        (abs(x / y), "|x / y|", r"\left| \frac{x}{y} \right|", 'stretchy="true">|</mo><mfrac>'),
        (np.cbrt(x), "∛x", r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
        (x % y, "x mod y", r"x \bmod y", ">mod</mo>"),
        (np.log2(x), "log₂ x", r"\log_{2} x", "<mi>log₂</mi>"),
        (PRIMITIVES["modified_bessel"](x, order=1), "I₁(x)", r"I_{1}(x)", "<msub>"),
        (PRIMITIVES["sinc"](x, order=2), "sinc′′(x)", r"\operatorname{sinc}''(x)", "<mi>sinc′′</mi>"),
        (PRIMITIVES["ndtr"](x), "Φ(x)", r"\Phi(x)", ">Φ</mi>"),
    ],
)
def test_three_ways_to_write_it(made, text, tex, element):
    layout = typeset_formula(made.expression, flat=False)
    assert (write(made.expression), latex(layout)) == (text, tex)
    assert element in mathml(layout)


def test_the_quotient_without_its_remainder():
    layout = typeset_formula((x // y).expression, flat=False)
    assert write((x // y).expression) == "⌊x / y⌋"
    assert " ".join(latex(layout).split()) == r"\left\lfloor \frac{x}{y} \right \rfloor"
    assert ">⌊</mo><mfrac>" in mathml(layout)
