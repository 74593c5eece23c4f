"""PyTorch's functions with the arguments and conventions of NumPy and minigrad, where they differ."""

from __future__ import annotations

from typing import Any

import numpy as np

try:
    import torch
    from torch.nn import functional as F
    from torch.nn import grad as conv_grads

    torch.set_num_threads(1)  # more are slower on small arrays
except ImportError:  # the documentation lists the rows, and is built without it
    torch = F = conv_grads = None

# ---------------------------------------------------------------- axes and indices in NumPy's conventions


def all_axes(x: Any, axis: Any) -> tuple[int, ...]:
    return tuple(range(x.ndim)) if axis is None else several(axis)


def several(n: Any) -> Any:
    return n if isinstance(n, tuple | list) else (n,)


def order(x: Any, axis: Any) -> tuple[list[int], list[int]]:
    """The other axes, and `axis` as a list."""
    axes = [i % x.ndim for i in all_axes(x, axis)]
    return [i for i in range(x.ndim) if i not in axes], axes


def rows(x: Any, axis: Any) -> Any:
    """x with these axes merged into one, the last: many PyTorch functions take a single axis."""
    rest, axes = order(x, axis)
    return x.permute(rest + axes).reshape([*(x.shape[i] for i in rest), -1])


def back(y: Any, x: Any, axis: Any) -> Any:
    """The inverse of `rows`."""
    rest, axes = order(x, axis)
    return y.reshape([x.shape[i] for i in rest + axes]).permute(np.argsort(rest + axes).tolist())


def reduced(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The result of a reduction of rows, in the shape that `keepdims` asks for."""
    rest, axes = order(x, axis)
    shape = [1 if i in axes else n for i, n in enumerate(x.shape)] if keepdims else [x.shape[i] for i in rest]
    return y.reshape([*y.shape[: y.ndim - len(rest)], *shape])


def shifts(shift: Any, axis: Any) -> tuple[Any, Any]:
    if axis is None or np.ndim(shift) == np.ndim(axis) == 0:
        return shift, axis
    shifts, axes = np.broadcast_arrays(shift, axis)
    return tuple(shifts.tolist()), tuple(axes.tolist())


def flat_indices(shape: Any, index: Any) -> Any:
    """The flat indices of the elements that an index selects: PyTorch has no slices with negative steps."""
    return torch.tensor(np.arange(np.prod(shape, dtype=int)).reshape(shape)[index].copy())


def scatter(v: Any, indices: Any, shape: Any) -> Any:
    return torch.zeros(int(np.prod(shape)), dtype=v.dtype).index_add(0, indices.ravel(), v.ravel()).reshape(shape)


def pixels(switches: Any, size: Any, channels: Any, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """The flat index, over all images, of the pixel that each switch selects."""
    n, c, *place = np.indices(switches.shape)
    pixel = n * channels + c
    for i, k, m, s, (before, _), d in zip(
        place, np.unravel_index(switches, kernel), size, stride, padding, dilation, strict=True
    ):
        pixel = pixel * m + i * s - before + k * d
    return torch.tensor(pixel)


def bordered(x: Any, padding: Any, value: float = 0.0) -> Any:
    """Padding that may differ between the two sides, which PyTorch's own functions do not take."""
    return F.pad(x, [n for pair in reversed(padding) for n in pair], value=value)


def max_pool(x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """PyTorch pads both sides by the same number."""
    pool = getattr(F, f"max_pool{x.ndim - 2}d")
    if all(before == after for before, after in padding):
        return pool(x, kernel, stride, [before for before, _ in padding], dilation)
    return pool(bordered(x, padding, -np.inf), kernel, stride, 0, dilation)


def sum_pool(x: Any, kernel: Any, stride: Any, padding: Any) -> Any:
    return getattr(F, f"avg_pool{x.ndim - 2}d")(bordered(x, padding), kernel, stride) * np.prod(kernel)


def sum_unpool(y: Any, size: Any, kernel: Any, stride: Any, padding: Any) -> Any:
    """A transposed convolution of each channel with filters of ones."""
    alone = y.reshape(-1, 1, *y.shape[2:])
    x = getattr(F, f"conv_transpose{y.ndim - 2}d")(alone, torch.ones(1, 1, *kernel, dtype=y.dtype), None, stride)
    cut = [(-before, m + before - n) for m, n, (before, _) in zip(size, x.shape[2:], padding, strict=True)]
    return bordered(x, cut).reshape(*y.shape[:2], *size)


def avg_pool(x: Any, padding: Any = 0, count_include_pad: bool = True, **how: Any) -> Any:
    pool = getattr(F, f"avg_pool{x.ndim - 2}d")
    pairs = padding if isinstance(padding, tuple) else ((padding, padding),) * (x.ndim - 2)
    if all(before == after for before, after in pairs):
        return pool(x, **how, padding=[before for before, _ in pairs], count_include_pad=count_include_pad)
    y = pool(bordered(x, pairs), **how)
    return y if count_include_pad else y / pool(bordered(torch.ones_like(x), pairs), **how)


def lp_pool(x: Any, norm_type: Any, kernel_size: Any, stride: Any) -> Any:
    kernel = kernel_size if len(kernel_size) > 1 else kernel_size[0]
    return getattr(F, f"lp_pool{x.ndim - 2}d")(x.abs(), norm_type, kernel, stride)


def adaptive(x: Any, output_size: Any, kind: str) -> Any:
    size = output_size if isinstance(output_size, tuple) else (output_size,) * (x.ndim - 2)
    whole = [n if m is None else m for m, n in zip(size, x.shape[2:], strict=True)]
    return getattr(F, f"adaptive_{kind}_pool{x.ndim - 2}d")(x, whole)


def pad(x: Any, pad_width: Any, mode: str, constant_values: Any) -> Any:
    if mode == "constant":
        border = np.pad(np.zeros(x.shape), pad_width or 0, constant_values=constant_values)
        return F.pad(x, [n for pair in reversed(pad_width) for n in pair]) + torch.tensor(border)
    return x.ravel()[torch.tensor(np.pad(np.arange(x.numel()).reshape(x.shape), pad_width, mode))]


def cut(x: Any, padding: Any) -> Any:
    return x[:, :, *(slice(before, n - after) for n, (before, after) in zip(x.shape[2:], padding, strict=True))]


def conv(x: Any, w: Any, b: Any = None, *, padding: Any, stride: Any, dilation: Any, groups: int) -> Any:
    f = (F.conv1d, F.conv2d, F.conv3d)[x.ndim - 3]
    return f(bordered(x, padding), w, b, stride, 0, dilation, groups)


def conv_input_grad(z: Any, w: Any, *, size: Any, padding: Any, stride: Any, dilation: Any, groups: int) -> Any:
    f = (conv_grads.conv1d_input, conv_grads.conv2d_input, conv_grads.conv3d_input)[z.ndim - 3]
    bordered = [n + sum(pair) for n, pair in zip(size, padding, strict=True)]
    return cut(f((len(z), w.shape[1] * groups, *bordered), w, z, stride, 0, dilation, groups), padding)


def conv_weight_grad(z: Any, x: Any, *, kernel: Any, padding: Any, stride: Any, dilation: Any, groups: int) -> Any:
    f = (conv_grads.conv1d_weight, conv_grads.conv2d_weight, conv_grads.conv3d_weight)[z.ndim - 3]
    shape = (z.shape[1], x.shape[1] // groups, *kernel)
    return f(bordered(x, padding), shape, z, stride, 0, dilation, groups)


def conv_transpose(x: Any, w: Any, b: Any = None, *, padding: Any, **how: Any) -> Any:
    """The padding is cut off after `output_padding` was added."""
    f = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[x.ndim - 3]
    return cut(f(x, w, b, **how), padding)


def convolve(a: Any, v: Any, mode: str) -> Any:
    a, v = (a, v) if len(a) >= len(v) else (v, a)
    scan = F.conv1d(a[None, None], v.flip(0)[None, None], padding=len(v) - 1 if mode == "full" else 0)
    return scan[0, 0]


def interp(x: Any, xp: Any, fp: Any) -> Any:
    i = (torch.searchsorted(xp.detach(), x.detach(), right=True) - 1).clamp(0, len(xp) - 2)
    t = ((x - xp[i]) / (xp[i + 1] - xp[i])).clamp(0, 1)
    return (1 - t) * fp[i] + t * fp[i + 1]


def recurrence(a: Any, b: Any) -> Any:
    h = [b[..., 0]]
    for k in range(1, b.shape[-1]):
        h.append(a[..., k - 1] * h[-1] + b[..., k])
    return torch.stack(h, -1)


def others(x: Any) -> Any:
    kept = [torch.tensor([j for j in range(x.shape[-1]) if j != i], dtype=int) for i in range(x.shape[-1])]
    return torch.stack([x[..., k].prod(-1) for k in kept], -1)


def gaps(x: Any, **_: Any) -> Any:
    eye = torch.eye(x.shape[-1], dtype=x.dtype)
    return (1 - eye) / (x[..., None, :] - x[..., :, None] + eye)


def cross_entropies(z: Any, t: Any, axis: int = -1, normalized: bool = False) -> Any:
    if axis != -1:
        return F.cross_entropy(z, t, reduction="none")
    flat = F.cross_entropy(z.reshape(-1, z.shape[-1]), t.reshape(-1, z.shape[-1]), reduction="none")
    return flat.reshape(z.shape[:-1])


def group_mean(x: Any, *, groups: int) -> Any:
    means = x.reshape(len(x), groups, -1).mean(-1)
    return means.repeat_interleave(x.shape[1] // groups, 1).reshape(*x.shape[:2], *(1,) * (x.ndim - 2)).expand(x.shape)


def spread(x: Any, *, axis: Any, eps: float, centered: bool, groups: int = 1) -> Any:
    if groups > 1:
        return torch.sqrt(group_mean((x - group_mean(x, groups=groups)) ** 2, groups=groups) + eps)
    squares = torch.var(x, axis, correction=0, keepdim=True) if centered else torch.mean(x**2, axis, keepdim=True)
    return torch.sqrt(squares + eps)


def standardize(
    x: Any, weight: Any = 1.0, bias: Any = 0.0, *, axis: Any, centered: bool, eps: float, groups: int = 1
) -> Any:
    if groups > 1:
        return weight * F.group_norm(x, groups, eps=eps) + bias
    deviation = x - torch.mean(x, axis, keepdim=True) if centered else x
    return weight * deviation / spread(x, axis=axis, centered=centered, eps=eps) + bias


def channel_sums(x: Any, *, before: int, after: int) -> Any:
    """A convolution of each position with a window of ones."""
    rows = F.pad(x.movedim(1, -1).reshape(-1, 1, x.shape[1]), (before, after))
    sums = F.conv1d(rows, torch.ones(1, 1, before + 1 + after, dtype=x.dtype))
    return sums.reshape(len(x), *x.shape[2:], x.shape[1]).movedim(-1, 1)


def quantile(
    x: Any, q: Any, axis: Any = None, keepdims: bool = False, ignore: bool = False, method: str = "linear", **more: Any
) -> Any:
    if more or method not in ("linear", "lower", "higher", "midpoint", "nearest"):
        return NotImplemented
    of_rows = torch.nanquantile if ignore else torch.quantile
    y = of_rows(rows(x, axis), torch.as_tensor(q, dtype=x.dtype).ravel(), -1, interpolation=method)
    y = reduced(y, x, axis, keepdims)
    return y.reshape((*np.shape(q), *y.shape[1:]))


def upsample(x: Any, size: Any, steps: Any, mode: str, align_corners: bool) -> Any:
    named = mode if mode == "nearest" else ("linear", "bilinear", "trilinear")[len(size) - 1]
    by_size = align_corners or all(n / m == step for n, m, step in zip(x.shape[2:], size, steps, strict=True))
    how = {"size": size} if by_size else {"scale_factor": tuple(1 / step for step in steps)}
    return F.interpolate(x, mode=named, align_corners=align_corners if mode == "linear" else None, **how)


def upsample_input_grad(y_bar: Any, size: Any, **how: Any) -> Any:
    x = torch.zeros((*y_bar.shape[:2], *size), dtype=y_bar.dtype, requires_grad=True)
    y = upsample(x, tuple(y_bar.shape[2:]), **how)
    return torch.autograd.grad(y, x, y_bar, create_graph=True)[0]


def cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None, **weights: Any) -> Any:
    x = m if rowvar else m.T
    if y is not None:
        x = torch.cat([torch.atleast_2d(x), torch.atleast_2d(y)])
    correction = (0 if bias else 1) if ddof is None else ddof
    counts = {"fweights": torch.tensor(weights.pop("fweights"))} if "fweights" in weights else {}
    return torch.cov(x, correction=correction, **counts, **weights)


def modified_bessel(x: Any, order: int) -> Any:
    """It has the orders 0 and 1; the others follow from Iₙ₊₁ = Iₙ₋₁ − 2 n Iₙ / x."""
    order = abs(order)
    before, last = torch.special.i0(x), torch.special.i1(x)
    for n in range(1, order):
        before, last = last, before - 2 * n * last / x
    return last if order else before


# ---------------------------------------------------------------- linear algebra


def lstsq(a: Any, b: Any) -> Any:
    x = torch.linalg.lstsq(a, b if b.ndim > 1 else b[:, None], driver="gelsd").solution
    return x if b.ndim > 1 else x[:, 0]


def svd(x: Any) -> Any:
    """With additional vectors that follow the space that they span; PyTorch takes them for constants."""
    U, S, Vh = torch.linalg.svd(x)
    n = S.shape[-1]
    return type(torch.linalg.svd(x))((_complete(U, n), S, _complete(Vh.mH, n).mH))


def _complete(U: Any, n: int) -> Any:
    first, others = U[..., :n], U[..., n:].detach()
    return torch.cat((first, others - first @ (first.mH @ others)), -1)


def gamma_sign(x: Any) -> Any:
    """The sign of Γ(x): −1 between −1 and 0, between −3 and −2, and so on."""
    return torch.where((x < 0) & (torch.floor(x) % 2 == 1), -1.0, 1.0)


def betaln(x: Any, y: Any) -> Any:
    return torch.lgamma(x) + torch.lgamma(y) - torch.lgamma(x + y)


def roots(p: Any) -> Any:
    """The eigenvalues of the companion matrix; real, if all of them are."""
    n = len(p) - 1
    x = torch.linalg.eigvals(torch.cat([-(p[1:] / p[0])[None], torch.eye(n, dtype=p.dtype)[:-1]]))
    return x if torch.any(x.imag != 0) else x.real
