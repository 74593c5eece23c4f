"""The images that a classifier got wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn.plot.class_labels import class_numbers
from nn.plot.style import MARGIN, as_image, blank_figure, columns_for, styled, text_width, tile, title, title_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["misclassified"]


@styled
def misclassified(
    images: Any,
    true: Any,
    predicted: Any,
    probabilities: Any = None,
    limit: int = 25,
    *,
    labels: Sequence[str] | None = None,
) -> Figure:
    """The images that a model got wrong, the ones it was surest of first.

    Arguments:
        images: shape ``(N, H, W)``, ``(N, 1, H, W)`` (gray) or ``(N, 3, H, W)`` (red, green, blue).
        true: class numbers, shape ``(N,)``.
        predicted: class numbers, shape ``(N,)``: for a model's outputs ``outputs.argmax(axis=1)``.
        probabilities: of every class, shape ``(N, C)``: ``mg.softmax(outputs)``. Without them, the images come in
            the order in which they were given.
        limit: how many to show at most.
        labels: a name for each class; its number if not given.

    Raises:
        ValueError: if shapes do not fit together, there are no samples, `probabilities` are none, or `limit` < 1.
        TypeError: if `true` or `predicted` are not class numbers.
        ImportError: if Matplotlib is not installed.

    >>> import numpy as np
    >>> p = np.array([[0.9, 0.1], [0.2, 0.8]])
    >>> figure = misclassified(np.zeros((2, 8, 8)), [1, 1], p.argmax(axis=1), p)
    >>> figure.axes[0].texts[-1].get_text()
    'true 1 → predicted 0 (90 %)'
    """
    true, predicted, names = class_numbers("misclassified", true, predicted, labels)
    images = _images(images, len(true))
    if limit < 1:
        raise ValueError(f"misclassified: limit is how many images to show, at least 1; got {limit}")
    wrong = np.flatnonzero(true != predicted)
    sure = None
    if probabilities is not None:
        sure = _probabilities(probabilities, len(true), len(names))[np.arange(len(true)), predicted]
        wrong = wrong[np.argsort(-sure[wrong], kind="stable")]
    shown = wrong[:limit]
    heading = f"{len(wrong)} of {len(true)} misclassified ({len(wrong) / len(true):.1%})".replace("%", " %")
    if not len(wrong):
        return _all_right(len(true))

    captions = [f"true {names[true[i]]} → predicted {names[predicted[i]]}" for i in shown]
    if max(text_width(caption, 10) for caption in captions) > 2.2:
        captions = [caption.replace(" → ", "\n→ ") for caption in captions]
    if sure is not None:
        captions = [
            f"{caption} ({sure[i]:.0%})".replace("%)", " %)") for caption, i in zip(captions, shown, strict=True)
        ]
    order = "" if sure is None else "surest first"
    cut = f"{len(shown)} shown" if len(shown) < len(wrong) else ""
    below = ", ".join(part for part in (cut, order) if part)

    columns = columns_for(len(shown), max(5, int(np.ceil(np.sqrt(len(shown))))))
    rows = -(-len(shown) // columns)
    h, w = images.shape[2:]
    image_width, image_height = 1.4 * w / max(h, w), 1.4 * h / max(h, w)
    caption_height = 0.2 * (captions[0].count("\n") + 1) + 0.05
    step_x = max(image_width, *(text_width(caption, 10) for caption in captions)) + 0.25
    step_y = image_height + caption_height + 0.2
    figure, axes = blank_figure(
        max(columns * step_x + 2 * MARGIN, title_width(heading, below)), 0.85 + rows * step_y + MARGIN / 2
    )
    title(axes, heading, below)
    for k, (i, caption) in enumerate(zip(shown, captions, strict=True)):
        middle = MARGIN + (k % columns + 0.5) * step_x
        top = 0.85 + (k // columns) * step_y + caption_height
        pixels, options = as_image(images[i])
        tile(axes, pixels, middle - image_width / 2, top, image_width, image_height, **options)
        axes.text(middle, top - 0.08, caption, size=10, ha="center", va="baseline", linespacing=1.1)
    return figure


def _all_right(n: int) -> Figure:
    figure, axes = blank_figure(6, 2)
    axes.text(3, 0.85, "Nothing misclassified", size=18, weight="bold", ha="center", va="center", color="#0072B2")
    axes.text(
        3, 1.3, f"all {n} predictions are right" if n > 1 else "the prediction is right", ha="center", va="center"
    )
    return figure


def _images(images: Any, n: int) -> Any:
    """Images as (N, C, H, W)."""
    images = np.asarray(images)
    if not (images.ndim == 3 or (images.ndim == 4 and images.shape[1] in (1, 3))):
        mend = "; move the colours forward: images.transpose(0, 3, 1, 2)" if images.shape[-1:] in ((1,), (3,)) else ""
        raise ValueError(
            f"misclassified: images have shape {images.shape}, expected (N, H, W), (N, 1, H, W) or (N, 3, H, W){mend}"
        )
    if len(images) != n:
        raise ValueError(f"misclassified: {len(images)} images but {n} classes; give both for the same samples")
    return images[:, None] if images.ndim == 3 else images


def _probabilities(probabilities: Any, n: int, classes: int) -> Any:
    p = np.asarray(probabilities)
    if p.ndim != 2 or len(p) != n or p.shape[1] < classes:
        raise ValueError(
            f"misclassified: probabilities have shape {p.shape}, expected (N, C) with N = {n} samples "
            f"and at least {classes} classes"
        )
    if not (p.min() >= 0 and np.allclose(p.sum(axis=1), 1, atol=1e-2)):
        raise ValueError(
            "misclassified: the rows of probabilities are not positive numbers that sum to 1; "
            "outputs become probabilities by mg.softmax(outputs)"
        )
    return p
