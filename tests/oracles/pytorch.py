"""PyTorch's function for each operation. Can be read without PyTorch, to list the operations that are compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from minigrad.rules.linalg.decompositions.eig import EigResult
from tests.oracles import pytorch_functions as own
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
    return y.detach().resolve_conj().numpy(), [x_bar.resolve_conj().numpy() for x_bar in x_bars]


#: PyTorch has a function with this name and these arguments.
SAME = (
    "abs add angle arccos arccosh arcsin arcsinh arctan arctan2 arctanh atleast_1d atleast_2d atleast_3d "
    "column_stack conj copysign cos cosh deg2rad divide dsplit dstack erf erfc erfinv exp exp2 expm1 fliplr flipud "
    "float_power fmax fmin fmod hsplit hstack hypot imag inner kron log log10 log1p log2 logaddexp logaddexp2 logit "
    "matmul maximum minimum moveaxis multiply negative rad2deg ravel real reciprocal relu remainder rot90 sigmoid sign "
    "sin sinh sqrt square subtract swapaxes tan tanh vsplit vstack where xlogy"
)

# fmt: off
OWN: dict[str, Row] = {
    "all_left_singular_vectors": lambda x: own.svd(x).U,
    "all_right_singular_vectors": lambda x: own.svd(x).Vh,
    "all_singular_values":    lambda x: own.svd(x).S,
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
    "cond":                   lambda x, p=None: (  # for other norms its inverse is written into
                                  torch.linalg.cond(x, p) if p in (None, 2, -2) else NotImplemented),
    "convolve":               own.convolve,
    "copy":                   lambda x: torch.clone(x),
    "corrcoef":               lambda x, y=None, rowvar=True: (
                                  torch.corrcoef(x if rowvar else x.T) if y is None else NotImplemented),
    "cosine_embedding_loss":  lambda a, b, target, **how: F.cosine_embedding_loss(a, b, torch.tensor(target), **how),
    "cov":                    own.cov,
    "cross":                  lambda x, y: torch.linalg.cross(*torch.broadcast_tensors(x, y)),
    "cross_entropy":          lambda z, t: F.cross_entropy(z, t),
    "cumprod":                lambda x, axis: torch.cumprod(x, axis),
    "cumsum":                 lambda x, axis: torch.cumsum(x, axis),
    "det":                    lambda x: torch.linalg.det(x),
    "determinant_sign":       lambda x: torch.linalg.slogdet(x).sign,
    "diag":                   lambda x, k=0: torch.diag(x, k),
    "diagflat":               lambda x, k=0: torch.diagflat(x, k),
    "diagonal":               lambda x, offset, axis1, axis2: torch.diagonal(x, offset, axis1, axis2),
    "diff":                   lambda x, n=1, axis=-1, **ends: (
                                  torch.diff(x, n, axis, **ends) if all(end.ndim for end in ends.values()) else
                                  NotImplemented),
    "eigenvalues":            lambda x, UPLO="L": torch.linalg.eigh(x, UPLO).eigenvalues,
    "eigenvectors":           lambda x, UPLO="L": torch.linalg.eigh(x, UPLO).eigenvectors,
    "eigh":                   lambda x, UPLO="L": torch.linalg.eigh(x, UPLO),
    "eigvalsh":               lambda x, UPLO="L": torch.linalg.eigvalsh(x, UPLO),
    "eig":                    lambda x: EigResult(*torch.linalg.eig(x)),
    "eigvals":                lambda x: torch.linalg.eigvals(x),
    "general_eigenvalues":    lambda x: torch.linalg.eigvals(x),
    "general_eigenvectors":   lambda x: torch.linalg.eig(x).eigenvectors,
    "left_eigenvectors":      lambda x: torch.linalg.inv(x),
    "lstsq":                  lambda a, b, rcond: own.lstsq(a, b),
    "einsum":                 lambda *xs, subscripts, optimize: torch.einsum(subscripts, *xs),
    "elu":                    lambda x, alpha: torch.where(x > 0, x, alpha * F.elu(x)) if alpha.requires_grad else (
                                  F.elu(x, alpha.item())),
    "fft":                    lambda x, n, axis, norm: torch.fft.fft(x, n, axis, norm),
    "fft2":                   lambda x, **how: torch.fft.fft2(x, **how),
    "fftn":                   lambda x, s=None, axes=None, norm=None: torch.fft.fftn(x, s, axes, norm),
    "fftshift":               lambda x, axes: torch.fft.fftshift(x, axes),
    "flip":                   lambda x, axis: torch.flip(x, own.all_axes(x, axis)),
    "gaussian_nll_loss":      lambda y, t, var, **how: F.gaussian_nll_loss(y, t, var, **how),
    "gammainc":               lambda x, a: torch.special.gammainc(torch.full_like(x, a), x),
    "gammaincc":              lambda x, a: torch.special.gammaincc(torch.full_like(x, a), x),
    "gammaln":                lambda x: torch.lgamma(x),
    "gelu":                   lambda x, approximate="none": F.gelu(x, approximate=approximate),
    "celu":                   lambda x, alpha=1.0: F.celu(x, alpha),
    "heaviside":              lambda x, y: torch.where(x == 0, y, (x > 0) + 0 * x),
    "hfft":                   lambda x, n=None, axis=-1, norm=None: torch.fft.hfft(x, n, axis, norm),
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
    "ihfft":                  lambda x, n=None, axis=-1, norm=None: torch.fft.ihfft(x, n, axis, norm),
    "instance_norm":          lambda x, eps: F.instance_norm(x, eps=eps),
    "inv":                    lambda x: torch.linalg.inv(x),
    "irfft":                  lambda x, n, axis, norm: torch.fft.irfft(x, n, axis, norm),
    "irfft2":                 lambda x, **how: torch.fft.irfft2(x, **how),
    "irfftn":                 lambda x, s=None, axes=None, norm=None: torch.fft.irfftn(x, s, axes, norm),
    "layer_norm":             lambda x, normalized_shape, eps: F.layer_norm(x, own.several(normalized_shape), eps=eps),
    "kl_div":                 lambda y, t: F.kl_div(y, t, reduction="none"),
    "l1_loss":                lambda y, t, **how: F.l1_loss(y, t, **how),
    "ldexp":                  lambda x, n: torch.ldexp(x, n),
    "leaky_relu":             lambda x, slope: torch.where(x > 0, x, slope * x) if slope.requires_grad else (
                                  F.leaky_relu(x, slope.item())),
    "left_singular_vectors":  lambda x: torch.linalg.svd(x, full_matrices=False).U,
    "linear":                 lambda x, W, b=None: F.linear(x, W, b),
    "local_response_norm":    lambda x, size, alpha, beta, k: F.local_response_norm(x, size, alpha, beta, k),
    "log_sigmoid":            lambda x: F.logsigmoid(x),
    "log_softmax":            lambda x, axis: own.back(torch.log_softmax(own.rows(x, axis), -1), x, axis),
    "logabsdet":              lambda x: torch.linalg.slogdet(x).logabsdet,
    "logsumexp":              lambda x, axis, keepdims: torch.logsumexp(x, own.all_axes(x, axis), keepdims),
    "margin_ranking_loss":    lambda a, b, target, **how: F.margin_ranking_loss(a, b, torch.tensor(target), **how),
    "matrix_norm":            lambda x, keepdims=False, ord="fro": torch.linalg.matrix_norm(x, ord, keepdim=keepdims),
    "matrix_power":           lambda x, n: torch.linalg.matrix_power(x, n),
    "matrix_transpose":       lambda x: x.mT,
    "max":                    lambda x, axis, keepdims: torch.amax(x, own.all_axes(x, axis), keepdims),
    "mean":                   lambda x, axis, keepdims: torch.mean(x, axis, keepdims),
    "median":                 lambda x, **how: own.quantile(x, 0.5, **how),
    "meshgrid":               lambda *xs, indexing="xy", sparse=False: (
                                  NotImplemented if sparse else torch.meshgrid(*xs, indexing=indexing)),
    "min":                    lambda x, axis, keepdims: torch.amin(x, own.all_axes(x, axis), keepdims),
    "mish":                   lambda x: F.mish(x),
    "mse_loss":               lambda y, t: F.mse_loss(y, t),
    "modulus":                lambda x: torch.abs(x),
    "multi_dot":              lambda xs: torch.linalg.multi_dot(xs),
    "multi_margin_loss":      lambda y, target, weight=None, **how: F.multi_margin_loss(y, torch.tensor(target), **how,
                                  weight=None if weight is None else torch.tensor(weight, dtype=y.dtype)),
    "modf":                   lambda x: torch.frac(x),
    "nan_to_num":             lambda x, **how: torch.nan_to_num(x, **how),
    "nanmean":                lambda x, axis=None, keepdims=False, **more: (
                                  NotImplemented if more else torch.nanmean(x, axis, keepdims)),
    "nanmedian":              lambda x, **how: own.quantile(x, 0.5, ignore=True, **how),
    "nanpercentile":          lambda x, q, **how: own.quantile(x, np.true_divide(q, 100), ignore=True, **how),
    "nanquantile":            lambda x, q, **how: own.quantile(x, q, ignore=True, **how),
    "nansum":                 lambda x, axis=None, keepdims=False, **more: (
                                  NotImplemented if more else torch.nansum(x, axis, keepdims)),
    "norm":                   lambda x, ord, axis, keepdims: torch.linalg.vector_norm(x, ord, axis, keepdims),
    "on_diagonal":            lambda x, offset, axis1, axis2, shape: (
                                  torch.diagonal_scatter(torch.zeros(shape, dtype=x.dtype), x, offset, axis1, axis2)),
    "outer":                  lambda x, y: torch.outer(x.ravel(), y.ravel()),
    "percentile":             lambda x, q, axis: own.quantile(x, np.true_divide(q, 100), axis),
    "pinv":                   lambda x, rcond, hermitian=False: torch.linalg.pinv(x, rtol=rcond, hermitian=hermitian),
    "pixel_shuffle":          lambda x, upscale_factor: F.pixel_shuffle(x, upscale_factor),
    "poisson_nll_loss":       lambda y, t: F.poisson_nll_loss(y, t),
    "power":                  lambda x, y: torch.pow(x, y),
    "prod":                   lambda x, axis, keepdims: (
                                  own.reduced(torch.prod(own.rows(x, axis), -1), x, axis, keepdims)),
    "qr":                     lambda x, mode="reduced": torch.linalg.qr(x) if mode == "reduced" else NotImplemented,
    "qr_q":                   lambda x: torch.linalg.qr(x).Q,
    "qr_r":                   lambda x: torch.linalg.qr(x).R,
    "quantile":               own.quantile,
    "reorder":                lambda x, order, axis: torch.take_along_dim(x, torch.tensor(order), axis),
    "repeat":                 lambda x, repeats, axis: torch.repeat_interleave(x, torch.tensor(repeats), axis),
    "reshape":                lambda x, shape, copy=False: torch.reshape(x, own.several(shape)),
    "rfft":                   lambda x, n, axis, norm: torch.fft.rfft(x, n, axis, norm),
    "rfft2":                  lambda x, **how: torch.fft.rfft2(x, **how),
    "rfftn":                  lambda x, s=None, axes=None, norm=None: torch.fft.rfftn(x, s, axes, norm),
    "right_singular_vectors": lambda x: torch.linalg.svd(x, full_matrices=False).Vh,
    "rms_norm":               lambda x, normalized_shape, eps: F.rms_norm(x, own.several(normalized_shape), eps=eps),
    "roll":                   lambda x, shift, axis: torch.roll(x, *own.shifts(shift, axis)),
    "roots":                  own.roots,
    "selu":                   lambda x: F.selu(x),
    "silu":                   lambda x: F.silu(x),
    "sinc":                   lambda x, order: torch.sinc(x),
    "singular_values":        lambda x: torch.linalg.svdvals(x),
    "slogdet":                lambda x: torch.linalg.slogdet(x),
    "smooth_l1_loss":         lambda y, t, **how: F.smooth_l1_loss(y, t, **how),
    "soft_margin_loss":       lambda y, target: F.soft_margin_loss(y, torch.tensor(target)),
    "softmax":                lambda x, axis: own.back(torch.softmax(own.rows(x, axis), -1), x, axis),
    "softmax_cross_entropy":  own.cross_entropies,
    "padded_embedding":       lambda W, index, padding_idx: F.embedding(torch.tensor(index), W, padding_idx),
    "prelu":                  lambda x, w: F.prelu(x, w),
    "relu6":                  lambda x: F.relu6(x),
    "softplus":               lambda x, beta=1.0, threshold=20.0: F.softplus(x, beta, threshold),
    "solve":                  lambda A, b: torch.linalg.solve(A, b),
    "sort":                   lambda x, axis: torch.sort(x, axis).values,
    "split":                  lambda x, n, axis=0: torch.tensor_split(x, n, axis),
    "squeeze":                lambda x, axis=None: torch.squeeze(x, own.all_axes(x, axis)),
    "stack":                  lambda *xs, axis: torch.stack(xs, axis),
    "std":                    lambda x, axis, ddof, keepdims: torch.std(x, axis, correction=ddof, keepdim=keepdims),
    "sum":                    lambda x, axis, keepdims: torch.sum(x, axis, keepdims),
    "svd":                    lambda x, full_matrices=True, compute_uv=True: NotImplemented if not compute_uv else (
                                  own.svd(x) if full_matrices else torch.linalg.svd(x, False)),
    "svdvals":                lambda x: torch.linalg.svdvals(x),
    "take_along_axis":        lambda x, indices, axis: torch.take_along_dim(x, torch.tensor(indices), axis),
    "tensordot":              lambda x, y, axes: (
                                  torch.tensordot(x, y, axes if isinstance(axes, int) else [*map(own.several, axes)])),
    "tensorinv":              lambda a, ind=2: torch.linalg.tensorinv(a, ind),
    "tensorsolve":            lambda a, b, axes=None: torch.linalg.tensorsolve(a, b, axes),
    "tile":                   lambda x, reps: torch.tile(x, own.several(reps)),
    "transpose":              lambda x, axes: torch.permute(x, axes or tuple(range(x.ndim))[::-1]),
    "trapezoid":              lambda y, x=None, dx=None, axis=-1: (
                                  torch.trapezoid(y, x, dim=axis) if dx is None else torch.trapezoid(y, dx=dx)),
    "triplet_margin_loss":    lambda a, p, n, **how: F.triplet_margin_loss(a, p, n, **how),
    "tril":                   lambda x, k: torch.tril(x if x.ndim > 1 else x.expand(len(x), -1), k),
    "triu":                   lambda x, k: torch.triu(x if x.ndim > 1 else x.expand(len(x), -1), k),
    "upsample":               own.upsample,
    "vander":                 lambda x, N=None, increasing=False: NotImplemented if N == 1 else (
                                  torch.linalg.vander(x, N=N).flip(() if increasing else (1,))),
    "var":                    lambda x, axis, ddof, keepdims: torch.var(x, axis, correction=ddof, keepdim=keepdims),
    "vdot":                   lambda x, y: torch.vdot(x.ravel(), y.ravel()),
    "vecdot":                 lambda x, y, axis=-1: torch.linalg.vecdot(x.movedim(axis, -1), y.movedim(axis, -1)),
    "vector_norm":            lambda x, ord=2, axis=None: torch.linalg.vector_norm(x, ord, axis),
} | {name: lambda *args, f=name: getattr(torch, f)(*args) for name in SAME.split()} | {
    name: lambda *args, f=name: getattr(torch.special, f)(*args)
    for name in ("entr", "i0e", "log_ndtr", "i1", "i1e", "ndtr", "ndtri", "xlog1py")
} | {
    f"{prefix}{axes}d{suffix}": row for prefix, suffix, row in (
        ("conv", "", own.conv),
        ("conv", "_input_grad", own.conv_input_grad),
        ("conv", "_weight_grad", own.conv_weight_grad),
        ("conv_transpose", "", own.conv_transpose),
    ) for axes in (1, 2, 3)
}

WRITTEN: dict[str, Row] = {
    "affine":                 lambda x, m, a, b=0.0: (x - m) * a + b,
    "beta":                   lambda x, y: torch.exp(own.betaln(x, y)),
    "betaln":                 lambda x, y: own.betaln(x, y),
    "cbrt":                   lambda x: torch.sign(x) * torch.abs(x) ** (1 / 3),
    "channel_sums":           own.channel_sums,
    "cofactor":               lambda x: torch.linalg.det(x)[..., None, None] * torch.linalg.inv(x).mT,
    "correlate":              lambda a, v, mode: own.convolve(a, v.conj().resolve_conj().flip(0), mode),
    "damping":                lambda x, alpha, k, before, after: k + alpha * own.channel_sums(
                                  x**2, before=before, after=after),
    "erfcinv":                lambda x: torch.erfinv(1 - x),
    "erfcx":                  lambda x, order: (2 * x if order else 1) * torch.special.erfcx(x) - (
                                  2 / np.sqrt(np.pi) if order else 0),
    "floor_divide":           lambda x, y: torch.floor(x / y),
    "gamma":                  lambda x: own.gamma_sign(x) * torch.exp(torch.lgamma(x)),
    "getitem":                lambda x, index: x.ravel()[own.flat_indices(x.shape, index)],
    "group_mean":             own.group_mean,
    "hard_sigmoid":           lambda x: F.relu6(x + 3) / 6,  # its own divides by 6 in single precision
    "interp":                 own.interp,
    "lower_half":             lambda x: (torch.tril(x) + torch.tril(x, -1)) / 2,
    "modified_bessel":        own.modified_bessel,
    "nll_loss":               lambda y, t, axis: -torch.sum(t * y, axis),
    "pad":                    own.pad,
    "partition":              lambda x, kth, axis: torch.take_along_dim(
                                  x, torch.tensor(x.detach().numpy().argpartition(kth, axis)), axis),
    "products_of_others":     own.others,
    "positive_power":         lambda x, exponent: x**exponent,
    "quotient":               lambda a, b: a / b,
    "reciprocal_gaps":        own.gaps,
    "recurrence":             own.recurrence,
    "rel_entr":               lambda x, y: x * (torch.log(x) - torch.log(y)),
    "rgamma":                 lambda x: own.gamma_sign(x) * torch.exp(-torch.lgamma(x)),
    "scaled_modified_bessel": lambda x, order: torch.exp(-torch.abs(x)) * own.modified_bessel(x, order),
    "scatter":                lambda v, index, shape: own.scatter(v, own.flat_indices(shape, index), shape),
    "spread":                 own.spread,
    "standardize":            own.standardize,
    "sum_squared_error":      lambda y, t: F.mse_loss(y, t, reduction="sum") / 2,
    "trace":                  lambda x, offset, axis1, axis2: torch.diagonal(x, offset, axis1, axis2).sum(-1),
    "unwrap":                 lambda x, discont, axis, period: x + torch.tensor(
                                  np.unwrap(x.detach(), discont, axis, period=period) - x.detach().numpy()),
    "upsample_input_grad":    own.upsample_input_grad,
}
# fmt: on

for _d in (1, 2, 3):
    OWN |= {
        f"max_pool{_d}d": own.max_pool,
        f"avg_pool{_d}d": own.avg_pool,
        f"lp_pool{_d}d": own.lp_pool,
        f"adaptive_avg_pool{_d}d": partial(own.adaptive, kind="avg"),
        f"adaptive_max_pool{_d}d": partial(own.adaptive, kind="max"),
    }
    WRITTEN |= {
        f"unpool{_d}d": lambda y, switches, size, **window: own.scatter(
            y, own.pixels(switches, size, y.shape[1], **window), (*y.shape[:2], *size)
        ),
        f"pick{_d}d": lambda x, switches, **window: x.ravel()[own.pixels(switches, x.shape[2:], x.shape[1], **window)],
        f"sum_pool{_d}d": own.sum_pool,
        f"sum_unpool{_d}d": own.sum_unpool,
    }

LACKING: dict[str, str] = {
    name: reason
    for names, reason in {
        "bessel second_kind_bessel j0 j1 jn y0 y1 yn": "its Bessel functions of these kinds have no derivative",
        "betainc": "it has no incomplete beta function",
        "digamma polygamma": "its derivative of the digamma function has nine digits",
    }.items()
    for name in names.split()
}


PYTORCH = Library(
    "PyTorch", "torch", OWN, WRITTEN, LACKING, _tensor, lambda t: t.detach().resolve_conj().numpy(), _pull
)
