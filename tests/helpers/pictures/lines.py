"""The lecture's L_reg, one box for each named variable, with the numbers of mg.explain."""

from minigrad.drawing.picture import Box, Event, Picture
from tests.helpers.pictures.rows import arrows, box_rows, signal, title, value

W_BAR = signal("w~ = −0.2926 + 0.05", "     = −0.2426")


def lines():
    boxes = (
        Box("b1", "parameter", box_rows(title("w", kind="parameter"), value("0.5"), W_BAR)),
        Box("b2", "given", box_rows(title("x", kind="given"), value("2"))),
        Box("b3", "parameter", box_rows(title("b", kind="parameter"), value("−1.5"), signal("b~ = −0.1463"))),
        Box("b4", "computed", box_rows(title("z", "w x + b"), value("−0.5"), signal("z~ = −0.1463"))),
        Box("b5", "computed", box_rows(title("y", "σ(z)"), value("0.3775"), signal("y~ = −0.6225"))),
        Box("b6", "given", box_rows(title("t", kind="given"), value("1"))),
        Box("b7", "computed", box_rows(title("L", "½ (y − t)²"), value("0.1937"), signal("L~ = 1"))),
        Box("b8", "given", box_rows(title("λ", kind="given"), value("0.1"))),
        Box("b9", "computed", box_rows(title("R", "½ w²"), value("0.125"), signal("R~ = 0.1"))),
        Box("b10", "computed", box_rows(title("L_reg", "L + λ R"), value("0.2062"), signal("L~_reg = 1")), root=True),
    )  # fmt: skip
    drawn = arrows(
        [
            ("b1", "b4", (), ("z~ x", "−0.2926")),
            ("b2", "b4", (), None),
            ("b3", "b4", (), ("z~", "−0.1463")),
            ("b4", "b5", (), ("y~ σ′(z)", "−0.1463")),
            ("b5", "b7", (), ("L~ (y − t)", "−0.6225")),
            ("b6", "b7", (), None),
            ("b1", "b9", (), ("R~ w", "0.05")),
            ("b7", "b10", (), ("L~_reg", "1")),
            ("b8", "b10", (), None),
            ("b9", "b10", (), ("L~_reg λ", "0.1")),
        ]
    )
    forward = [Event(((box.key, "value"),), (box.key,)) for box in boxes if box.kind == "computed"]
    backward = [
        Event(
            (("b10", "signal"),)
            if box.root
            else (
                (box.key, "signal"),
                *((a.key, "label") for a in drawn if a.kind == "backward" and a.target == box.key),
            ),
            (box.key,),
        )
        for box in reversed(boxes)
        if box.kind in ("computed", "parameter")
    ]
    return Picture(boxes, drawn, events=(*forward, *backward), title="L_reg", description="The graph of L_reg.")
