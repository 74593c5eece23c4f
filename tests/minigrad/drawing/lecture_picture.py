"""The lecture's graph of the regularised loss as a picture, written by hand."""

from __future__ import annotations

from minigrad.drawing.picture import Arrow, Box, Line, Picture, Rule, Span

__all__ = ["lecture_picture", "plain_box"]


def plain_box(key, name, kind="computed", *, formula="", value="", signal="", **attributes):
    """A box with a name in bold, a formula or a word, a value and an error signal."""
    role = "text" if "=" in formula else "muted"
    rows = [Line((Span(name, bold=True), *([Span(formula, role)] if formula else [])))]
    if value:
        rows.append(Line((Span(value, "value"),), part="value"))
    if signal:
        bar = (Span(name, "signal", bar=True), Span(f" = {signal}", "signal"))
        rows += [Rule(part="signal"), Line(bar, part="signal")]
    return Box(key, kind, tuple(rows), description=f"{name}, {kind}", **attributes)


def lecture_picture():
    """z = w x + b, y = σ(z), L = ½ (y − t)², R = ½ w², L_reg = L + λ R."""
    L_reg = Box(
        "b9",
        "computed",
        (
            Line((Span("L", bold=True), Span("reg", script="sub", bold=True), Span(" = L + λ R"))),
            Line((Span("0.2062", "value"),), part="value"),
            Rule(part="signal"),
            Line(
                (Span("L", "signal", bar=True), Span("reg", "signal", script="sub"), Span(" = 1", "signal")),
                part="signal",
            ),
        ),
        root=True,
    )
    boxes = (
        plain_box("b0", "w", "parameter", formula=" parameter", value="0.5", signal="−0.2926 + 0.05 = −0.2426"),
        plain_box("b1", "x", "given", formula=" given", value="2"),
        plain_box("b2", "b", "parameter", formula=" parameter", value="−1.5", signal="−0.1463"),
        plain_box("b3", "z", formula=" = w x + b", value="−0.5", signal="−0.1463"),
        plain_box("b4", "y", formula=" = σ(z)", value="0.3775", signal="−0.6225"),
        plain_box("b5", "t", "given", formula=" given", value="1"),
        plain_box("b6", "L", formula=" = ½ (y − t)²", value="0.1937", signal="1"),
        plain_box("b7", "R", formula=" = ½ w²", value="0.125", signal="0.1"),
        plain_box("b8", "λ", "given", formula=" given", value="0.1"),
        L_reg,
    )
    uses = ["03", "13", "23", "34", "46", "56", "07", "69", "89", "79"]
    forward = [Arrow(f"a{i}", f"b{a}", f"b{b}") for i, (a, b) in enumerate(uses)]
    back = ["96", "97", "64", "43", "32", "30", "70"]
    backward = [
        Arrow(f"a{10 + i}", f"b{a}", f"b{b}", "backward", labels=(Line((Span("0.1", "signal"),)),))
        for i, (a, b) in enumerate(back)
    ]
    return Picture(boxes, (*forward, *backward), title="computation graph of L_reg")
