"""Convolution, product by product: ``python examples/convolution_by_hand.py``.

The example that ends the lecture on the hyperparameters of convolution: an input of 3 channels of 5×5, the filter F0
of 3×3×3, stride 2, padding 1. In the lecture's text the third channel repeats the second, and no bias is given;
the output on its slide does not follow from these numbers, with any bias.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import minigrad as mg

STRIDE, PADDING, BIAS = 2, 1, 0

SECOND = [[0, 0, 2, 0, 1], [1, 1, 0, 1, 1], [2, 0, 2, 2, 0], [1, 1, 1, 2, 0], [0, 1, 2, 2, 0]]
X = np.array(
    [
        [[1, 1, 0, 0, 2], [1, 1, 0, 1, 0], [1, 1, 1, 2, 1], [1, 0, 2, 0, 2], [0, 0, 2, 1, 0]],
        SECOND,
        SECOND,
    ]
)
F0 = np.array(
    [
        [[1, 1, 1], [1, 0, -1], [-1, 0, 1]],
        [[-1, 0, -1], [0, 1, 0], [0, 0, 0]],
        [[1, 1, -1], [0, 1, 0], [-1, 0, 0]],
    ]
)


def main() -> None:
    padded = np.pad(X, ((0, 0), (PADDING, PADDING), (PADDING, PADDING)))
    print("The input x, channel by channel, with a border of zeros", side_by_side(padded), sep="\n")
    print("\nThe filter F0", side_by_side(F0), sep="\n")

    n, f = X.shape[1], F0.shape[1]
    size = (n - f + 2 * PADDING) // STRIDE + 1
    print(f"\nPositions along each axis: ({n} − {f} + 2·{PADDING}) / {STRIDE} + 1 = {size}")

    z = np.zeros((size, size), dtype=int)
    for row, column in np.ndindex(z.shape):
        top, left = STRIDE * row, STRIDE * column
        products = padded[:, top : top + f, left : left + f] * F0
        z[row, column] = products.sum() + BIAS
        print(f"\nz[{row}, {column}]: the patch under the filter, times the filter", side_by_side(products), sep="\n")
        sums = " + ".join(f"({text(n)})" if n < 0 else text(n) for n in products.sum(axis=(1, 2)))
        print(f"    {sums} + bias {BIAS} = {text(z[row, column])}")

    print("\nThe output z", side_by_side(z[None]), sep="\n")
    engine = mg.conv2d(X[None], F0[None], np.array([BIAS]), stride=STRIDE, padding=PADDING)
    print("mg.conv2d gives the same:", np.array_equal(engine[0, 0], z))


def side_by_side(channels: Any) -> str:
    lines = ("    ".join("".join(f"{text(n):>3}" for n in row) for row in rows) for rows in zip(*channels, strict=True))
    return "\n".join("  " + line for line in lines)


def text(n: Any) -> str:
    return str(n).replace("-", "−")


if __name__ == "__main__":
    main()
