"""What is in a figure: its texts, and what they overlap."""

import numpy as np

import nn


def history(epochs=3, **lists):
    return nn.History(list(range(1, epochs + 1)), lists)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def overlaps(figure):
    """Pairs of texts that cover each other, and texts that leave the figure."""
    figure.draw_without_rendering()
    shown = []
    for axes in figure.axes:
        shown += axes.texts
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            shown += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            shown += [tick.label2 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    shown = [text for text in shown if text.get_text() and text.get_visible() and text.get_rotation() != 45]
    boxes = np.array([text.get_window_extent().padded(-1).extents for text in shown])
    x0, y0, x1, y1 = boxes.T
    width, height = figure.bbox.size
    cut = (x0 < -2) | (y0 < -2) | (x1 > width) | (y1 > height)
    apart = (x1[:, None] < x0) | (y1[:, None] < y0)
    covered = np.argwhere(np.triu(~(apart | apart.T), k=1))
    name = [text.get_text() for text in shown]
    return [name[i] for i in np.flatnonzero(cut)] + [(name[i], name[j]) for i, j in covered]


def on_images(figure):
    """The texts of which a part is on an image, and the positions of images that cover each other."""
    figure.draw_without_rendering()
    texts = [text for axes in figure.axes for text in axes.texts if text.get_text()]
    images = [image for axes in figure.axes for image in axes.images]
    boxes = [shown.get_window_extent().padded(-1) for shown in (*images, *texts)]
    x0, y0, x1, y1 = np.array([box.extents for box in boxes]).T
    together = (x1[:, None] >= x0) & (x0[:, None] <= x1) & (y1[:, None] >= y0) & (y0[:, None] <= y1)
    found = np.argwhere(np.triu(together, k=1)[: len(images)])
    return [texts[j - len(images)].get_text() if j >= len(images) else (i, j) for i, j in found.tolist()]


def contrast(one, other):
    """The contrast of two colours as WCAG defines it, from 1 to 21."""
    from matplotlib.colors import to_rgb

    channels = np.array([to_rgb(one), to_rgb(other)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    low, high = np.sort(linear @ [0.2126, 0.7152, 0.0722])
    return (high + 0.05) / (low + 0.05)
