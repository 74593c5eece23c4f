"""A derivation as a web page with MathML, which browsers render by themselves, for light and dark screens and print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import Any

from minigrad.notation import Expression, printable, width
from minigrad.notation.values import is_small
from minigrad.walkthrough.formats.changed_rules import ChangedNote, mark_of
from minigrad.walkthrough.formats.pieces import formula, in_math, name_of, numbers, term, value_of
from minigrad.walkthrough.formats.text import explained, nameless_note
from minigrad.walkthrough.step import Contribution, Step

__all__ = ["html_fragment", "html_page"]


# Colours and fonts are inherited from the page, which may be light or dark. Notebooks have styles for every table:
# stripes, numbers at the right, a colour below the mouse. All of them are undone, and each rule here is important, so
# that none of theirs is stronger.
_RULES = """
.minigrad :is(h2, p, table, tbody, tr, td, span) { all: revert; }
.minigrad { text-align: left; line-height: 1.5; }
.minigrad { --quiet: color-mix(in srgb, currentColor 72%, transparent); --signal: #0072b2; font: inherit;
  color: inherit; }
.minigrad h2 { font: inherit; font-weight: 600; margin: 1.4em 0 0.4em; padding: 0; }
.minigrad table { border-collapse: collapse; border: 0; margin: 0; font-size: 1.05em; display: block;
  overflow-x: auto; }
.minigrad tr, .minigrad td { background: none; border: 0; color: inherit; text-align: left; vertical-align: middle; }
.minigrad .continued td { padding-top: 0; }
.minigrad td { padding: 0.25em 0.6em 0.25em 0; white-space: nowrap; }
.minigrad td:first-child { padding-left: 0.8em; border-left: 3px solid transparent; }
.minigrad .backward td:first-child { border-left-color: var(--signal); }
.minigrad .arrives td { color: var(--quiet); font-size: 0.92em; padding-top: 0; }
.minigrad .arrives td:first-child { padding-left: 2em; }
.minigrad .sheet td { vertical-align: bottom; }
.minigrad .blank { display: inline-block; border-bottom: 1px dotted var(--quiet); height: 2em; width: 11em; }
.minigrad .blank.short { width: 5em; }
.minigrad .changed { font-size: 0.85em; border: 1px solid; border-radius: 0.3em; padding: 0 0.4em; }
.minigrad p.quiet { color: var(--quiet); }
.minigrad .given { overflow-x: auto; overflow-y: hidden; }
.minigrad .given span { margin-right: 1.2em; white-space: nowrap; }
.minigrad math .bold { font-weight: bold; }
.minigrad math .bar { border-top: 0.06em solid; padding-top: 0.12em; }
@media print {
  .minigrad { --quiet: #444; --signal: #000; }
  .minigrad tr { break-inside: avoid; }
  .minigrad table { display: table; }
  .minigrad :is(table, .given) { overflow: visible; }
}
"""
_STYLE = re.sub(r"(: [^:;{}]+);", r"\1 !important;", _RULES)
_WIDEST = 60  # letters of an equation on one line: what the column of a notebook or of these pages holds
_TAG, _MATRIX = re.compile("<[^>]*>"), re.compile("<mtable>(.*?)</mtable>")
_PAGE_STYLE = """
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #111;
  background: #fff; }
h1 { font-size: 1.4rem; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #14171a; } }
@media print { body { margin: 0; color: #000; background: none; } }
"""


def html_page(
    given: Sequence[Step],
    forward: Sequence[Step],
    backward: Sequence[Step],
    answers: bool,
    changed: ChangedNote | None = None,
) -> str:
    """A complete, self-contained page."""
    title = f"Backward pass of {printable(backward[0].name.source)}"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{_PAGE_STYLE}</style>\n</head>\n<body>\n'
        f"<h1>{escape(title)}</h1>\n{html_fragment(given, forward, backward, answers, changed)}\n</body>\n</html>\n"
    )


def html_fragment(
    given: Sequence[Step],
    forward: Sequence[Step],
    backward: Sequence[Step],
    answers: bool,
    changed: ChangedNote | None = None,
) -> str:
    """The derivation alone, for a page or a notebook; `changed` says which rules are changed."""
    parts = ['<div class="minigrad">', f"<style>{_STYLE}</style>"]
    if given:
        values = " ".join(f"<span>{_given(step)}</span>" for step in given)
        parts += ["<h2>Given</h2>", f'<p class="given">{values}</p>']
    if note := nameless_note(given):
        parts.append(f'<p class="quiet">({escape(note)})</p>')
    if forward:
        parts += ["<h2>Forward pass</h2>", _table("forward", forward, True)]
    parts += ["<h2>Backward pass</h2>", _table("backward", backward, answers)]
    named = explained(step.expression for step in (*forward, *backward))
    where = [in_math(formula(e), "<mo>=</mo>", formula(e.meaning)) for e in named]
    if where and answers:
        parts.append(f'<p class="quiet">where {", ".join(where)}</p>')
    if changed:
        parts.append(f"<p>{changed.written(lambda name: in_math(name_of(name)), escape)}</p>")
    return "\n".join(map(printable, "\n".join([*parts, "</div>"]).split("\n")))


def _given(step: Step) -> str:
    path = f"<mtext>{escape(step.path)}</mtext><mo>=</mo>" if step.path else ""
    return in_math(name_of(step.name), "<mo>=</mo>", path, value_of(step.value))


def _table(kind: str, steps: Sequence[Step], answers: bool) -> str:
    rows = [row for step in steps for row in (_rows(step) if answers else _blank(step))]
    return f'<table class="{kind}{"" if answers else " sheet"}">\n' + "\n".join(rows) + "\n</table>"


def _rows(step: Step) -> Iterator[str]:
    head = in_math(name_of(step.name))
    if len(step.chain_rule) > 1:
        chain = "<mo>+</mo>".join(map(term, step.chain_rule))
        yield f'<tr><td>{head}</td><td colspan="3">{in_math("<mo>=</mo>", chain)}</td></tr>'
        head = ""
    yield from _equation(head, step.expression, step.value, _mark(step))
    for i, part in enumerate(step.contributions if len(step.contributions) > 1 else ()):
        source = f"from {in_math(name_of(part.name))}"
        total = f" (sum {in_math(value_of(part.running_sum))})" if i and is_small(part.value) else ""
        yield from _equation(source, part.expression, part.value, total + _mark(part), kind="arrives")


def _mark(line: Step | Contribution) -> str:
    mark = mark_of(line)
    return f' <span class="changed">{mark}</span>' if mark else ""


def _equation(head: str, e: Expression, value: Any, after: str = "", kind: str = "") -> Iterator[str]:
    """A row with a cell for the formula, the formula with numbers, and the result; a long one is a row for each."""
    rule, result = formula(e), value_of(value)
    cells = [rule, numbers(e), "" if rule == result else result]
    texts = [in_math("<mo>=</mo>", cell) if cell else "" for cell in cells]
    texts[2] += after
    if sum(map(_columns, cells)) <= _WIDEST:
        yield f"<tr{_class(kind)}><td>{head}</td>{''.join(f'<td>{text}</td>' for text in texts)}</tr>"
        return
    for text in filter(None, texts):
        yield f'<tr{_class(kind)}><td>{head}</td><td colspan="3">{text}</td></tr>'
        head, kind = "", kind or "continued"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _columns(cell: str) -> int:
    """About how many letters are side by side in a formula: of a matrix those of its longest row."""
    flat = _MATRIX.sub(lambda matrix: max(matrix[1].split("</mtr>"), key=_letters), cell)
    return _letters(flat)


def _letters(cell: str) -> int:
    return width(unescape(_TAG.sub("", cell.replace("</mtd>", "  "))))


def _blank(step: Step) -> Iterator[str]:
    """A line of a worksheet: the variable, and blanks to fill in."""
    blanks = '<span class="blank"></span>', '<span class="blank"></span>', '<span class="blank short"></span>'
    cells = "".join(f"<td>{in_math('<mo>=</mo>')} {blank}</td>" for blank in blanks)
    mark = f"<td>{_mark(step)}</td>" if step.changed_rules else ""
    yield f"<tr><td>{in_math(name_of(step.name))}</td>{cells}{mark}</tr>"
