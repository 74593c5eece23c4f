"""Three layers of 3×3 filters see as far as one of 7×7, with fewer weights: ``python examples/small_filters.py``.

The lecture on receptive fields counts, for C channels in and out, 49C² weights in one layer of 7×7 filters, and 27C²
in three layers of 3×3 filters, both with a receptive field of 7. Here the counts are those of real layers, and what
a unit sees is found by experiment: change one pixel, and see whether the unit's output changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import nn

C = 8  # channels
SIZE = 11  # of the image; the unit observed is in its middle


def main() -> None:
    rng = np.random.default_rng(0)
    one = nn.Conv2d(C, C, 7, padding=3, bias=False, dtype=np.float64, rng=rng)
    three = nn.Sequential(
        nn.Conv2d(C, C, 3, padding=1, bias=False, dtype=np.float64, rng=rng),
        nn.ReLU(),
        nn.Conv2d(C, C, 3, padding=1, bias=False, dtype=np.float64, rng=rng),
        nn.ReLU(),
        nn.Conv2d(C, C, 3, padding=1, bias=False, dtype=np.float64, rng=rng),
    )
    image = rng.normal(size=(C, SIZE, SIZE))
    for title, model in {"one layer of 7×7": one, "three layers of 3×3": three}.items():
        weights = sum(p.size for p in model.parameters())
        seen = pixels_seen(model, image)
        rows, columns = (np.ptp(indices) + 1 for indices in np.nonzero(seen))
        print(f"{title}: {weights:,} weights = {weights // C**2}·{C}², the unit in the middle sees {rows}×{columns}")
        print("\n".join("  " + " ".join("■" if pixel else "·" for pixel in row) for row in seen), end="\n\n")


def pixels_seen(model: Any, image: Any) -> Any:
    """For each pixel, whether the output of the unit in the middle depends on it."""
    changed = np.repeat(image[None], SIZE * SIZE, axis=0)
    for i, copy in enumerate(changed):
        copy[:, i // SIZE, i % SIZE] += 1
    middle = SIZE // 2
    before = nn.predict(model, image[None])[:, :, middle, middle]
    after = nn.predict(model, changed)[:, :, middle, middle]
    return (abs(after - before) > 1e-12).any(axis=1).reshape(SIZE, SIZE)  # more than rounding errors


if __name__ == "__main__":
    main()
