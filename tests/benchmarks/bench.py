"""The speed of minigrad, compared with micrograd, MyGrad, PyTorch and JAX: ``make bench``.

Times on a shared machine drift, but ratios hold: every round runs all engines in turn, and the ratios of their medians
and of their minima count. The garbage collector stays on, as for users, but does not search what was imported: to
search PyTorch's modules for micrograd's cycles would be unfair. PyTorch gets as many threads as NumPy's BLAS, one for
each core. Engines that are not installed are left out.
"""

from __future__ import annotations

import sys

import augmentation
import networks
import scalars
from conditions import cores, print_conditions
from memory import peak_in_own_process
from overhead import print_overheads
from timing import compare, installed


def main() -> None:
    if installed("torch"):
        import torch

        torch.set_num_threads(cores())
    print_conditions()
    compare(f"scalar graph, {scalars.OPERATIONS} operations", scalars.scalars())
    compare("MLP 2-16-16-1 step, batch 4", scalars.tiny_mlp())
    for case in networks.CONVOLUTIONS:
        compare(f"conv2d {case}", networks.convolution(*case))
    for shape in networks.POOLED:
        compare(f"max_pool2d 2x2 {shape}", networks.pooling(shape))
    for name, args, shape in networks.NORMALIZED:
        compare(f"{name}{args} {shape}".replace(",)", ")"), networks.normalization(name, args, shape))
    for name, build in {
        "MLP 784-128-10 step": networks.mlp,
        "LeNet step": networks.lenet,
        "digit CNN step": networks.digit_cnn,
        "VGG-like step": networks.vgg,
        "batch-norm VGG step": networks.batch_norm_vgg,
    }.items():
        compare(f"{name}, batch {networks.BATCH}", networks.network(build))
    for shape in augmentation.BATCHES:
        compare(f"rotate, translate … {shape}", augmentation.affine(shape))
        compare(f"crop and flip {shape}", augmentation.crop_and_flip(shape))
    if sys.platform == "linux":
        ours = peak_in_own_process("minigrad")
        print(f"VGG-like step, peak memory          minigrad {ours / 1e6:.1f} MB", end="")
        if installed("torch"):
            theirs = peak_in_own_process("torch")
            print(f", PyTorch {theirs / 1e6:.1f} MB: {ours / theirs:.2f}x PyTorch's", end="")
        print()
    print_overheads()


if __name__ == "__main__":
    main()
