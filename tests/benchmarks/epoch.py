"""An epoch of LeNet on MNIST, loader and augmentation included, beside PyTorch: ``python tests/benchmarks/epoch.py``.

60,000 digits in batches of 64, each rotated, moved and scaled by numbers of its own. PyTorch has its tensors in memory
and augments whole batches by ``affine_grid`` and ``grid_sample``, in its training process or in two workers, whichever
is faster here. minigrad uses `nn.fit`, eagerly, with ``compile=True`` and with ``compile="fast"``; its loader prepares
batches in between, or in a thread. All take turns.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from networks import lenet
from timing import installed

import nn

BATCH = 64
DEGREES, SHIFT, SCALE = 10, 2, 0.1
Epoch = Callable[[], Any]


def minigrad_epoch(x: Any, t: Any, prefetch: int, compile: bool | str = False) -> Epoch:
    model = lenet(nn)
    optimizer = nn.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    transform = nn.data.Compose([nn.data.Rotate(DEGREES), nn.data.Translate(SHIFT / 28), nn.data.Rescale(SCALE)])
    loader = nn.data.DataLoader(x, t, batch_size=BATCH, shuffle=True, transform=transform, prefetch=prefetch, rng=0)
    return lambda: nn.fit(model, loader, optimizer=optimizer, compile=compile, verbose=False)


def torch_epoch(x: Any, t: Any, workers: int) -> Epoch:
    import torch

    model = lenet(torch.nn)
    loss_of = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    images, labels = torch.from_numpy(x), torch.from_numpy(t)

    def augmented(indices: Any) -> tuple[Any, Any]:
        batch = images[indices]
        n = len(batch)
        angle = (torch.rand(n) * 2 - 1) * math.radians(DEGREES)
        scale = 1 + (torch.rand(n) * 2 - 1) * SCALE
        shift = (torch.rand(n, 2) * 2 - 1) * (2 * SHIFT / batch.shape[-1])
        cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
        maps = torch.stack([torch.stack([cos, -sin, shift[:, 0]], 1), torch.stack([sin, cos, shift[:, 1]], 1)], 1)
        grid = torch.nn.functional.affine_grid(maps, list(batch.shape), align_corners=False)
        return torch.nn.functional.grid_sample(batch, grid, align_corners=False), labels[indices]

    def batches() -> Iterator[tuple[Any, Any]]:
        order = torch.randperm(len(images))
        return (augmented(order[i : i + BATCH]) for i in range(0, len(images), BATCH))

    class Batches(torch.utils.data.Dataset):  # type: ignore[misc]  # a worker takes a whole batch of indices
        def __len__(self) -> int:
            return len(images)

        def __getitem__(self, indices: Any) -> Any:
            return augmented(indices)

    data = Batches()
    sampler = torch.utils.data.BatchSampler(torch.utils.data.RandomSampler(data), BATCH, drop_last=False)
    loader = torch.utils.data.DataLoader(
        data, sampler=sampler, batch_size=None, num_workers=workers, persistent_workers=workers > 0
    )

    def epoch() -> None:
        model.train()
        for batch, target in loader if workers else batches():
            optimizer.zero_grad()
            loss_of(model(batch), target).backward()
            optimizer.step()

    return epoch


def main() -> None:
    parser = argparse.ArgumentParser(description="An epoch of LeNet on MNIST, beside PyTorch.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=60_000)
    options = parser.parse_args()
    digits = nn.data.load_mnist()
    x = (digits.train_images[: options.samples, None] / 255).astype(np.float32)
    t = digits.train_labels[: options.samples]
    epochs = {f"minigrad, prefetch={n}": minigrad_epoch(x, t, n) for n in (0, 2)}
    epochs |= {f"compiled, prefetch={n}": minigrad_epoch(x, t, n, compile=True) for n in (0, 2)}
    epochs |= {f"fast, prefetch={n}": minigrad_epoch(x, t, n, compile="fast") for n in (0, 2)}
    if installed("torch"):
        import torch

        torch.set_num_threads(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
        epochs |= {f"PyTorch, {n} workers": torch_epoch(x, t, n) for n in (0, 2)}
    seconds: dict[str, list[float]] = {name: [] for name in epochs}
    for _ in range(options.rounds):
        for name, epoch in epochs.items():
            started = time.perf_counter()
            epoch()
            seconds[name].append(time.perf_counter() - started)
    for name, values in seconds.items():
        print(f"{name:22} median {statistics.median(values):6.2f} s, minimum {min(values):6.2f} s")
    for label, figure in (("medians", statistics.median), ("minima", min)):
        best = {
            engine: min(figure(values) for name, values in seconds.items() if name.startswith(engine))
            for engine in ("minigrad", "compiled", "fast", "PyTorch")
            if any(name.startswith(engine) for name in seconds)
        }
        if "PyTorch" in best:
            ratios = (f"{name} {best[name] / best['PyTorch']:.2f}x" for name in ("minigrad", "compiled", "fast"))
            print(f"the better of each, {label}, to PyTorch's time: {', '.join(ratios)}")


if __name__ == "__main__":
    main()
