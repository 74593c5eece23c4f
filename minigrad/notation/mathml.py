"""Formulas as MathML Core, which browsers render without any script."""

from __future__ import annotations

from html import escape

from minigrad.notation.layout import (
    Fenced,
    Fraction,
    Identifier,
    Layout,
    Matrix,
    Number,
    Phrase,
    Root,
    Row,
    Script,
    Sign,
    Total,
    Word,
)
from minigrad.notation.name import Name

__all__ = ["mathml"]


def mathml(layout: Layout) -> str:
    """A layout as MathML elements, to stand inside ``<math>``.

    >>> from minigrad.notation import Symbolic, typeset_formula
    >>> z = Symbolic.symbol("z", 2.0)
    >>> mathml(typeset_formula((z**2).expression, flat=False))
    '<msup><mi>z</mi><mn>2</mn></msup>'
    """
    match layout:
        case Identifier(name):
            return _identifier(name)
        case Number(text):
            return f"<mn>{escape(text)}</mn>"
        case Sign(" "):
            return '<mspace width="0.17em"/>'
        case Sign("ᵀ"):
            return '<mi mathvariant="normal">⊤</mi>'
        case Sign("−"):
            return '<mo form="prefix">−</mo>'
        case Sign(" mod "):
            return '<mo lspace="0.3em" rspace="0.3em">mod</mo>'
        case Sign(text):
            return f"<mo>{escape(text.strip())}</mo>"
        case Word("𝟏"):
            return '<mi mathvariant="normal" class="bold">1</mi>'
        case Phrase(text):
            return f"<mtext>&#160;{escape(text)}&#160;</mtext>"
        case Word(text) if text.endswith("ᵀ"):
            return f'<msup><mi>{escape(text[:-1])}</mi><mi mathvariant="normal">⊤</mi></msup>'
        case Word(text):
            return f'<mi mathvariant="normal">{escape(text)}</mi>' if len(text) == 1 else f"<mi>{escape(text)}</mi>"
        case Row(parts):
            return f"<mrow>{''.join(map(mathml, parts))}</mrow>"
        case Fenced(body, left, right):
            return _fenced(left, mathml(body), right)
        case Script(Identifier(name), above, None) if above and name.layer:
            return _identifier(name, mathml(above))
        case Script(base, above, None) if above:
            return f"<msup>{mathml(base)}{mathml(above)}</msup>"
        case Script(base, None, Word(letters)):
            return f"<msub>{mathml(base)}<mrow>{_letters(letters)}</mrow></msub>"
        case Script(base):
            return mathml(base)
        case Fraction(above, below):
            return f"<mfrac>{mathml(above)}{mathml(below)}</mfrac>"
        case Root(body, ""):
            return f"<msqrt>{mathml(body)}</msqrt>"
        case Root(body, degree):
            return f"<mroot>{mathml(body)}<mn>{degree}</mn></mroot>"
        case Total(letters, sign):
            total = f"<mo>{'∑' if sign == 'Σ' else '∏'}</mo>"
            return f"<munder>{total}<mrow>{_letters(letters)}</mrow></munder>" if letters else total
        case Matrix(rows):
            lines = "".join(f"<mtr>{''.join(f'<mtd>{mathml(cell)}</mtd>' for cell in row)}</mtr>" for row in rows)
            return _fenced("[", f"<mtable>{lines}</mtable>", "]")


def _letters(text: str) -> str:
    """Index letters one by one: as single letters they are italic, as variables are; signs and digits are upright."""
    kinds = ("mi" if c.isalpha() else "mn" if c.isdigit() or c in "∞." else "mo" for c in text)
    return "".join(f"<{kind}>{c}</{kind}>" for kind, c in zip(kinds, text, strict=True))


def _fenced(left: str, body: str, right: str) -> str:
    """Brackets that grow with tall content and stay close to the rest."""
    stretchy = "true" if "<mtable" in body or "<mfrac" in body or "<msqrt" in body or "<mroot" in body else "false"
    opening, closing = (f'<mo form="{form}" stretchy="{stretchy}">' for form in ("prefix", "postfix"))
    return f"<mrow>{opening}{left}</mo>{body}{closing}{right}</mo></mrow>"


def _identifier(name: Name, raised: str = "") -> str:
    """A name; `raised` stands above, after the number of the layer. The page's style draws the bar over a word."""
    word = len(name.letter) > 1
    classes = " ".join(["bold"] * bool(name.ndim) + ["bar"] * (name.barred and word))
    styles = f' class="{classes}"' if classes else ""
    upright = ' mathvariant="normal"' if name.ndim else ""
    element = f"<mi{upright}{styles}>{escape(name.letter)}</mi>"
    if name.barred and not word:  # over the letter alone; no browser stretches it, so a word has a border
        element = f"<mover>{element}<mo>‾</mo></mover>"
    if name.hatted:
        element = f"<mover>{element}<mo>^</mo></mover>"
    below = f"<mn>{name.index}</mn>" if name.index.isdecimal() else f"<mi>{escape(name.index)}</mi>"
    above = _fenced("(", f"<mn>{escape(name.layer)}</mn>", ")") if name.layer else ""
    if raised:
        above = f"<mrow>{above}{raised}</mrow>"
    if name.index and above:
        return f"<msubsup>{element}{below}{above}</msubsup>"
    if name.index:
        return f"<msub>{element}{below}</msub>"
    return f"<msup>{element}{above}</msup>" if above else element
