"""Convolution is scanning: one small network, called at every place: ``python examples/scanning.py``.

The lectures' scanners on numbers that can be checked by hand: the 5×5 binary image, the letters a … l, a filter as a
template. Then what makes scanning cheap and learnable: a network that is called at 784 places equals one convolution in
its output *and* in the gradient of the shared weights; as a matrix, nearly all of its entries are 0; and sound, images
and volumes differ in the number of axes only. The picture is saved as out/scanning/scanning.png.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

import minigrad as mg
import nn

IMAGE = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]], dtype=float)
FILTER = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], dtype=float)


def main() -> None:
    parser = argparse.ArgumentParser(description="Scan images with filters, and compare with other ways to compute it.")
    parser.add_argument("--out", type=Path, default=Path("out/scanning"), help="folder for the picture")
    options = parser.parse_args()

    print("The 5×5 binary image under the filter 101/010/101")
    print(table(scan(IMAGE, FILTER)))

    letters()
    print("\nZeros around 123/123/123, padding 1")
    print(table(mg.pad(np.tile([1.0, 2.0, 3.0], (3, 1)), 1)))
    called_784_times()
    toeplitz = as_a_matrix()
    volume()
    template, images, scores = digit_as_template()

    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "scanning.png"
    plot(toeplitz, template, images, scores).savefig(file, dpi=150)
    print(f"\npicture: {file}")


def scan(image: Any, filter: Any) -> Any:
    """The filter at every place of a single image, without its axes of length 1."""
    return mg.conv2d(image[None, None], filter[None, None])[0, 0]


def letters() -> None:
    """The image a … l under the filter −1 1 / 0 0: each output is the difference of two neighbours."""
    print("\nThe letters a … l under the filter −1 1 / 0 0, stride 1, in letters and with a = 1, b = 4, c = 9 …")
    difference = np.array([[-1.0, 1.0], [0.0, 0.0]])
    columns = 4
    for i in range(2):
        for j in range(columns - 1):
            here = chr(ord("a") + columns * i + j)
            print(f"  {chr(ord(here) + 1)} − {here}", end="")
        print()
    print(table(scan(np.arange(1.0, 13).reshape(3, columns) ** 2, difference)))


def called_784_times() -> None:
    """A layer of 75 inputs and 6 outputs at every place of an image of 32×32×3, and nn.Conv2d with its weights."""
    unit: Any = nn.Linear(5 * 5 * 3, 6, dtype=np.float64, rng=0)
    conv: Any = nn.Conv2d(3, 6, 5, dtype=np.float64)
    conv.load_state_dict({"weight": unit.weight.data.reshape(6, 3, 5, 5), "bias": unit.bias.data})
    image = np.random.default_rng(1).normal(size=(3, 32, 32))

    places = [(i, j) for i in range(28) for j in range(28)]
    calls = mg.stack([unit(image[:, i : i + 5, j : j + 5].reshape(-1)) for i, j in places], axis=1).reshape(6, 28, 28)
    maps = conv(image[None])[0]
    for output in (calls, maps):
        (output**2).sum().backward()
    print(f"\nOne layer of 75 inputs and 6 outputs, called at {len(places)} places, and nn.Conv2d(3, 6, 5)")
    print(f"  outputs differ by at most    {abs(calls.data - maps.data).max():.0e}")
    difference = abs(unit.weight.grad - conv.weight.grad.reshape(6, 75)).max() / abs(unit.weight.grad).max()
    print(f"  W̄, summed over the places, by {difference:.0e} of its largest entry")


def as_a_matrix() -> Any:
    """A 3×3 filter on 28×28 pixels as the matrix by which it multiplies them; a small one is returned to draw."""

    def matrix(size: int) -> Any:
        weight = np.arange(1.0, 10).reshape(1, 1, 3, 3)
        jacobian = mg.jacobian(lambda x: mg.conv2d(x.reshape(1, 1, size, size), weight, padding=1).reshape(-1))
        return np.asarray(jacobian(np.zeros(size * size)))

    large = matrix(28)
    print("\nThe same as a matrix: a 3×3 filter on 28×28 pixels, padding 1")
    print(f"  {np.count_nonzero(large):,} of its {large.size:,} entries are not 0, and these have 9 different values")
    return matrix(6)


def volume() -> None:
    """A cube of ones, hidden in a volume of zeros, found by a 3×3×3 filter of ones."""
    space = np.zeros((1, 1, 7, 7, 7))
    space[0, 0, 2:5, 1:4, 3:6] = 1
    found = mg.conv3d(space, np.ones((1, 1, 3, 3, 3)))[0, 0]
    place = ", ".join(str(i) for i in np.unravel_index(found.argmax(), found.shape))
    print(f"\nIn three dimensions: a cube of 27 ones is found at ({place}), where the sum is {found.max():g}")


def digit_as_template() -> tuple[Any, Any, Any]:
    """The mean "2" as a filter: the correlation of each digit with it, from −1 to 1."""
    digits = load_digits()

    def standardized(image: Any) -> Any:
        centred = image - image.mean(axis=(-2, -1), keepdims=True)
        return centred / np.sqrt((centred**2).sum(axis=(-2, -1), keepdims=True))

    template = standardized(digits.images[digits.target == 2].mean(axis=0))
    images = standardized(digits.images)
    scores = mg.conv2d(images[:, None], template[None, None])[:, 0, 0, 0]  # one place only: a dot product
    print("\nA filter is a template: the mean correlation of each digit with the mean “2”")
    print("  " + "  ".join(f"{c}: {scores[digits.target == c].mean():.2f}" for c in range(10)))
    chosen = []
    for c in (2, 3, 7, 0):  # the one in the middle, of all of a class
        of_class = np.flatnonzero(digits.target == c)
        chosen.append(of_class[np.argsort(scores[of_class])[len(of_class) // 2]])
    return template, images[chosen], scores[chosen]


def plot(toeplitz: Any, template: Any, images: Any, scores: Any) -> Figure:
    """The matrix of a convolution, and four digits with their correlations."""
    figure = Figure(figsize=(14, 4.4), layout="constrained")
    left, *panels = figure.subplots(1, 6, width_ratios=[2, 1, 1, 1, 1, 1])
    left.imshow(np.where(toeplitz == 0, np.nan, toeplitz), cmap="viridis_r")
    left.set_title("a 3×3 filter on 6×6 pixels as a matrix\nwhite: 0; a colour for each weight", loc="left")
    titles = ["the filter:\nthe mean “2”", *(f"correlation\n{score:.2f}".replace("-", "−") for score in scores)]
    for ax, image, title in zip(panels, [template, *images], titles, strict=True):
        ax.imshow(image, cmap="gray_r")
        ax.set_title(title, loc="left")
        ax.axis("off")
    return figure


def table(numbers: Any) -> str:
    return "\n".join("  " + " ".join(f"{n:3g}" for n in row).replace("-", "−") for row in np.asarray(numbers))


if __name__ == "__main__":
    main()
