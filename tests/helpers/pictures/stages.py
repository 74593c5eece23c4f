"""LeNet, a box for each layer that has parameters together with what follows it."""

import numpy as np

from minigrad.drawing.picture import Box, Line, Map, Picture, Rule, Span
from tests.helpers.pictures.rows import arrows, box_rows, spans

BLUE, ORANGE = np.array([0, 114, 178.0]), np.array([213, 94, 0.0])


def tiles(rows, columns, height, width, signed, seed):
    """Maps side by side with a gap of one pixel: grey for a value, blue and orange for an error signal."""
    numbers = np.random.default_rng(seed).normal(size=(rows, columns, height, width))
    strength = np.clip(np.fabs(numbers) / 3, 0, 1)[..., None]
    end = np.where(numbers[..., None] < 0, BLUE, ORANGE) if signed else np.zeros(3)
    rgba = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1, 4), 0, np.uint8)
    for i in range(rows):
        for j in range(columns):
            tile = rgba[i * (height + 1) :, j * (width + 1) :][:height, :width]
            tile[..., :3] = 255 + strength[i, j] * ((end[i, j] if signed else end) - 255)
            tile[..., 3] = 255
    return rgba


def line(text, size=20, role="text", part="name", bold=False):
    return Line(spans(text, role, bold=bold), size, part, centered=True)


def maps(name, shape, cell, seed):
    """Value and error signal as maps, each under its heading."""
    return (
        Rule(part="value"),
        line("value", 16, "value", "value"),
        Map(tiles(*shape, False, seed), cell, "value", f"{name}, value"),
        line("error signal", 16, "signal", "signal"),
        Map(tiles(*shape, True, seed + 1), cell, "signal", f"{name}, error signal"),
    )


def layer(key, name, settings, parameters, folded, shape, cell, w_bar, b_bar):
    return Box(
        key,
        "layer",
        box_rows(
            line(name, 26, bold=True),
            tuple(line(text) for text in settings),
            line(f"{parameters} parameters", 16, "muted"),
            *((Rule(), line(text)) for text in folded),
            maps(name, shape, cell, int(key[1:])),
            Rule(part="signal"),
            line(f"W~ rms {w_bar}", 20, "signal", "signal"),
            line(f"b~ rms {b_bar}", 20, "signal", "signal"),
        ),
        f"{name}: {', '.join(settings)}",
    )


def stages():
    loss = (
        line("L", 26, bold=True),
        Rule(),
        line("cross-entropy"),
        Rule(part="value"),
        line("0.3189", role="value", part="value"),
        Rule(part="signal"),
        line("L~ = 1", role="signal", part="signal"),
    )
    pooled = ["ReLU", "max 2×2"]
    boxes = (
        Box("b1", "given", box_rows(line("images", 26, bold=True), maps("images", (1, 1, 28, 28), 3, 50))),
        layer("b2", "conv1", ["6 filters 5×5", "padding 2"], "156", pooled, (2, 3, 14, 14), 2.2, 0.097, 0.09),
        layer("b3", "conv2", ["16 filters 5×5"], "2,416", pooled, (4, 4, 5, 5), 4, 0.06, 0.094),
        layer("b4", "fc1", ["400 → 120"], "48,120", ["ReLU"], (1, 1, 10, 12), 8, 0.025, 0.027),
        layer("b5", "fc2", ["120 → 84"], "10,164", ["ReLU"], (1, 1, 7, 12), 8, 0.03, 0.033),
        layer("b6", "fc3", ["84 → 10"], "850", [], (1, 1, 1, 10), 9, 0.063, 0.085),
        Box("b7", "given", (line("t", 26, bold=True), Rule(), line("2, 6, 3, 3", role="value", part="value"))),
        Box("b8", "computed", loss, root=True),
    )  # fmt: skip
    return Picture(
        boxes,
        arrows(
            [
                ("b1", "b2", ["1×28×28"], ["rms 0.015"]),
                ("b2", "b3", ["6×14×14"], ["rms 0.0078"]),
                ("b3", "b4", ["400"], ["rms 0.01"]),
                ("b4", "b5", ["120"], ["rms 0.016"]),
                ("b5", "b6", ["84"], ["rms 0.015"]),
                ("b6", "b8", ["10"], ["rms 0.031"]),
                ("b7", "b8", (), None),
            ]
        ),
        notes=(Line((Span("4 examples · 61,706 parameters · 12 modules in 5 boxes", "muted"),), 16),),
        title="LeNet",
    )
