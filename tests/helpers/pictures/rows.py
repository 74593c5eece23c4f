"""Short words for writing rows by hand."""

import re

from minigrad.drawing.picture import Arrow, Line, Row, Rule, Span


def spans(text, role="text", bold=False):
    """``"L~_reg λ"``: "~" after a letter gives it a bar, "_" before a word makes it a subscript."""
    pieces = re.findall(r"(\w)~|_(\w+)|((?:[^\W_](?!~)|[^\w~])+)", text)
    return tuple(
        Span(bar or sub or plain, role, "sub" if sub else "", bar=bool(bar), bold=bold) for bar, sub, plain in pieces
    )


def title(name, formula="", kind=""):
    """``z = w x + b``, or ``w  parameter``."""
    formula = [Span(" = "), *spans(formula)] if formula else []
    aside = [Span("  " + kind, "muted")] if kind else []
    return Line((*spans(name, bold=True), *formula, *aside))


def value(text, **options):
    return Line(spans(text, "value"), part="value", **options)


def signal(*texts, **options):
    """A rule, and the error signal below it, on one line for each text."""
    return (Rule(part="signal"), *(Line(spans(text, "signal"), part="signal", **options) for text in texts))


def arrows(uses):
    """Arrows for rows ``(source, target, labels forward, labels backward)``; ``None`` where nothing travels back."""
    forward = [
        Arrow(f"a{i}", source, target, labels=tuple(Line(spans(text, "value", bold=True), 16) for text in texts))
        for i, (source, target, texts, _) in enumerate(uses, 1)
    ]
    backward = [
        Arrow(f"a{i}", target, source, "backward", tuple(Line(spans(text, "signal"), 16) for text in texts))
        for i, (source, target, _, texts) in enumerate(
            (use for use in reversed(uses) if use[3] is not None), len(uses) + 1
        )
    ]
    return (*forward, *backward)


def box_rows(*parts: Row | tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(row for part in parts for row in (part if isinstance(part, tuple) else (part,)))
