"""Names as formulas show them: ``lam`` is λ, ``W1`` is W⁽¹⁾, and the error signal of y is ȳ.

Text after ``_`` is an index (``L_reg``, ``w_12``), text after ``^`` is a layer number
(``W^(1)``). Digits right after a single letter number the layer of an array (``W1`` is W⁽¹⁾, as the
lecture has it), and are an index of a single number (``z1`` is z₁), except before another index
(``w1_12`` is w₁₂⁽¹⁾).
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

import numpy as np

from minigrad.core.tensor import Tensor
from minigrad.user_frame import is_installed

__all__ = [
    "Name", "bar", "calling_frames", "can_be_named", "padded", "pretty", "printable", "variable_names", "variables_of",
    "width",
]  # fmt: skip

_MACRON, _HAT = "\N{COMBINING MACRON}", "\N{COMBINING CIRCUMFLEX ACCENT}"
_GREEK = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}")
    for name in (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu"),
        *("xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"),
    )
} | dict.fromkeys(("lam", "lamb", "lambd", "lamda", "lambda", "lambda_"), "λ")
_TEX_LETTERS = {letter: f"\\{name}" for name, letter in _GREEK.items() if not name.startswith("lam")} | {
    "λ": r"\lambda",
    "θ": r"\theta",
}
_SUBSCRIPTS = str.maketrans("0123456789ijklmn", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙ")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_LIST = 1000  # a list of more is data, not a list of variables
_LOSSES = "LR"  # 𝓛 and 𝓡 in the lecture; every other letter is as it is


@dataclass(frozen=True)
class Name:
    """A letter or word with an index and a layer number, with a bar if it names an error signal.

    Attributes:
        base: the letter (Greek already) or word.
        index: the subscript.
        layer: the superscript, in brackets.
        barred: whether it is the error signal of the variable.
        hatted: whether it is the standardized variable, x̂.
        ndim: the number of axes of the value; LaTeX and MathML print arrays in bold.
        source: the name in the program.

    >>> W = Name.parse("W1", ndim=2)
    >>> W.text, W.bar.text, W.bar.latex, W.bar.python
    ('W⁽¹⁾', 'W̄⁽¹⁾', '\\\\overline{\\\\mathbf{W}^{(1)}}', 'W1_bar')
    """

    base: str
    index: str = ""
    layer: str = ""
    barred: bool = False
    hatted: bool = False
    ndim: int = 0
    source: str = ""

    def __post_init__(self) -> None:
        """A name may be any string, but what is shown of it moves no cursor and turns no text around."""
        for part in ("base", "index", "layer"):
            object.__setattr__(self, part, printable(getattr(self, part)))

    @classmethod
    def parse(cls, source: str, ndim: int = 0) -> Name:
        """The parts of a name in a program."""
        if source in _GREEK or "." in source or not source[:1].isalpha():
            return cls(_GREEK.get(source, source), ndim=ndim, source=source)
        head, layer = re.fullmatch(r"(.+?)(?:\^\(?(.+?)\)?)?", source, re.DOTALL).groups("")  # type: ignore[union-attr]
        head, _, index = head.partition("_")
        if not index and head + "_" == source:
            return cls(source, ndim=ndim, source=source)
        letter, digits = re.fullmatch(r"(.*?)(\d*)", head, re.DOTALL).groups()  # type: ignore[union-attr]
        if digits and not layer and (len(letter) == 1 or letter in _GREEK):
            head = letter
            index, layer = (index, digits) if index or ndim else (digits, "")
        return cls(_GREEK.get(head, head), index, layer, ndim=ndim, source=source)

    @property
    def bar(self) -> Name:
        """The name of its error signal."""
        return replace(self, barred=True)

    @property
    def hat(self) -> Name:
        """The name of its standardized values."""
        return replace(self, hatted=True)

    @property
    def unbarred(self) -> Name:
        """The name without the bar."""
        return replace(self, barred=False)

    @property
    def text(self) -> str:
        """As plain text: a bar over the letter, of a word over its first, for a bar over each could not be read."""
        base = self.base
        if self.barred or self.hatted:
            first = next((i for i, c in enumerate(base) if c.isalpha()), len(base) - 1)
            base = base[: first + 1] + _HAT * self.hatted + _MACRON * self.barred + base[first + 1 :]
        below = self.index.translate(_SUBSCRIPTS)
        if below and any(c.isascii() for c in below):
            below = f"_{self.index}"
        above = f"^({self.layer})"
        if self.layer.isdecimal():
            above = f"⁽{self.layer.translate(_SUPERSCRIPTS)}⁾"
        return unicodedata.normalize("NFC", base) + below + (above if self.layer else "")

    @property
    def latex(self) -> str:
        """As LaTeX: arrays in bold, one bar over the whole name."""
        text = f"\\hat{{{self.latex_base}}}" if self.hatted else self.latex_base
        text += f"_{{{_tex_word(self.index)}}}" if self.index else ""
        text += f"^{{({tex_escaped(self.layer)})}}" if self.layer else ""
        if not self.barred:
            return text
        return f"\\bar{{{text}}}" if len(self.base) == 1 and not self.index + self.layer else f"\\overline{{{text}}}"

    @property
    def latex_base(self) -> str:
        """The base alone as LaTeX, without bar, index and layer."""
        letter = _TEX_LETTERS.get(self.base)
        if letter is not None:
            return f"\\boldsymbol{{{letter}}}" if self.ndim else letter
        if len(self.base) == 1 and self.base.isalpha() and self.base.isascii():
            if self.ndim:
                return f"\\mathbf{{{self.base}}}"
            return f"\\mathcal{{{self.base}}}" if self.base in _LOSSES else self.base
        return f"\\{'mathbf' if self.ndim else 'mathit'}{{{tex_escaped(self.base)}}}"

    @property
    def letter(self) -> str:
        """The base as MathML shows it: ℒ and ℛ for losses."""
        return {"L": "ℒ", "R": "ℛ"}.get(self.base, self.base) if not self.ndim else self.base

    @property
    def python(self) -> str:
        """As a variable in Python."""
        word = re.sub(r"\W+", "_", self.source or self.text).rstrip("_")
        word = f"{word}_bar" if self.barred else word
        return f"_{word}" if not word.isidentifier() or keyword.iskeyword(word) else word


def printable(text: str) -> str:
    """Text with a � for each invisible character: control characters, line breaks, changes of text direction.

    A combining mark at the beginning gets a circle of its own to stand on, rather than what comes before.

    >>> printable("w\\x1b[31m"), printable("\\u0301a")
    ('w�[31m', '◌́a')
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if unicodedata.category(c) == "Zs" else "�" for c in text)
    return f"◌{text}" if text and unicodedata.category(text[0]).startswith("M") else text


def tex_escaped(text: str) -> str:
    """Text with all characters escaped that LaTeX or a page around it treats as commands; accents are dropped."""
    signs = {"\\": r"\backslash", "^": r"\wedge", "~": r"\sim", "…": r"\dots", "×": r"\times"}
    signs |= {"<": "<", ">": ">", "|": "|", "*": r"\ast"}  # which text fonts lack, or Markdown means otherwise
    special = {"−": "-", "`": "'"} | {sign: rf"\ensuremath{{{command}}}" for sign, command in signs.items()}
    plain = "".join(c for c in unicodedata.normalize("NFKD", printable(text)) if not unicodedata.combining(c))
    return "".join(special.get(c, f"\\{c}" if c in "_{}#$%&" else c if c.isascii() else "?") for c in plain)


def _tex_word(index: str) -> str:
    short = index.isascii() and index.isalnum() and (len(index) == 1 or index.isdecimal())
    return index if short else f"\\text{{{tex_escaped(index)}}}"


def pretty(source: str, ndim: int = 0) -> str:
    """The name as plain text has it.

    >>> pretty("lam"), pretty("W1", ndim=2), pretty("z1"), pretty("L_reg")
    ('λ', 'W⁽¹⁾', 'z₁', 'L_reg')
    """
    return Name.parse(source, ndim).text


def bar(source: str, ndim: int = 0) -> str:
    """The name of the error signal as plain text.

    >>> bar("y"), bar("L_reg"), bar("W1", ndim=2), bar("loss")
    ('ȳ', 'L̄_reg', 'W̄⁽¹⁾', 'l̄oss')
    """
    return Name.parse(source, ndim).bar.text


class _Columns(dict[str, int]):
    """The columns of a character, looked up once: layouts ask for those of many long texts."""

    def __missing__(self, c: str) -> int:
        columns = self[c] = 0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        return columns


_COLUMNS = _Columns()


def width(text: str) -> int:
    """The number of terminal columns that a text takes: combining marks take none, Chinese letters two."""
    if text.isascii():
        return len(text)
    return sum(map(_COLUMNS.__getitem__, text))


def padded(text: str, columns: int) -> str:
    """The text followed by spaces up to a width; ``str.ljust`` would count the bars."""
    return text + " " * (columns - width(text))


def variables_of(caller: FrameType) -> dict[str, Any]:
    """A caller's variables that hold Tensors and arrays, local before global, and the elements of lists of them.

    What the caller was passed as an argument has the name that it has where it comes from: ``loss``, and not the ``t``
    of a helper ``def show(t)``. Names with a leading underscore are left out. Before Python 3.13, reading a frame's
    variables keeps them alive, even if deleted, until the frame returns.
    """
    local, *outer = ({n: x for n, x in frame.f_locals.items() if _is_public(n)} for frame in calling_frames(caller))
    known = local | {n: x for n, x in caller.f_globals.items() if _is_public(n) and n not in caller.f_locals}
    passed_on = {name: x for variables in outer[::-1] for name, x in variables.items() if can_be_named(x)}
    from_outside = {id(x) for x in passed_on.values()}
    own = {name: x for name, x in known.items() if can_be_named(x) and id(x) not in from_outside}
    inside = {part: x for name, value in known.items() for part, x in _elements(name, value) if can_be_named(x)}
    variables = own
    for more in (passed_on, inside):
        variables |= {name: x for name, x in more.items() if name not in variables}
    return variables


def calling_frames(caller: FrameType) -> list[FrameType]:
    """The frame of a function, and those that it was passed Tensors from, outermost last.

    A lambda or comprehension stands within the code that names things.
    """
    frames = [caller]
    while (outer := frames[-1].f_back) is not None and not is_installed(outer):
        inner = frames[-1]
        is_nested = inner.f_code.co_name in ("<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
        if not is_nested and not any(can_be_named(inner.f_locals.get(name)) for name in _parameters(inner)):
            break
        frames.append(outer)
    return frames


def _parameters(frame: FrameType) -> tuple[str, ...]:
    code = frame.f_code
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _is_public(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_")


def _elements(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The elements of a list or tuple, as ``ws_0``, ``ws_1`` …, and the values of a dictionary, by their keys."""
    if isinstance(value, list | tuple) and len(value) <= _LONGEST_LIST:
        yield from ((f"{name}_{i}", x) for i, x in enumerate(value))
    elif isinstance(value, dict) and len(value) <= _LONGEST_LIST:
        yield from ((key, x) for key, x in value.items() if isinstance(key, str) and key.isidentifier())


def variable_names(variables: Mapping[str, Any]) -> dict[int, str]:
    """The name of each value, by its identity; the first of several names counts."""
    names: dict[int, str] = {}
    for name, value in variables.items():
        names.setdefault(id(value), name)
    return names


def can_be_named(value: Any) -> bool:
    """Whether a derivation may give a value a name, rather than write it into formulas as a number.

    Not for a Python number: Python shares one object between all the 0.5 of a function, so the variable that
    holds it cannot be identified. ``np.float64(0.1)`` is an object of its own.
    """
    return isinstance(value, Tensor | np.ndarray | np.generic)
