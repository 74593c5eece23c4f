"""Filters on a photograph: ``python examples/photo_filters.py`` or ``… photo_filters.py my_photo.png``.

Before networks learned their filters, people designed filters. The lectures on convolution begin with such filters:
blurring, sharpening, edges. Each is a dot product at every pixel, here computed by `mg.conv2d`. The picture is saved as
out/photo_filters/filters.png.

The default photograph is ``$MINIGRAD_DATA/photos/camera.png`` if there is such a file, otherwise the pagoda that comes
with scikit-learn.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.layout_engine import ConstrainedLayoutEngine
from sklearn.datasets import load_sample_image

import minigrad as mg

BLUR = np.full((9, 9), 1 / 81)
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
SOBEL_ACROSS = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SOBEL_DOWN = SOBEL_ACROSS.T

GREY, ZERO_IS_WHITE = "gray", "PuOr"


def main() -> None:
    parser = argparse.ArgumentParser(description="Filter a photograph and plot the results.")
    parser.add_argument("photo", type=Path, nargs="?", help="a PNG or JPEG file")
    parser.add_argument("--out", type=Path, default=Path("out/photo_filters"), help="folder for the picture")
    options = parser.parse_args()

    photo = grey(read(options.photo))
    across, down = filtered(photo, SOBEL_ACROSS), filtered(photo, SOBEL_DOWN)
    panels = [
        ("the photograph", "where there are colours:\norange is below 0,\npurple above", photo, GREY),
        ("blur", "9×9, each weight 1/81", filtered(photo, BLUR), GREY),
        ("sharpen", weights_text(SHARPEN), filtered(photo, SHARPEN), GREY),
        ("Laplacian: where it bends", weights_text(LAPLACIAN), filtered(photo, LAPLACIAN), ZERO_IS_WHITE),
        ("Sobel: brighter to the right", weights_text(SOBEL_ACROSS), across, ZERO_IS_WHITE),
        ("Sobel: brighter downwards", weights_text(SOBEL_DOWN), down, ZERO_IS_WHITE),
        ("strength of the edge", "√(right² + down²)", np.sqrt(across**2 + down**2), ZERO_IS_WHITE),
        ("two layers", "blur, then Laplacian", filtered(filtered(photo, BLUR), LAPLACIAN), ZERO_IS_WHITE),
    ]
    for name, _, image, _ in panels:
        low, high = np.round([image.min(), image.max()], 2) + 0.0  # not −0.00
        print(f"{name:<29} from {low:5.2f} to {high:4.2f}".replace("-", "−"))
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "filters.png"
    plot(panels).savefig(file)
    print(f"picture: {file}")


def read(path: Path | None) -> Any:
    """The photograph, shape ``(rows, columns, 1, 3 or 4 channels)``, with values from 0, black, to 1."""
    cameraman = Path(os.environ.get("MINIGRAD_DATA", "")).expanduser() / "photos" / "camera.png"
    if path is None and cameraman.is_file():
        path = cameraman
    pixels = np.asarray(load_sample_image("china.jpg") if path is None else imread(path))
    pixels = pixels / 255 if pixels.dtype == np.uint8 else pixels.astype(float)
    return pixels.reshape(*pixels.shape[:2], -1)


def grey(pixels: Any) -> Any:
    """Red, green and blue, weighted as by the eye: a 1×1 filter. Grey images are unchanged."""
    if pixels.shape[2] < 3:
        return pixels[:, :, 0]
    eye = np.array([0.299, 0.587, 0.114])
    return mg.conv2d(np.moveaxis(pixels[None, :, :, :3], 3, 1), eye.reshape(1, 3, 1, 1))[0, 0]


def filtered(image: Any, weights: Any) -> Any:
    """One filter on one image, padded with copies of its outermost pixels so that the border is not an edge."""
    return mg.conv2d(image[None, None], weights[None, None], padding="same", padding_mode="replicate")[0, 0]


def weights_text(weights: Any) -> str:
    return "\n".join("".join(f"{n:>3}" for n in row) for row in weights).replace("-", "−")


def plot(panels: list[tuple[str, str, Any, str]]) -> Figure:
    """The images in two rows, each with its filter below."""
    rows, columns = panels[0][2].shape
    width = 3.6
    layout = ConstrainedLayoutEngine(wspace=0.04, hspace=0.06)
    figure = Figure(figsize=(4 * width, 2 * (width * rows / columns + 1.3)), facecolor="white", layout=layout)
    for axes, (name, about, image, colours) in zip(figure.subplots(2, 4).flat, panels, strict=True):
        largest = np.percentile(abs(image), 99) if colours == ZERO_IS_WHITE else 1
        axes.imshow(image, cmap=colours, vmin=-largest if colours == ZERO_IS_WHITE else 0, vmax=largest)
        axes.set_title(name, fontsize=15, weight="bold", loc="left")
        axes.text(0, -0.03, about, transform=axes.transAxes, va="top", family="monospace", size=12)
        axes.axis("off")
    return figure


if __name__ == "__main__":
    main()
