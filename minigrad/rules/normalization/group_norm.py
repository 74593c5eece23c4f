"""Group and instance normalization: groups of channels, or single ones, with mean 0 and variance 1 in each sample."""

from __future__ import annotations

from math import prod
from typing import Any

from minigrad.rules.normalization.arguments import as_channels, check_eps, check_momentum, per_channel
from minigrad.rules.normalization.running_values import moved, running_values, standardize_by
from minigrad.rules.normalization.standardize import standardize, standardize_with_statistics
from minigrad.typing import Array

__all__ = ["group_norm", "instance_norm"]


def group_norm(x: Array, num_groups: int, weight: Array = None, bias: Array = None, eps: float = 1e-5) -> Array:
    """Group normalization y = γ (x − μ)/σ + β, with σ = √(Var(x) + ε), of each group of channels in each sample.

    With one group it is layer normalization over channels and positions, with as many groups as channels instance
    normalization; γ and β belong to the channels.

    Arguments:
        x: shape ``(N, C)`` or ``(N, C, *size)``.
        num_groups: the number of groups of neighbouring channels, which divides C.
        weight, bias: γ and β, shape ``(C,)``; 1 and 0 if not given.
        eps: ε, which keeps σ from being 0.

    Returns:
        The shape of `x`.

    Raises:
        ValueError: if the shapes do not fit, or a group has one value, whose variance is 0.
        TypeError: for complex numbers.

    Source: Wu, He, "Group normalization", 2018.

    >>> import minigrad as mg
    >>> mg.group_norm(mg.Tensor([[1.0, 3.0, 0.0, 20.0]]), 2, eps=0)
    Tensor([[-1.,  1., -1.,  1.]])
    """
    x = as_channels("group_norm", x)
    _, c, *size = x.shape
    if isinstance(num_groups, bool) or not hasattr(num_groups, "__index__") or num_groups < 1 or c % num_groups:
        divisors = ", ".join(str(g) for g in range(1, c + 1) if c % g == 0)
        raise ValueError(
            f"group_norm: num_groups={num_groups!r} does not divide the {c} channels of the input (shape {x.shape}) "
            f"into groups; numbers that do: {divisors}"
        )
    if c == num_groups and prod(size) == 1:
        raise ValueError(
            f"group_norm: {num_groups} groups of the input (shape {x.shape}) have one value each, which is its own "
            "mean, and the output would be the bias; use fewer groups"
        )
    eps = check_eps("group_norm", eps)
    weight, bias = (per_channel("group_norm", n, a, x) for n, a in (("weight", weight), ("bias", bias)))
    if c == num_groups:
        return standardize(x, weight, bias, tuple(range(2, x.ndim)), eps)
    return standardize(x, weight, bias, tuple(range(1, x.ndim)), eps, groups=int(num_groups))


def instance_norm(
    x: Array,
    running_mean: Array = None,
    running_var: Array = None,
    weight: Array = None,
    bias: Array = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Instance normalization y = γ (x − μ)/σ + β, with σ = √(Var(x) + ε), of each channel of each sample alone.

    It takes contrast and brightness out of an image. As `batch_norm`, it writes into none of its arguments.

    Arguments:
        x: shape ``(N, C, *size)``.
        running_mean, running_var: constants, shape ``(C,)``; both or neither.
        weight, bias: γ and β, shape ``(C,)``; 1 and 0 if not given.
        use_input_stats: whether to normalize with the statistics of `x`, and to update the running ones; otherwise
            with the running ones.
        momentum: the weight m of the batch in the new running values, (1 − m) old + m new.
        eps: ε, which keeps σ from being 0.

    Returns:
        The output, of the shape of `x`. With `use_input_stats` and running values: the output, and the new running
        mean and variance, which take up the averages over the samples, as arrays.

    Raises:
        ValueError: if the shapes do not fit, or a channel of a sample has one value, whose variance is 0.
        TypeError: for complex numbers.

    Source: Ulyanov, Vedaldi, Lempitsky, "Instance normalization", 2016.

    >>> import minigrad as mg
    >>> mg.instance_norm(mg.Tensor([[[1.0, 3.0], [0.0, 20.0]]]), eps=0)
    Tensor([[[-1.,  1.],
             [-1.,  1.]]])
    """
    x = as_channels("instance_norm", x)
    eps, momentum = check_eps("instance_norm", eps), check_momentum("instance_norm", momentum)
    weight, bias = (per_channel("instance_norm", n, a, x) for n, a in (("weight", weight), ("bias", bias)))
    running = running_values("instance_norm", running_mean, running_var, x)
    if not use_input_stats:
        if running is None:
            raise ValueError("instance_norm: use_input_stats=False needs running_mean and running_var")
        return standardize_by(x, *running, weight, bias, eps)
    count, axis = prod(x.shape[2:]), tuple(range(2, x.ndim))
    if count == 1:
        raise ValueError(
            f"instance_norm: each channel of a sample has one value (shape {x.shape}), which is its own mean, and the "
            "output would be the bias; expected shape (N, C, *size) with several positions"
        )
    if running is None:
        return standardize(x, weight, bias, axis, eps)
    y, mean, variance = standardize_with_statistics(x, weight, bias, axis, eps)
    if not x.size:
        return y, *(moved(old, old, 0.0) for old in running)
    unbiased = variance * (count / (count - 1))
    return y, *(moved(old, new.mean(axis=0), momentum) for old, new in zip(running, (mean, unbiased), strict=True))
