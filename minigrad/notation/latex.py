"""Formulas as LaTeX, for math mode with the packages amsmath and amssymb."""

from __future__ import annotations

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
from minigrad.notation.name import tex_escaped

__all__ = ["latex"]

_SIGNS = {
    "−": "-", "·": r"\cdot", "∘": r"\circ", "×": r"\times", "⊗": r"\otimes", "ᵀ": r"\top", "≤": r"\le", "≥": r"\ge",
    "≠": r"\ne", "…": r"\dots", "<": "<", ">": ">", "=": "=", "+": "+", "/": "/", ",": ",", "mod": r"\bmod",
}  # fmt: skip
_KNOWN = ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "max", "min")
_FUNCTIONS = {name: rf"\{name}" for name in _KNOWN} | {
    "Σ": r"\sum", "Π": r"\prod", "log₂": r"\log_{2}", "log₁₀": r"\log_{10}",
    "σ": r"\sigma", "λ": r"\lambda", "Φ": r"\Phi", "Γ": r"\Gamma", "ψ": r"\psi", "e": "e", "𝟏": r"\mathbf{1}",
}  # fmt: skip
_FENCES = {
    "‖": (r"\left\lVert ", r" \right\rVert"), "(": ("(", ")"), "[": ("[", "]"), "|": ("|", "|"),
    "⌊": (r"\lfloor ", r" \rfloor"),
}  # fmt: skip


def latex(layout: Layout) -> str:
    """A layout in LaTeX.

    >>> from minigrad.notation import Symbolic, typeset_formula
    >>> z = Symbolic.symbol("z", 2.0)
    >>> latex(typeset_formula((0.5 * z**2).expression, flat=False))
    '\\\\frac{1}{2} z^{2}'
    """
    match layout:
        case Identifier(name):
            return name.latex
        case Number(text):
            return _number(text)
        case Sign(text):
            return " ".join(_SIGNS.get(part, part) for part in text.split(" "))
        case Word(text):
            return _word(text)
        case Phrase(text):
            return rf"\text{{ {text} }}"
        case Row(parts):
            return "".join(_in_row(part, parts[max(0, i - 1) : i + 2]) for i, part in enumerate(parts))
        case Fenced(body, left, _):
            opening, closing = _FENCES[left]
            inner = latex(body)
            tall = r"\frac" in inner or r"\begin" in inner
            return rf"\left{opening} {inner} \right{closing}" if tall and left != "‖" else opening + inner + closing
        case Script(Identifier(name), above, None) if above and name.layer and not name.barred:
            return f"{name.latex[:-1]}{latex(above)}}}"  # W^{(2)\top}: two superscripts would be an error
        case Script(base, above, below):
            text = latex(base)
            text += f"_{{{_below(below.text) if isinstance(below, Word) else latex(below)}}}" if below else ""
            return text + (f"^{{{latex(above)}}}" if above else "")
        case Fraction(above, below):
            return rf"\frac{{{latex(above)}}}{{{latex(below)}}}"
        case Root(body, degree):
            return rf"\sqrt{f'[{degree}]' if degree else ''}{{{latex(body)}}}"
        case Total(letters, sign):
            command = {"Σ": r"\sum", "Π": r"\prod"}[sign]
            letters = ",".join(letters) if letters.isalpha() else _below(letters)
            return rf"{command}_{{{letters}}} " if letters else f"{command} "
        case Matrix(rows):
            lines = r" \\ ".join(" & ".join(latex(cell) for cell in row) for row in rows)
            return rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}"


def _below(text: str) -> str:
    """Index letters, and the kinds of norms."""
    return text.replace("≠", r" \ne ").replace("∞", r"\infty").replace("−", "-")


def _in_row(part: Layout, around: tuple[Layout, ...]) -> str:
    """A part of a row. TeX puts factors close together, and names of several letters would run into one word."""
    return r" \, " if part == Sign(" ") and any(map(_is_long_name, around)) else latex(part)


def _is_long_name(layout: Layout) -> bool:
    if isinstance(layout, Script):
        return _is_long_name(layout.base)
    return isinstance(layout, Identifier) and len(layout.name.base) > 1


def _number(text: str) -> str:
    if text.endswith("i"):  # 1 + 2i, whose parts are numbers of their own
        *rest, imaginary = text.removesuffix("i").split(" ")
        return " ".join([*map(_number, rest), _number(imaginary) + "i"])
    plain = text.replace("−", "-")
    mantissa, _, exponent = plain.partition("e")
    if exponent.lstrip("+-").isdigit():
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return {"nan": r"\mathrm{nan}", "inf": r"\infty", "-inf": r"-\infty"}.get(plain, plain)


def _word(text: str) -> str:
    if text.endswith("ᵀ"):
        return rf"{_word(text[:-1])}^{{\top}}"
    name = text.rstrip("′")
    primes = "'" * (len(text) - len(name))
    known = _FUNCTIONS.get(name)
    if known is None and not name.replace("_", "").isalpha():
        return rf"\text{{{tex_escaped(text.replace('…', '...'))}}}"
    return (known or (name if len(name) == 1 else rf"\operatorname{{{tex_escaped(name)}}}")) + primes
