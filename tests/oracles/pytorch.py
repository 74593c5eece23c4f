"""PyTorch's function for each operation. Can be read without PyTorch, to list the operations that are compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.oracles.library import Library, Row

try:
    import torch
    from torch.nn import functional as F
    from torch.nn import grad as conv_grads

    torch.set_num_threads(1)  # more are slower on small arrays
except ImportError:  # the documentation lists the rows, and is built without it
    torch = F = conv_grads = None

__all__ = ["PYTORCH"]


def _tensor(a: Any) -> Any:
    a = np.asarray(a)
    return torch.tensor(a.copy() if a.dtype.kind in "bc" else a.astype(float, order="C"))


def _pull(f: Callable[..., Any], arrays: Any, seed: Callable[[Any], Any]) -> tuple[Any, list[Any]]:
    xs = [torch.tensor(a, requires_grad=True) for a in arrays]
    y = f(*xs)
    y_bar = torch.tensor(seed(tuple(y.shape)))
    x_bars = torch.autograd.grad(y, xs, y_bar, allow_unused=True, materialize_grads=True)
    return y.detach().resolve_conj().numpy(), [x_bar.numpy() for x_bar in x_bars]


# ---------------------------------------------------------------- axes and indices in NumPy's conventions


def _all(x: Any, axis: Any) -> tuple[int, ...]:
    return tuple(range(x.ndim)) if axis is None else _several(axis)


def _several(n: Any) -> Any:
    return n if isinstance(n, tuple | list) else (n,)


def _order(x: Any, axis: Any) -> tuple[list[int], list[int]]:
    """The other axes, and `axis` as a list."""
    axes = [i % x.ndim for i in _all(x, axis)]
    return [i for i in range(x.ndim) if i not in axes], axes


def _rows(x: Any, axis: Any) -> Any:
    """x with these axes merged into one, the last: many PyTorch functions take a single axis."""
    rest, axes = _order(x, axis)
    return x.permute(rest + axes).reshape([*(x.shape[i] for i in rest), -1])


def _back(y: Any, x: Any, axis: Any) -> Any:
    """The inverse of `_rows`."""
    rest, axes = _order(x, axis)
    return y.reshape([x.shape[i] for i in rest + axes]).permute(np.argsort(rest + axes).tolist())


def _reduced(y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The result of a reduction of rows, in the shape that `keepdims` asks for."""
    rest, axes = _order(x, axis)
    shape = [1 if i in axes else n for i, n in enumerate(x.shape)] if keepdims else [x.shape[i] for i in rest]
    return y.reshape([*y.shape[: y.ndim - len(rest)], *shape])


def _shifts(shift: Any, axis: Any) -> tuple[Any, Any]:
    if axis is None or np.ndim(shift) == np.ndim(axis) == 0:
        return shift, axis
    shifts, axes = np.broadcast_arrays(shift, axis)
    return tuple(shifts.tolist()), tuple(axes.tolist())


def _flat_indices(shape: Any, index: Any) -> Any:
    """The flat indices of the elements that an index selects: PyTorch has no slices with negative steps."""
    return torch.tensor(np.arange(np.prod(shape, dtype=int)).reshape(shape)[index].copy())


def _scatter(v: Any, indices: Any, shape: Any) -> Any:
    return torch.zeros(int(np.prod(shape)), dtype=v.dtype).index_add(0, indices.ravel(), v.ravel()).reshape(shape)


def _pixels(switches: Any, size: Any, channels: Any, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """The flat index, over all images, of the pixel that each switch selects."""
    n, c, *place = np.indices(switches.shape)
    pixel = n * channels + c
    for i, k, m, s, (before, _), d in zip(
        place, np.unravel_index(switches, kernel), size, stride, padding, dilation, strict=True
    ):
        pixel = pixel * m + i * s - before + k * d
    return torch.tensor(pixel)


def _bordered(x: Any, padding: Any, value: float = 0.0) -> Any:
    """Padding that may differ between the two sides, which PyTorch's own functions do not take."""
    return F.pad(x, [n for pair in reversed(padding) for n in pair], value=value)


def _max_pool(x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """PyTorch pads both sides by the same number."""
    pool = getattr(F, f"max_pool{x.ndim - 2}d")
    if all(before == after for before, after in padding):
        return pool(x, kernel, stride, [before for before, _ in padding], dilation)
    return pool(_bordered(x, padding, -np.inf), kernel, stride, 0, dilation)


def _sum_pool(x: Any, kernel: Any, stride: Any, padding: Any) -> Any:
    return getattr(F, f"avg_pool{x.ndim - 2}d")(_bordered(x, padding), kernel, stride) * np.prod(kernel)


def _sum_unpool(y: Any, size: Any, kernel: Any, stride: Any, padding: Any) -> Any:
    """A transposed convolution of each channel with filters of ones."""
    alone = y.reshape(-1, 1, *y.shape[2:])
    x = getattr(F, f"conv_transpose{y.ndim - 2}d")(alone, torch.ones(1, 1, *kernel, dtype=y.dtype), None, stride)
    cut = [(-before, m + before - n) for m, n, (before, _) in zip(size, x.shape[2:], padding, strict=True)]
    return _bordered(x, cut).reshape(*y.shape[:2], *size)


def _avg_pool(x: Any, padding: Any = 0, count_include_pad: bool = True, **how: Any) -> Any:
    pool = getattr(F, f"avg_pool{x.ndim - 2}d")
    pairs = padding if isinstance(padding, tuple) else ((padding, padding),) * (x.ndim - 2)
    if all(before == after for before, after in pairs):
        return pool(x, **how, padding=[before for before, _ in pairs], count_include_pad=count_include_pad)
    y = pool(_bordered(x, pairs), **how)
    return y if count_include_pad else y / pool(_bordered(torch.ones_like(x), pairs), **how)


def _lp_pool(x: Any, norm_type: Any, kernel_size: Any, stride: Any) -> Any:
    kernel = kernel_size if len(kernel_size) > 1 else kernel_size[0]
    return getattr(F, f"lp_pool{x.ndim - 2}d")(x.abs(), norm_type, kernel, stride)


def _adaptive(x: Any, output_size: Any, kind: str) -> Any:
    size = output_size if isinstance(output_size, tuple) else (output_size,) * (x.ndim - 2)
    whole = [n if m is None else m for m, n in zip(size, x.shape[2:], strict=True)]
    return getattr(F, f"adaptive_{kind}_pool{x.ndim - 2}d")(x, whole)


def _pad(x: Any, pad_width: Any, mode: str, constant_values: Any) -> Any:
    if mode == "constant":
        border = np.pad(np.zeros(x.shape), pad_width or 0, constant_values=constant_values)
        return F.pad(x, [n for pair in reversed(pad_width) for n in pair]) + torch.tensor(border)
    return x.ravel()[torch.tensor(np.pad(np.arange(x.numel()).reshape(x.shape), pad_width, mode))]


def _cut(x: Any, padding: Any) -> Any:
    return x[:, :, *(slice(before, n - after) for n, (before, after) in zip(x.shape[2:], padding, strict=True))]


def _conv(x: Any, w: Any, b: Any = None, *, padding: Any, stride: Any, dilation: Any, groups: int) -> Any:
    f = (F.conv1d, F.conv2d, F.conv3d)[x.ndim - 3]
    return f(_bordered(x, padding), w, b, stride, 0, dilation, groups)


def _conv_input_grad(z: Any, w: Any, *, size: Any, padding: Any, stride: Any, dilation: Any, groups: int) -> Any:
    f = (conv_grads.conv1d_input, conv_grads.conv2d_input, conv_grads.conv3d_input)[z.ndim - 3]
    bordered = [n + sum(pair) for n, pair in zip(size, padding, strict=True)]
    return _cut(f((len(z), w.shape[1] * groups, *bordered), w, z, stride, 0, dilation, groups), padding)


def _conv_weight_grad(z: Any, x: Any, *, kernel: Any, padding: Any, stride: Any, dilation: Any, groups: int) -> Any:
    f = (conv_grads.conv1d_weight, conv_grads.conv2d_weight, conv_grads.conv3d_weight)[z.ndim - 3]
    shape = (z.shape[1], x.shape[1] // groups, *kernel)
    return f(_bordered(x, padding), shape, z, stride, 0, dilation, groups)


def _conv_transpose(x: Any, w: Any, b: Any = None, *, padding: Any, **how: Any) -> Any:
    """The padding is cut off after `output_padding` was added."""
    f = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[x.ndim - 3]
    return _cut(f(x, w, b, **how), padding)


def _convolve(a: Any, v: Any, mode: str) -> Any:
    a, v = (a, v) if len(a) >= len(v) else (v, a)
    scan = F.conv1d(a[None, None], v.flip(0)[None, None], padding=len(v) - 1 if mode == "full" else 0)
    return scan[0, 0]


def _interp(x: Any, xp: Any, fp: Any) -> Any:
    i = (torch.searchsorted(xp.detach(), x.detach(), right=True) - 1).clamp(0, len(xp) - 2)
    t = ((x - xp[i]) / (xp[i + 1] - xp[i])).clamp(0, 1)
    return (1 - t) * fp[i] + t * fp[i + 1]


def _recurrence(a: Any, b: Any) -> Any:
    h = [b[..., 0]]
    for k in range(1, b.shape[-1]):
        h.append(a[..., k - 1] * h[-1] + b[..., k])
    return torch.stack(h, -1)


def _others(x: Any) -> Any:
    kept = [torch.tensor([j for j in range(x.shape[-1]) if j != i], dtype=int) for i in range(x.shape[-1])]
    return torch.stack([x[..., k].prod(-1) for k in kept], -1)


def _gaps(x: Any, **_: Any) -> Any:
    eye = torch.eye(x.shape[-1], dtype=x.dtype)
    return (1 - eye) / (x[..., None, :] - x[..., :, None] + eye)


def _cross_entropies(z: Any, t: Any, axis: int = -1, normalized: bool = False) -> Any:
    if axis != -1:
        return F.cross_entropy(z, t, reduction="none")
    flat = F.cross_entropy(z.reshape(-1, z.shape[-1]), t.reshape(-1, z.shape[-1]), reduction="none")
    return flat.reshape(z.shape[:-1])


def _spread(x: Any, *, axis: Any, eps: float, centered: bool) -> Any:
    squares = torch.var(x, axis, correction=0, keepdim=True) if centered else torch.mean(x**2, axis, keepdim=True)
    return torch.sqrt(squares + eps)


def _standardize(x: Any, weight: Any = 1.0, bias: Any = 0.0, *, axis: Any, centered: bool, eps: float) -> Any:
    deviation = x - torch.mean(x, axis, keepdim=True) if centered else x
    return weight * deviation / _spread(x, axis=axis, centered=centered, eps=eps) + bias


def _channel_sums(x: Any, *, before: int, after: int) -> Any:
    """A convolution of each position with a window of ones."""
    rows = F.pad(x.movedim(1, -1).reshape(-1, 1, x.shape[1]), (before, after))
    sums = F.conv1d(rows, torch.ones(1, 1, before + 1 + after, dtype=x.dtype))
    return sums.reshape(len(x), *x.shape[2:], x.shape[1]).movedim(-1, 1)


def _quantile(x: Any, q: Any, axis: Any = None, keepdims: bool = False) -> Any:
    y = torch.quantile(_rows(x, axis), torch.as_tensor(q, dtype=x.dtype).ravel(), -1)
    y = _reduced(y, x, axis, keepdims)
    return y.reshape((*np.shape(q), *y.shape[1:]))


def _upsample(x: Any, size: Any, steps: Any, mode: str, align_corners: bool) -> Any:
    named = mode if mode == "nearest" else ("linear", "bilinear", "trilinear")[len(size) - 1]
    by_size = align_corners or all(n / m == step for n, m, step in zip(x.shape[2:], size, steps, strict=True))
    how = {"size": size} if by_size else {"scale_factor": tuple(1 / step for step in steps)}
    return F.interpolate(x, mode=named, align_corners=align_corners if mode == "linear" else None, **how)


def _upsample_input_grad(y_bar: Any, size: Any, **how: Any) -> Any:
    x = torch.zeros((*y_bar.shape[:2], *size), dtype=y_bar.dtype, requires_grad=True)
    y = _upsample(x, tuple(y_bar.shape[2:]), **how)
    return torch.autograd.grad(y, x, y_bar, create_graph=True)[0]


#: PyTorch has a function with this name and these arguments.
SAME = (
    "abs add angle arccos arccosh arcsin arcsinh arctan arctan2 arctanh atleast_1d atleast_2d atleast_3d "
    "column_stack conj copysign cos cosh deg2rad divide dsplit dstack erf exp exp2 expm1 fliplr flipud float_power "
    "fmax fmin fmod hsplit hstack hypot imag inner kron log log10 log1p log2 logaddexp logaddexp2 matmul maximum "
    "minimum moveaxis multiply negative rad2deg ravel real reciprocal relu remainder rot90 sigmoid sign sin sinh "
    "sqrt square subtract swapaxes tan tanh vsplit vstack where"
)

# fmt: off
OWN: dict[str, Row] = {
    "array_split":            lambda x, n: torch.tensor_split(x, n),
    "astype":                 lambda x, dtype: x.to(getattr(torch, dtype)),
    "to":                     lambda x, device: x.to(device),
    "at_least":               lambda x, low: torch.clamp(x, min=low),
    "at_most":                lambda x, high: torch.clamp(x, max=high),
    "batch_norm":             lambda x, training: F.batch_norm(x, None, None, training=training),
    "binary_cross_entropy":   lambda y, t: F.binary_cross_entropy(y, t, reduction="none"),
    "binary_cross_entropy_with_logits": lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="none"),
    "broadcast_arrays":       lambda *xs: torch.broadcast_tensors(*xs),
    "broadcast_to":           lambda x, shape: torch.broadcast_to(x, shape),
    "cholesky":               lambda x: torch.linalg.cholesky(x),
    "clip":                   lambda x, a_min, a_max: torch.clamp(x, a_min, a_max),
    "concatenate":            lambda *xs, axis: torch.cat(xs, axis),
    "convolve":               _convolve,
    "copy":                   lambda x: torch.clone(x),
    "cosine_embedding_loss":  lambda a, b, target, **how: F.cosine_embedding_loss(a, b, torch.tensor(target), **how),
    "cross_entropy":          lambda z, t: F.cross_entropy(z, t),
    "cumprod":                lambda x, axis: torch.cumprod(x, axis),
    "cumsum":                 lambda x, axis: torch.cumsum(x, axis),
    "det":                    lambda x: torch.linalg.det(x),
    "determinant_sign":       lambda x: torch.linalg.slogdet(x).sign,
    "diag":                   lambda x, k=0: torch.diag(x, k),
    "diagonal":               lambda x, offset, axis1, axis2: torch.diagonal(x, offset, axis1, axis2),
    "diff":                   lambda x, n, axis: torch.diff(x, n, axis),
    "eigenvalues":            lambda x, UPLO="L": torch.linalg.eigh(x, UPLO).eigenvalues,
    "eigenvectors":           lambda x, UPLO="L": torch.linalg.eigh(x, UPLO).eigenvectors,
    "eigh":                   lambda x, UPLO="L": torch.linalg.eigh(x, UPLO),
    "eigvalsh":               lambda x, UPLO="L": torch.linalg.eigvalsh(x, UPLO),
    "einsum":                 lambda *xs, subscripts, optimize: torch.einsum(subscripts, *xs),
    "elu":                    lambda x, alpha: torch.where(x > 0, x, alpha * F.elu(x)) if alpha.requires_grad else (
                                  F.elu(x, alpha.item())),
    "fft":                    lambda x, n, axis, norm: torch.fft.fft(x, n, axis, norm),
    "fft2":                   lambda x, **how: torch.fft.fft2(x, **how),
    "fftn":                   lambda x, s=None, axes=None, norm=None: torch.fft.fftn(x, s, axes, norm),
    "fftshift":               lambda x, axes: torch.fft.fftshift(x, axes),
    "flip":                   lambda x, axis: torch.flip(x, _all(x, axis)),
    "gaussian_nll_loss":      lambda y, t, var, **how: F.gaussian_nll_loss(y, t, var, **how),
    "gelu":                   lambda x, approximate="none": F.gelu(x, approximate=approximate),
    "celu":                   lambda x, alpha=1.0: F.celu(x, alpha),
    "hard_swish":             lambda x: F.hardswish(x),
    "group_norm":             lambda x, num_groups, eps: F.group_norm(x, num_groups, eps=eps),
    "hard_tanh":              lambda x, low, high: torch.clamp(x, low, high) if low.requires_grad else (
                                  F.hardtanh(x, low.item(), high.item())),
    "hinge_embedding_loss":   lambda y, target: F.hinge_embedding_loss(y, torch.tensor(target)),
    "huber":                  lambda x, delta: F.huber_loss(x, torch.zeros_like(x), reduction="none", delta=delta),
    "huber_loss":             lambda y, t, **how: F.huber_loss(y, t, **how),
    "ifft":                   lambda x, n, axis, norm: torch.fft.ifft(x, n, axis, norm),
    "ifft2":                  lambda x, **how: torch.fft.ifft2(x, **how),
    "ifftn":                  lambda x, axes=None, norm=None: torch.fft.ifftn(x, None, axes, norm),
    "ifftshift":              lambda x, axes: torch.fft.ifftshift(x, axes),
    "instance_norm":          lambda x, eps: F.instance_norm(x, eps=eps),
    "inv":                    lambda x: torch.linalg.inv(x),
    "irfft":                  lambda x, n, axis, norm: torch.fft.irfft(x, n, axis, norm),
    "layer_norm":             lambda x, normalized_shape, eps: F.layer_norm(x, _several(normalized_shape), eps=eps),
    "kl_div":                 lambda y, t: F.kl_div(y, t, reduction="none"),
    "l1_loss":                lambda y, t, **how: F.l1_loss(y, t, **how),
    "leaky_relu":             lambda x, slope: torch.where(x > 0, x, slope * x) if slope.requires_grad else (
                                  F.leaky_relu(x, slope.item())),
    "left_singular_vectors":  lambda x: torch.linalg.svd(x, full_matrices=False).U,
    "linear":                 lambda x, W, b=None: F.linear(x, W, b),
    "local_response_norm":    lambda x, size, alpha, beta, k: F.local_response_norm(x, size, alpha, beta, k),
    "log_sigmoid":            lambda x: F.logsigmoid(x),
    "log_softmax":            lambda x, axis: _back(torch.log_softmax(_rows(x, axis), -1), x, axis),
    "logabsdet":              lambda x: torch.linalg.slogdet(x).logabsdet,
    "logsumexp":              lambda x, axis, keepdims: torch.logsumexp(x, _all(x, axis), keepdims),
    "margin_ranking_loss":    lambda a, b, target, **how: F.margin_ranking_loss(a, b, torch.tensor(target), **how),
    "matrix_norm":            lambda x, keepdims=False, ord="fro": torch.linalg.matrix_norm(x, ord, keepdim=keepdims),
    "matrix_power":           lambda x, n: torch.linalg.matrix_power(x, n),
    "matrix_transpose":       lambda x: x.mT,
    "max":                    lambda x, axis, keepdims: torch.amax(x, _all(x, axis), keepdims),
    "mean":                   lambda x, axis, keepdims: torch.mean(x, axis, keepdims),
    "median":                 lambda x, **how: _quantile(x, 0.5, **how),
    "meshgrid":               lambda *xs, indexing="xy", sparse=False: (
                                  NotImplemented if sparse else torch.meshgrid(*xs, indexing=indexing)),
    "min":                    lambda x, axis, keepdims: torch.amin(x, _all(x, axis), keepdims),
    "mish":                   lambda x: F.mish(x),
    "mse_loss":               lambda y, t: F.mse_loss(y, t),
    "modulus":                lambda x: torch.abs(x),
    "multi_dot":              lambda xs: torch.linalg.multi_dot(xs),
    "multi_margin_loss":      lambda y, target, weight=None, **how: F.multi_margin_loss(y, torch.tensor(target), **how,
                                  weight=None if weight is None else torch.tensor(weight, dtype=y.dtype)),
    "nanmean":                lambda x, axis=None, keepdims=False: torch.nanmean(x, axis, keepdims),
    "nansum":                 lambda x, axis=None, keepdims=False: torch.nansum(x, axis, keepdims),
    "norm":                   lambda x, ord, axis, keepdims: torch.linalg.vector_norm(x, ord, axis, keepdims),
    "normal_cdf":             lambda x: torch.special.ndtr(x),
    "on_diagonal":            lambda x, offset, axis1, axis2, shape: (
                                  torch.diagonal_scatter(torch.zeros(shape, dtype=x.dtype), x, offset, axis1, axis2)),
    "outer":                  lambda x, y: torch.outer(x.ravel(), y.ravel()),
    "percentile":             lambda x, q, axis: _quantile(x, np.true_divide(q, 100), axis),
    "pinv":                   lambda x, rcond: torch.linalg.pinv(x, rtol=rcond),
    "pixel_shuffle":          lambda x, upscale_factor: F.pixel_shuffle(x, upscale_factor),
    "poisson_nll_loss":       lambda y, t: F.poisson_nll_loss(y, t),
    "power":                  lambda x, y: torch.pow(x, y),
    "prod":                   lambda x, axis, keepdims: _reduced(torch.prod(_rows(x, axis), -1), x, axis, keepdims),
    "qr":                     lambda x, mode="reduced": torch.linalg.qr(x) if mode == "reduced" else NotImplemented,
    "qr_q":                   lambda x: torch.linalg.qr(x).Q,
    "qr_r":                   lambda x: torch.linalg.qr(x).R,
    "quantile":               _quantile,
    "reorder":                lambda x, order, axis: torch.take_along_dim(x, torch.tensor(order), axis),
    "repeat":                 lambda x, repeats, axis: torch.repeat_interleave(x, torch.tensor(repeats), axis),
    "reshape":                lambda x, shape, copy=False: torch.reshape(x, _several(shape)),
    "rfft":                   lambda x, n, axis, norm: torch.fft.rfft(x, n, axis, norm),
    "right_singular_vectors": lambda x: torch.linalg.svd(x, full_matrices=False).Vh,
    "rms_norm":               lambda x, normalized_shape, eps: F.rms_norm(x, _several(normalized_shape), eps=eps),
    "roll":                   lambda x, shift, axis: torch.roll(x, *_shifts(shift, axis)),
    "selu":                   lambda x: F.selu(x),
    "silu":                   lambda x: F.silu(x),
    "sinc":                   lambda x, order: torch.sinc(x),
    "singular_values":        lambda x: torch.linalg.svdvals(x),
    "slogdet":                lambda x: torch.linalg.slogdet(x),
    "smooth_l1_loss":         lambda y, t, **how: F.smooth_l1_loss(y, t, **how),
    "soft_margin_loss":       lambda y, target: F.soft_margin_loss(y, torch.tensor(target)),
    "softmax":                lambda x, axis: _back(torch.softmax(_rows(x, axis), -1), x, axis),
    "softmax_cross_entropy":  _cross_entropies,
    "padded_embedding":       lambda W, index, padding_idx: F.embedding(torch.tensor(index), W, padding_idx),
    "prelu":                  lambda x, w: F.prelu(x, w),
    "relu6":                  lambda x: F.relu6(x),
    "softplus":               lambda x, beta=1.0, threshold=20.0: F.softplus(x, beta, threshold),
    "solve":                  lambda A, b: torch.linalg.solve(A, b),
    "sort":                   lambda x, axis: torch.sort(x, axis).values,
    "split":                  lambda x, n, axis=0: torch.tensor_split(x, n, axis),
    "squeeze":                lambda x, axis=None: torch.squeeze(x, _all(x, axis)),
    "stack":                  lambda *xs, axis: torch.stack(xs, axis),
    "std":                    lambda x, axis, ddof, keepdims: torch.std(x, axis, correction=ddof, keepdim=keepdims),
    "sum":                    lambda x, axis, keepdims: torch.sum(x, axis, keepdims),
    "svd":                    lambda x, full_matrices=True: torch.linalg.svd(x, full_matrices),
    "svdvals":                lambda x: torch.linalg.svdvals(x),
    "take_along_axis":        lambda x, indices, axis: torch.take_along_dim(x, torch.tensor(indices), axis),
    "tensordot":              lambda x, y, axes: (
                                  torch.tensordot(x, y, axes if isinstance(axes, int) else list(map(_several, axes)))),
    "tile":                   lambda x, reps: torch.tile(x, _several(reps)),
    "transpose":              lambda x, axes: torch.permute(x, axes or tuple(range(x.ndim))[::-1]),
    "trapezoid":              lambda y, x=None, dx=None, axis=-1: (
                                  torch.trapezoid(y, x, dim=axis) if dx is None else torch.trapezoid(y, dx=dx)),
    "triplet_margin_loss":    lambda a, p, n, **how: F.triplet_margin_loss(a, p, n, **how),
    "tril":                   lambda x, k: torch.tril(x if x.ndim > 1 else x.expand(len(x), -1), k),
    "triu":                   lambda x, k: torch.triu(x if x.ndim > 1 else x.expand(len(x), -1), k),
    "upsample":               _upsample,
    "var":                    lambda x, axis, ddof, keepdims: torch.var(x, axis, correction=ddof, keepdim=keepdims),
    "vdot":                   lambda x, y: torch.vdot(x.ravel(), y.ravel()),
    "vecdot":                 lambda x, y, axis=-1: torch.linalg.vecdot(x.movedim(axis, -1), y.movedim(axis, -1)),
    "vector_norm":            lambda x, ord=2, axis=None: torch.linalg.vector_norm(x, ord, axis),
} | {name: lambda *args, f=name: getattr(torch, f)(*args) for name in SAME.split()} | {
    f"{prefix}{axes}d{suffix}": row for prefix, suffix, row in (
        ("conv", "", _conv),
        ("conv", "_input_grad", _conv_input_grad),
        ("conv", "_weight_grad", _conv_weight_grad),
        ("conv_transpose", "", _conv_transpose),
    ) for axes in (1, 2, 3)
}

WRITTEN: dict[str, Row] = {
    "affine":                 lambda x, m, a, b=0.0: (x - m) * a + b,
    "cbrt":                   lambda x: torch.sign(x) * torch.abs(x) ** (1 / 3),
    "channel_sums":           _channel_sums,
    "cofactor":               lambda x: torch.linalg.det(x)[..., None, None] * torch.linalg.inv(x).mT,
    "correlate":              lambda a, v, mode: _convolve(a, v.conj().resolve_conj().flip(0), mode),
    "damping":                lambda x, alpha, k, before, after: k + alpha * _channel_sums(
                                  x**2, before=before, after=after),
    "floor_divide":           lambda x, y: torch.floor(x / y),
    "getitem":                lambda x, index: x.ravel()[_flat_indices(x.shape, index)],
    "hard_sigmoid":           lambda x: F.relu6(x + 3) / 6,  # its own divides by 6 in single precision
    "interp":                 _interp,
    "lower_half":             lambda x: (torch.tril(x) + torch.tril(x, -1)) / 2,
    "nll_loss":               lambda y, t, axis: -torch.sum(t * y, axis),
    "pad":                    _pad,
    "partition":              lambda x, kth, axis: torch.take_along_dim(
                                  x, torch.tensor(x.detach().numpy().argpartition(kth, axis)), axis),
    "products_of_others":     _others,
    "positive_power":         lambda x, exponent: x**exponent,
    "quotient":               lambda a, b: a / b,
    "reciprocal_gaps":        _gaps,
    "recurrence":             _recurrence,
    "scatter":                lambda v, index, shape: _scatter(v, _flat_indices(shape, index), shape),
    "spread":                 _spread,
    "standardize":            _standardize,
    "sum_squared_error":      lambda y, t: F.mse_loss(y, t, reduction="sum") / 2,
    "trace":                  lambda x, offset, axis1, axis2: torch.diagonal(x, offset, axis1, axis2).sum(-1),
    "upsample_input_grad":    _upsample_input_grad,
}
# fmt: on

for _d in (1, 2, 3):
    OWN |= {
        f"max_pool{_d}d": _max_pool,
        f"avg_pool{_d}d": _avg_pool,
        f"lp_pool{_d}d": _lp_pool,
        f"adaptive_avg_pool{_d}d": partial(_adaptive, kind="avg"),
        f"adaptive_max_pool{_d}d": partial(_adaptive, kind="max"),
    }
    WRITTEN |= {
        f"unpool{_d}d": lambda y, switches, size, **window: _scatter(
            y, _pixels(switches, size, y.shape[1], **window), (*y.shape[:2], *size)
        ),
        f"pick{_d}d": lambda x, switches, **window: x.ravel()[_pixels(switches, x.shape[2:], x.shape[1], **window)],
        f"sum_pool{_d}d": _sum_pool,
        f"sum_unpool{_d}d": _sum_unpool,
    }

LACKING: dict[str, str] = {}


PYTORCH = Library(
    "PyTorch", "torch", OWN, WRITTEN, LACKING, _tensor, lambda t: t.detach().resolve_conj().numpy(), _pull
)
