"""The images that a classifier misclassifies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.hyperparameters import whole_number
from nn.plot.figure.image_array import image_batch
from nn.plot.figure.style import (
    MARGIN,
    balanced_columns,
    blank_figure,
    draw_image,
    draw_title,
    for_imshow,
    styled,
    text_width,
    title_width,
)
from nn.plot.figure.theme import theme
from nn.plot.figure.validate_labels import class_numbers
from nn.typing import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["misclassified"]

BARS = 3  # for each image
BAR_LENGTH, BAR_STEP = 0.8, 0.19  # of a probability of 1, and from one bar to the next, in inches
BAR_SIZE = 9
PERCENT = 0.5  # the width of "100 %"


@styled
def misclassified(
    images: Array,
    true: Array,
    predicted: Array,
    probabilities: Array = None,
    limit: int = 25,
    *,
    labels: Sequence[str] | None = None,
) -> Figure:
    """The images that a model misclassified, the most confident predictions first.

    With `probabilities`, bars below each image show those of the most probable classes, and of the true one, which is
    hatched.

    Arguments:
        images: shape ``(N, H, W)``, ``(N, 1, H, W)`` (gray) or ``(N, 3, H, W)`` (red, green, blue).
        true: class numbers, shape ``(N,)``.
        predicted: class numbers, shape ``(N,)``: for a model's outputs ``outputs.argmax(axis=1)``.
        probabilities: of each class, shape ``(N, C)``: ``mg.softmax(outputs)``. If not given, the images keep their
            order.
        limit: the largest number of images to show.
        labels: a name for each class; its number if not given.

    Raises:
        ValueError: if shapes do not match, there are no samples, pixels are infinite or NaN, `probabilities` are not
            probabilities, or `limit` < 1.
        TypeError: if `true` or `predicted` are not class numbers, `images` not an array, or `limit` not a whole number.
        ImportError: if Matplotlib is not installed.

    >>> import numpy as np
    >>> p = np.array([[0.9, 0.1], [0.2, 0.8]])
    >>> figure = misclassified(np.zeros((2, 8, 8)), [1, 1], p.argmax(axis=1), p)
    >>> [text.get_text() for text in figure.axes[0].texts[2:]]
    ['true 1 → predicted 0', '0', '90 %', '1', '10 %']
    """
    true, predicted, names = class_numbers("misclassified", true, predicted, labels)
    images = image_batch("misclassified", images)
    if len(images) != len(true):
        raise ValueError(f"misclassified: {len(images)} images but {len(true)} classes; pass both for the same samples")
    limit = whole_number("misclassified: limit", limit, least=1)
    wrong = np.flatnonzero(true != predicted)
    p: Any = None if probabilities is None else _probabilities(probabilities, len(true), len(names))
    if p is not None:
        wrong = wrong[np.argsort(-p[wrong, predicted[wrong]], kind="stable")]
    shown = wrong[:limit]
    title = f"{len(wrong)} of {len(true)} misclassified ({len(wrong) / len(true):.1%})".replace("%", " %")
    if not len(wrong):
        return _no_errors(len(true))

    captions = [f"true {names[true[i]]} → predicted {names[predicted[i]]}" for i in shown]
    if max(text_width(caption, 10) for caption in captions) > 2.2:
        captions = [caption.replace(" → ", "\n→ ") for caption in captions]
    order = "" if p is None else "most confident first; bars: probabilities, that of the true class hatched"
    shown_note = f"{len(shown)} shown" if len(shown) < len(wrong) else ""
    subtitle = ", ".join(part for part in (shown_note, order) if part)

    names += [str(c) for c in range(len(names), 0 if p is None else p.shape[1])]
    bars = [] if p is None else [_most_probable(p[i], true[i]) for i in shown]
    name_width = max((text_width(names[c], BAR_SIZE, "bold") for classes in bars for c in classes), default=0.0)
    columns = balanced_columns(len(shown), max(5, int(np.ceil(np.sqrt(len(shown))))))
    rows = -(-len(shown) // columns)
    h, w = images.shape[2:]
    image_width, image_height = 1.4 * w / max(h, w), 1.4 * h / max(h, w)
    caption_height = 0.2 * (captions[0].count("\n") + 1) + 0.05
    bars_width, bars_height = (
        (name_width + 0.08 + BAR_LENGTH + PERCENT, BAR_STEP * len(bars[0]) + 0.08) if bars else (0, 0)
    )
    step_x = max(image_width, bars_width, *(text_width(caption, 10) for caption in captions)) + 0.25
    step_y = image_height + caption_height + bars_height + 0.2
    figure, axes = blank_figure(
        max(columns * step_x + 2 * MARGIN, title_width(title, subtitle)), 0.85 + rows * step_y + MARGIN / 2
    )
    draw_title(axes, title, subtitle)
    for k, (i, caption) in enumerate(zip(shown, captions, strict=True)):
        middle = MARGIN + (k % columns + 0.5) * step_x
        top = 0.85 + (k // columns) * step_y + caption_height
        pixels, options = for_imshow(images[i])
        draw_image(axes, pixels, middle - image_width / 2, top, image_width, image_height, **options)
        axes.text(middle, top - 0.08, caption, size=10, ha="center", va="baseline", linespacing=1.1)
        for line, c in enumerate(bars[k] if bars else []):
            y = top + image_height + 0.08 + (line + 0.5) * BAR_STEP
            _draw_bar(axes, middle - bars_width / 2 + name_width, y, names[c], float(p[i, c]), is_true=c == true[i])
    return figure


def _most_probable(p: Array, true: int) -> list[int]:
    """The classes to show: the most probable ones, and the true one."""
    classes = [int(c) for c in np.argsort(-p, kind="stable")[:BARS]]
    return classes if true in classes else [*classes[:-1], int(true)]


def _draw_bar(axes: Axes, x: float, y: float, name: str, p: float, *, is_true: bool) -> None:
    from matplotlib.patches import Rectangle

    colour = theme().colours[0 if is_true else 1]
    line: dict[str, Any] = {"facecolor": "none" if is_true else colour, "edgecolor": colour, "linewidth": 1}
    height = 0.62 * BAR_STEP
    hatch = "//////" if is_true else None
    axes.add_patch(Rectangle((x + 0.08, y - height / 2), p * BAR_LENGTH, height, hatch=hatch, **line))
    axes.text(x, y, name, size=BAR_SIZE, ha="right", va="center", weight="bold" if is_true else "normal")
    percent = "<1 %" if 0 < p < 0.005 else f"{p:.0%}".replace("%", " %")
    axes.text(x + 0.08 + p * BAR_LENGTH + 0.06, y, percent, size=BAR_SIZE, va="center")


def _no_errors(n: int) -> Figure:
    figure, axes = blank_figure(6, 2)
    axes.text(
        3, 0.85, "Nothing misclassified", size=18, weight="bold", ha="center", va="center", color=theme().colours[0]
    )
    axes.text(
        3, 1.3, f"all {n} predictions are correct" if n > 1 else "the prediction is correct", ha="center", va="center"
    )
    return figure


def _probabilities(probabilities: Array, n: int, classes: int) -> Any:
    p = np.asarray(probabilities)
    if p.ndim != 2 or len(p) != n or p.shape[1] < classes:
        raise ValueError(
            f"misclassified: probabilities have shape {p.shape}, expected (N, C) with N = {n} samples "
            f"and at least {classes} classes"
        )
    if not (p.min() >= 0 and np.allclose(p.sum(axis=1), 1, atol=1e-2)):
        raise ValueError(
            "misclassified: the rows of probabilities are not positive numbers that sum to 1; "
            "convert outputs with mg.softmax(outputs)"
        )
    return p
