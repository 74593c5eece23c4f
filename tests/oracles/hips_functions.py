"""Functions that HIPS autograd lacks, or differentiates for some arguments alone, composed of its others."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from tests.oracles.library import Row

try:
    import autograd.numpy as anp
    from autograd import make_vjp
    from autograd.numpy import fft, linalg
    from autograd.scipy import signal
    from autograd.tracer import getval
except ImportError:  # the documentation lists the rows, and is built without it
    anp = make_vjp = fft = linalg = signal = getval = None


def moved(x: Any, rearrange: Row) -> Any:
    """x rearranged as `rearrange` does with the indices of its elements."""
    return anp.ravel(x)[rearrange(np.arange(x.size).reshape(x.shape))]


def ordered(x: Any, order: Any, axis: int) -> Any:
    return moved(x, lambda numbers: np.take_along_axis(numbers, order, axis))


def scatter(v: Any, index: Any, shape: Any) -> Any:
    """The elements times a matrix that places them."""
    positions = np.ravel(np.arange(np.prod(shape, dtype=int)).reshape(shape)[index])
    matrix = np.zeros((np.prod(shape, dtype=int), v.size))
    matrix[positions, np.arange(v.size)] = 1
    return anp.reshape(anp.dot(matrix, anp.ravel(v)), shape)


def diagonal_of(shape: Any, *which: int) -> Any:
    numbers = np.arange(np.prod(shape)).reshape(shape)
    return np.unravel_index(numbers.diagonal(*which), shape)


def where(condition: Any, a: Any, b: Any) -> Any:
    zeros = np.zeros(np.broadcast_shapes(np.shape(condition), np.shape(a), np.shape(b)))
    return anp.where(condition, a + zeros, b + zeros)


def _slices(x: Any, axis: Any) -> list[Any]:
    """The slices of x along some axes."""
    axes = [i % x.ndim for i in (range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,))]
    rest = [i for i in range(x.ndim) if i not in axes]
    rows = anp.reshape(anp.transpose(x, axes + rest), [-1, *(x.shape[i] for i in rest)])
    return [rows[i] for i in range(len(rows))]


def prod(x: Any, axis: Any, keepdims: bool) -> Any:
    shape = np.prod(getval(x), axis=axis, keepdims=keepdims).shape
    return anp.reshape(reduce(anp.multiply, _slices(x, axis)), shape)


def cumprod(x: Any, axis: int) -> Any:
    parts = _slices(x, axis)
    return anp.stack([reduce(anp.multiply, parts[: i + 1]) for i in range(len(parts))], axis)


def others(x: Any) -> Any:
    parts = _slices(x, -1)
    one = np.ones(x.shape[:-1])
    return anp.stack([reduce(anp.multiply, parts[:i] + parts[i + 1 :], one) for i in range(len(parts))], -1)


def recurrence(a: Any, b: Any) -> Any:
    h = [b[..., 0]]
    for k in range(1, b.shape[-1]):
        h.append(a[..., k - 1] * h[-1] + b[..., k])
    return anp.stack(h, -1)


def norm(x: Any, ord: float, axis: Any, keepdims: bool) -> Any:
    if ord == 0:
        return anp.sum(0 * x, axis=axis, keepdims=keepdims) + np.sum(getval(x) != 0, axis=axis, keepdims=keepdims)
    if abs(ord) == np.inf:
        return (anp.max if ord > 0 else anp.min)(anp.abs(x), axis=axis, keepdims=keepdims)
    return anp.sum(anp.abs(x) ** ord, axis=axis, keepdims=keepdims) ** (1 / ord)


def logsumexp(x: Any, axis: Any, b: float = 1.0, keepdims: bool = True) -> Any:
    return anp.log(anp.sum(anp.exp(x), axis=axis, keepdims=keepdims))


def cross_entropies(z: Any, t: Any, axis: int = -1, normalized: bool = False) -> Any:
    return -anp.sum(t * (z - logsumexp(z, axis)), axis=axis)


def conv(x: Any, w: Any, b: Any = None, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """Its convolution flips the filter, and has no stride, dilation or groups."""
    x = anp.pad(x, ((0, 0), (0, 0), *padding), "constant")
    dilated = tuple(slice(None, None, d) for d in dilation)
    spans = [d * (f - 1) + 1 for f, d in zip(w.shape[2:], dilation, strict=True)]
    w = scatter(w, (..., *dilated), (*w.shape[:2], *spans))[:, :, *[slice(None, None, -1)] * len(spans)]
    axes, (o, c) = list(range(2, x.ndim)), (len(w) // groups, w.shape[1])
    z = anp.concatenate(
        [
            signal.convolve(
                x[:, g * c : (g + 1) * c], w[g * o : (g + 1) * o], axes=(axes, axes), dot_axes=([1], [1]), mode="valid"
            )
            for g in range(groups)
        ],
        axis=1,
    )[:, :, *(slice(None, None, s) for s in stride)]
    return z if b is None else z + anp.reshape(b, (-1, *[1] * len(axes)))


def conv_input_grad(z: Any, w: Any, *, size: Any, **how: Any) -> Any:
    """The error signal from its own backward pass, which it can differentiate."""
    pull, _ = make_vjp(lambda x: conv(x, w, **how))(np.zeros((len(z), w.shape[1] * how["groups"], *size)))
    return pull(z)


def conv_weight_grad(z: Any, x: Any, *, kernel: Any, **how: Any) -> Any:
    pull, _ = make_vjp(lambda w: conv(x, w, **how))(np.zeros((z.shape[1], x.shape[1] // how["groups"], *kernel)))
    return pull(z)


def group_mean(x: Any, *, groups: int) -> Any:
    """The product with a matrix that has 1/n between elements of the same group."""
    n, c, *size = x.shape
    group = np.repeat(np.arange(c) // (c // groups), np.prod(size, dtype=int))
    same = 1.0 * (group[:, None] == group)
    return anp.reshape(anp.reshape(x, (n, -1)) @ (same / same.sum(axis=0)), x.shape)


def spread(x: Any, *, axis: Any, eps: float, centered: bool, groups: int = 1) -> Any:
    if groups > 1:
        return anp.sqrt(group_mean((x - group_mean(x, groups=groups)) ** 2, groups=groups) + eps)
    squares = anp.var(x, axis=axis, keepdims=True) if centered else anp.mean(x**2, axis=axis, keepdims=True)
    return anp.sqrt(squares + eps)


def standardize(
    x: Any, weight: Any = 1.0, bias: Any = 0.0, *, axis: Any, centered: bool, eps: float, groups: int = 1
) -> Any:
    mean = group_mean(x, groups=groups) if groups > 1 else anp.mean(x, axis=axis, keepdims=True)
    deviation = x - mean if centered else x
    return weight * deviation / spread(x, axis=axis, centered=centered, eps=eps, groups=groups) + bias


def channel_sums(x: Any, *, before: int, after: int) -> Any:
    near = np.arange(x.shape[1])[:, None] - np.arange(x.shape[1])
    return anp.moveaxis(anp.tensordot(x, 1.0 * ((near <= before) & (near >= -after)), ([1], [1])), -1, 1)


def local_response_norm(x: Any, *, size: int, alpha: float, beta: float, k: float) -> Any:
    sums = channel_sums(x**2, before=size // 2, after=(size - 1) // 2)
    return x / (k + alpha / size * sums) ** beta


def convolve(a: Any, v: Any, mode: str) -> Any:
    """The product of two polynomials, or its part where the shorter overlaps the longer entirely."""
    n, m = len(a), len(v)
    full = sum(anp.concatenate((np.zeros(k), v[k] * a, np.zeros(m - 1 - k))) for k in range(m))
    return full if mode == "full" else full[min(n, m) - 1 : max(n, m)]


def interp(x: Any, xp: Any, fp: Any) -> Any:
    i = np.clip(np.searchsorted(getval(xp), getval(x), side="right") - 1, 0, len(xp) - 2)
    t = (x - xp[i]) / (xp[i + 1] - xp[i])
    t = where(getval(t) < 0, 0.0, where(getval(t) > 1, 1.0, t))
    return (1 - t) * fp[i] + t * fp[i + 1]


def einsum(subscripts: str, *xs: Any) -> Any:
    """With repeated letters or broadcast lengths: the product of all factors, summed."""
    inputs, _, output = subscripts.partition("->")
    letters = [*output, *dict.fromkeys(c for c in inputs if c not in {*output, ","})]
    product = 1.0
    for term, x in zip(inputs.split(","), xs, strict=True):
        once = "".join(c for c in letters if c in term)
        x = moved(x, lambda numbers, to=f"{term}->{once}": np.einsum(to, numbers))
        product = product * anp.reshape(x, [x.shape[once.index(c)] if c in once else 1 for c in letters])
    summed = tuple(range(len(output), len(letters)))
    return anp.sum(product, axis=summed) if summed else product


def plain_einsum(subscripts: str, *xs: Any) -> bool:
    terms = subscripts.partition("->")[0].split(",")
    lengths = {(c, n) for term, x in zip(terms, xs, strict=True) for c, n in zip(term, x.shape, strict=True)}
    return len(lengths) == len({c for c, _ in lengths}) and all(len({*term}) == len(term) for term in terms)


def irfft(z: Any, n: int, axis: int, norm: Any) -> Any:
    """A linear function of the real and imaginary parts."""
    z = anp.moveaxis(z, axis, -1)
    of_real, of_imag = (np.fft.irfft(unit * np.eye(z.shape[-1]), n, norm=norm) for unit in (1, 1j))
    return anp.moveaxis(anp.dot(anp.real(z), of_real) + anp.dot(anp.imag(z), of_imag), -1, axis)


def rfft(x: Any, n: int, axis: int, norm: Any) -> Any:
    return fft.fft(x, n, axis, norm)[(*[slice(None)] * axis, slice(n // 2 + 1))]


def sinc(x: Any) -> Any:
    """The derivative of its own sinc is NaN at 0: there, the first terms of the series."""
    at_zero = x == 0
    return where(at_zero, 1 - (np.pi * x) ** 2 / 6, anp.sinc(where(at_zero, 1.0, x)))


def gaps(x: Any, **_: Any) -> Any:
    eye = np.eye(x.shape[-1])
    return (1 - eye) / (x[..., None, :] - x[..., :, None] + eye)


def svd(x: Any) -> tuple[Any, Any, Any]:
    """With the additional vectors, which follow the space that they span; it has the others alone."""
    u, s, vt = linalg.svd(x, full_matrices=False)
    all_u, _, all_vt = np.linalg.svd(getval(x))
    return (
        _complete(u, all_u),
        s,
        anp.swapaxes(_complete(anp.swapaxes(vt, -1, -2), np.swapaxes(all_vt, -1, -2)), -1, -2),
    )


def _complete(u: Any, all_u: Any) -> Any:
    others = all_u[..., u.shape[-1] :]
    return anp.concatenate((u, others - anp.matmul(u, anp.matmul(anp.swapaxes(u, -1, -2), others))), -1)


def real_if_real(z: Any) -> Any:
    return z if np.any(np.imag(getval(z)) != 0) else anp.real(z)


def border(x: Any, pad_width: Any, mode: str, constant_values: Any) -> Any:
    if mode != "constant":
        return moved(x, lambda numbers: np.pad(numbers, pad_width, mode))
    inner = tuple(slice(before, before + n) for n, (before, _) in zip(x.shape, pad_width, strict=True))
    border = np.pad(np.zeros(x.shape), pad_width or 0, constant_values=constant_values)
    return border + scatter(x, inner, border.shape)
