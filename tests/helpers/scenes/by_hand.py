"""Scenes made by hand, for writers of formats: the lecture's graph of L_reg, with its steps, and all kinds of boxes."""

from itertools import pairwise

import numpy as np

from minigrad.drawing.picture import Event, Span
from minigrad.drawing.scene import Image, Path, Scene, Text

_WIDTHS = {" ": 0.278, ".": 0.278, "=": 0.584, "+": 0.584, "−": 0.584, "(": 0.333, ")": 0.333, "½": 0.834, "²": 0.333}


def width_of(text, size, bold=False):
    """About what it takes in Arial."""
    narrow = {"i": 0.222, "l": 0.222, "t": 0.278, "r": 0.333, "f": 0.278, "w": 0.722, "m": 0.833, "L": 0.556}
    return sum(_WIDTHS.get(c, narrow.get(c, 0.7 if c.isupper() else 0.53)) for c in text) * size * (1.06 if bold else 1)


def runs(x, y, spans, size, key, part):
    """A line of text; a subscript is smaller and lower, an aside smaller."""
    items = []
    for span in spans:
        small = 0.65 if span.script or span.role == "muted" else 1
        lower = {"sub": 0.2, "super": -0.35, "": 0}[span.script] * size
        items.append(
            Text(x, y + lower, width_of(span.text, size * small, span.bold), size * small, span, key=key, part=part)
        )
        x += items[-1].width
    return items


def rounded(x0, y0, x1, y1, r=11.0):
    k = 0.45 * r
    return (
        ("M", x0 + r, y0), ("L", x1 - r, y0), ("C", x1 - k, y0, x1, y0 + k, x1, y0 + r),
        ("L", x1, y1 - r), ("C", x1, y1 - k, x1 - k, y1, x1 - r, y1),
        ("L", x0 + r, y1), ("C", x0 + k, y1, x0, y1 - k, x0, y1 - r),
        ("L", x0, y0 + r), ("C", x0, y0 + k, x0 + k, y0, x0 + r, y0), ("Z",),
    )  # fmt: skip


def square(x0, y0, x1, y1):
    return (("M", x0, y0), ("L", x1, y0), ("L", x1, y1), ("L", x0, y1), ("Z",))


def sheet(x0, y0, x1, y1, c=9.0):
    return (("M", x0, y0), ("L", x1 - c, y0), ("L", x1, y0 + c), ("L", x1, y1), ("L", x0, y1), ("Z",))


def box(key, kind, x0, y0, x1, y1, name, value, signal, root=False):
    """Outline and rows: spans of the name, of the value, and of the lines of the error signal."""
    line, fill = f"{kind}.line", f"{kind}.fill"
    outline = {"parameter": square, "given": sheet}.get(kind, rounded)
    items = []
    if root:
        items.append(Path(outline(x0 - 4, y0 - 4, x1 + 4, y1 + 4), stroke=line, width=1.6, key=key))
    width = 3.5 if kind == "parameter" else 1.6
    items.append(Path(outline(x0, y0, x1, y1), stroke=line, fill=fill, width=width, key=key))
    if kind == "given":
        corner = (("M", x1 - 9, y0), ("L", x1 - 9, y0 + 9), ("L", x1, y0 + 9))
        items.append(Path(corner, stroke=line, width=1.6, key=key))
    items += runs(x0 + 11, y0 + 23, name, 20, key, "name")
    items += runs(x0 + 11, y0 + 50, [Span(value, "value")], 20, key, "value")
    if signal:
        rule = (("M", x0 + 9, y0 + 58), ("L", x1 - 9, y0 + 58))
        items.append(Path(rule, stroke=line, width=1, key=key, part="signal"))
    for i, spans in enumerate(signal):
        items += runs(x0 + 11, y0 + 80 + 22 * i, spans, 20, key, "signal")
    return items


def arrow(key, kind, points, labels=(), at=(0, 0)):
    """A cubic curve through its control points, a filled or an open head, and centred labels from y downwards."""
    (xb, yb), (x, y) = points[-2:]
    d = np.array([x - xb, y - yb]) / np.hypot(x - xb, y - yb)
    n = np.array([-d[1], d[0]])
    tip, stem = np.array([x, y]), np.array([x, y]) - 10 * d
    sides = [tip - 11 * d + 4.2 * n, tip - 11 * d - 4.2 * n]
    line = [("M", *points[0])]
    ends = [*points[1:-1], tuple(stem) if kind == "forward" else (x, y)]
    line += [("C", *a, *b, *c) for a, b, c in zip(ends[::3], ends[1::3], ends[2::3], strict=True)]
    items = [Path(tuple(line), stroke=kind, width=2.2, dashed=kind == "backward", key=key, part="line")]
    if kind == "forward":
        head = (("M", *tip), ("L", *sides[0]), ("L", *sides[1]), ("Z",))
        items.append(Path(head, fill=kind, key=key, part="head"))
    else:
        head = (("M", *sides[0]), ("L", *tip), ("L", *sides[1]))
        items.append(Path(head, stroke=kind, width=2.2, key=key, part="head"))
    for i, spans in enumerate(labels):
        width = sum(width_of(s.text, 16 * (0.65 if s.script else 1), s.bold) for s in spans)
        items += runs(at[0] - width / 2, at[1] + 19 * i, spans, 16, key, "label")
    return items


def _signal(name, rest, sub=""):
    below = [Span(sub, "signal", script="sub")] if sub else []
    return [Span(name, "signal", bar=True), *below, *([Span(rest, "signal")] if rest else [])]


def _named(name, rest, sub=""):
    below = [Span(sub, script="sub", bold=True)] if sub else []
    return [Span(name, bold=True), *below, Span(rest, "muted" if rest[0] == "\u00a0" else "text")]


def _boxes():
    w = _signal("w", " = −0.2926 + 0.05")
    given, parameter = "\u00a0given", "\u00a0parameter"
    yield "b1", "parameter", (11, 255, 211, 369), _named("w", parameter), "0.5", [w, [Span("     = −0.2426", "signal")]]
    yield "b2", "given", (74, 11, 148, 71), _named("x", given), "2", []
    yield "b3", "parameter", (43, 117, 179, 209), _named("b", parameter), "−1.5", [_signal("b", " = −0.1463")]
    yield "b4", "given", (609, 11, 678, 71), _named("t", given), "1", []
    yield "b5", "given", (606, 255, 681, 315), _named("λ", given), "0.1", []
    yield "b6", "computed", (326, 117, 460, 209), _named("z", " = w x + b"), "−0.5", [_signal("z", " = −0.1463")]
    yield "b7", "computed", (575, 117, 712, 209), _named("y", " = σ(z)"), "0.3775", [_signal("y", " = −0.6225")]
    yield "b8", "computed", (827, 117, 957, 209), _named("L", " = ½ (y − t)²"), "0.1937", [_signal("L", " = 1")]
    yield "b9", "computed", (344, 304, 442, 396), _named("R", " = ½ w²"), "0.125", [_signal("R", " = 0.1")]
    regularised = _named("L", " = L + λ R", "reg")
    yield "b10", "computed", (1047, 239, 1179, 331), regularised, "0.2062", [_signal("L", " = 1", "reg")]


def _arrows():
    def label(name, rest, number, sub=""):
        return [_signal(name, rest, sub), [Span(number, "signal", bold=True)]]

    yield "a1", "forward", [(171, 255), (191, 238), (290, 180), (326, 176)]
    yield "a2", "forward", [(148, 50), (186, 61), (280, 90), (326, 119)]
    yield "a3", "forward", [(179, 163), (230, 163), (280, 163), (326, 163)]
    yield "a4", "forward", [(460, 163), (500, 163), (540, 163), (575, 163)]
    yield "a5", "forward", [(678, 58), (720, 75), (790, 112), (827, 131)]
    yield "a6", "forward", [(712, 163), (750, 163), (790, 163), (827, 163)]
    yield "a7", "forward", [(211, 336), (250, 345), (300, 348), (344, 350)]
    yield "a8", "forward", [(681, 285), (800, 285), (950, 285), (1043, 285)]
    yield "a9", "forward", [(442, 347), (650, 335), (900, 310), (1043, 294)]
    yield "a10", "forward", [(957, 199), (990, 217), (1020, 233), (1043, 247)]
    yield "a11", "backward", [(1055, 235), (1030, 212), (995, 192), (957, 182)], label("L", "", "1", "reg"), (1000, 160)
    yield (
        "a12",
        "backward",
        [(827, 200), (790, 218), (750, 218), (712, 200)],
        label("L", " (y − t)", "−0.6225"),
        (770, 182),
    )
    yield (
        "a13",
        "backward",
        [(575, 200), (540, 218), (500, 218), (460, 200)],
        label("y", " σ′(z)", "−0.1463"),
        (518, 182),
    )
    yield "a14", "backward", [(352, 209), (320, 250), (270, 275), (211, 290)], label("z", " x", "−0.2926"), (268, 227)
    yield "a15", "backward", [(326, 152), (280, 148), (220, 149), (179, 154)], label("z", "", "−0.1463"), (268, 123)
    across = [(1043, 312), (900, 350), (750, 385), (670, 384), (600, 384), (520, 376), (442, 358)]
    yield "a16", "backward", across, label("L", " λ", "0.1", "reg"), (768, 342)
    yield "a17", "backward", [(344, 342), (300, 334), (260, 329), (211, 325)], label("R", " w", "0.05"), (268, 302)


def _events():
    forward = {"b6": "a1 a2 a3", "b7": "a4", "b8": "a5 a6", "b9": "a7", "b10": "a8 a9 a10"}
    backward = {"b8": "a11", "b9": "a16", "b7": "a12", "b6": "a13", "b1": "a14 a17", "b3": "a15"}
    for key, arrows in forward.items():
        yield Event(((key, "value"),), (key, *arrows.split()), f"{key} is computed")
    yield Event((("b10", "signal"),), ("b10",), "L̄_reg = 1")
    for key, arrows in backward.items():
        labels = tuple((arrow, "label") for arrow in arrows.split())
        yield Event((*labels, (key, "signal")), (key, *arrows.split()), f"the error signal of {key}")


def lines():
    """The lecture's graph of L_reg, one box for each named variable."""
    items, groups = [], {}
    for key, kind, place, name, value, signal in _boxes():
        items += box(key, kind, *place, name, value, signal, root=key == "b10")
        groups[key] = ("box", f"{''.join(s.text for s in name)}\nvalue {value}")
    for key, kind, points, *labels in _arrows():
        items += arrow(key, kind, points, *labels)
        groups[key] = (kind, "")
    items += [
        Path(square(213, 424, 292, 450), stroke="parameter.line", fill="parameter.fill", width=3),
        *runs(218, 442, [Span("parameter")], 15, "", "name"),
        Path(rounded(360, 424, 440, 450, 8), stroke="computed.line", fill="computed.fill", width=1.6),
        *runs(367, 442, [Span("computed")], 15, "", "name"),
    ]
    return Scene(1194, 464, tuple(items), groups, tuple(_events()), "Graph of L_reg", "L_reg = L + λ R")


def every_kind():
    """A box of every kind, with a map, a warning and letters of every height under bars, in a frame."""
    items, groups = [], {}
    kinds = ["parameter", "given", "constant", "computed", "unrecorded", "failed"]
    items.append(Path(rounded(10, 10, 1070, 200), stroke="frame.line", fill="frame.fill", key="f0"))
    groups["f0"] = ("frame", "Sequential")
    for i, kind in enumerate(kinds):
        key, x = f"b{i}", 30 + 170 * i
        signal = [[Span(s, "signal", bar=True) for s in ("W", "w", "b", "y", "λ", "l")] + [Span(" = 0", "signal")]]
        items += box(key, kind, x, 30, x + 150, 130, [Span(kind, bold=True)], "−0.5", signal)
        items += runs(x + 70, 80, [Span("NaN", "warning", bold=True)], 20, key, "value")
        groups[key] = ("box", kind)
    rng = np.random.default_rng(0)
    rgba = np.concatenate([rng.integers(0, 256, (5, 8, 3)), np.full((5, 8, 1), 255)], axis=2).astype(np.uint8)
    items.append(Image(40, 140, 80, 50, rgba, "W, 5×8, from −1 to 1", key="b0"))
    return Scene(1080, 210, tuple(items), groups)


def items_of(scene, kind, key=None):
    """The paths, texts or images of a scene, or of one box."""
    return [item for item in scene.items if isinstance(item, kind) and key in (None, item.key)]


def steps(scene):
    """Pairs of steps that follow each other."""
    return list(pairwise(range(len(scene.events) + 1)))
