"""The speed of minigrad, compared with micrograd, MyGrad, PyTorch and JAX: ``make bench``.

Times on a shared machine drift, but ratios hold: every round runs all engines in turn, and the ratios of their medians
and of their minima count. The garbage collector stays on, as for users, but does not search what was imported: to
search PyTorch's modules for micrograd's cycles would be unfair. PyTorch gets as many threads as NumPy's BLAS, one for
each core. Engines that are not installed are left out. "compiled" is minigrad too: the program of the step.

``--only TEXT …`` measures the cases whose name contains one of the texts, and nothing else; ``--json FILE`` writes
the seconds of each case to a file, for the table in the README.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import augmentation
import networks
import scalars
from conditions import conditions, cores, print_conditions
from engines import compiled
from memory import print_peaks
from overhead import print_overheads
from timing import Step, compare, installed

NETWORKS = {
    "MLP 784-128-10 step": networks.mlp,
    "LeNet step": networks.lenet,
    "digit CNN step": networks.digit_cnn,
    "VGG-like step": networks.vgg,
    "batch-norm VGG step": networks.batch_norm_vgg,
}
ALONE = ", NumPy alone"

CASES: dict[str, Callable[[], dict[str, Step]]] = {
    f"scalar graph, {scalars.OPERATIONS} operations": scalars.scalars,
    "MLP 2-16-16-1 step, batch 4": scalars.tiny_mlp,
    **{f"conv2d {case}": partial(networks.convolution, *case) for case in networks.CONVOLUTIONS},
    **{f"max_pool2d 2x2 {shape}": partial(networks.pooling, shape) for shape in networks.POOLED},
    **{
        f"{name}{args} {shape}".replace(",)", ")"): partial(networks.normalization, name, args, shape)
        for name, args, shape in networks.NORMALIZED
    },
    **{f"{name}, batch {networks.BATCH}": partial(networks.network, build) for name, build in NETWORKS.items()},
    **{
        f"{name}{ALONE}": partial(networks.network_in_two, build)
        for name, build in NETWORKS.items()
        if build in (networks.lenet, networks.digit_cnn, networks.vgg)
    },
    **{f"rotate, translate … {shape}": partial(augmentation.affine, shape) for shape in augmentation.BATCHES},
    **{f"crop and flip {shape}": partial(augmentation.crop_and_flip, shape) for shape in augmentation.BATCHES},
}


def main() -> None:
    parser = argparse.ArgumentParser(description="The speed of minigrad, compared with other engines.")
    parser.add_argument("--only", nargs="+", metavar="TEXT", help="the cases whose name contains one of these texts")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the seconds of each case")
    options = parser.parse_args()
    if installed("torch"):
        import torch

        torch.set_num_threads(cores())
    print_conditions()
    seconds = {}
    for name, steps_of in CASES.items():
        if options.only is None or any(text in name for text in options.only):
            with networks.numpy_alone() if name.endswith(ALONE) else nullcontext():
                figures = compare(name, steps_of())
            seconds[name] = {engine: own._asdict() for engine, own in figures.items()}
    if options.json:
        options.json.write_text(json.dumps({"conditions": conditions(), "seconds": seconds}, indent=1))
    if options.only is None:
        if sys.platform == "linux":
            print_peaks()
        print_compile_times()
        print_overheads()


def print_compile_times() -> None:
    of_graph = compiled.seconds_to_compile(partial(compiled.scalar_graph, scalars.OPERATIONS))
    of_lenet = compiled.seconds_to_compile(partial(networks.compiled_step, networks.lenet))
    print(
        f"{'the first call of a program':<36}{scalars.OPERATIONS} operations {of_graph:.3f} s, LeNet {of_lenet:.3f} s"
    )


if __name__ == "__main__":
    main()
