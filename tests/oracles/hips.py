"""HIPS autograd's function for each operation. Can be read without it, to list the operations that are compared.

It wraps NumPy's functions and has derivatives for most of them, but not for all parameters. Where one is missing, the
row is composed of others; elements are selected by an index, which it can differentiate for any shape.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from minigrad.rules.linalg.decompositions.eig import EigResult
from tests.oracles import hips_functions as own
from tests.oracles.library import Library, Row

try:
    import autograd.numpy as anp
    from autograd import make_vjp
    from autograd.numpy import fft, linalg
    from autograd.scipy import special
    from autograd.tracer import getval
except ImportError:  # the documentation lists the rows, and is built without it
    anp = make_vjp = fft = linalg = special = getval = None

__all__ = ["HIPS"]


def _pull(f: Callable[..., Any], arrays: Any, seed: Callable[[Any], Any]) -> tuple[Any, list[Any]]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent of input")
        pull, y = make_vjp(lambda xs: f(*[xs[i] for i in range(len(arrays))]))(tuple(map(np.array, arrays)))
    return y, list(pull(seed(np.shape(y))))


#: autograd.numpy has these NumPy functions, with their derivatives.
SAME = (
    "abs add angle arccos arccosh arcsin arcsinh arctan arctan2 arctanh atleast_1d atleast_2d atleast_3d "
    "column_stack conj cos cosh deg2rad divide dot dsplit exp exp2 expand_dims expm1 fliplr flipud fmax fmin hstack "
    "imag inner kron log log10 log1p log2 logaddexp logaddexp2 matmul max maximum mean min minimum moveaxis "
    "multiply negative power rad2deg ravel real reciprocal remainder select sign sin sinh split sqrt square squeeze "
    "std subtract sum swapaxes tan tanh tensordot transpose var vsplit vstack"
)

# fmt: off
OWN: dict[str, Row] = {
    "cross":                 lambda x, y: anp.cross(x + 0 * y, y + 0 * x),  # it does not broadcast
    "diag":                  lambda v, k=0: anp.diag(v, k) if v.ndim == 1 else NotImplemented,
    "clip":                  lambda x, low, high: (
                                 NotImplemented if np.shape(low) or np.shape(high) else anp.clip(x, low, high)),
    "diff":                  lambda x, n=1, axis=-1, **ends: (
                                 NotImplemented if ends or n >= x.shape[axis] else anp.diff(x, n, axis)),
    "hsplit":                lambda x, n: anp.hsplit(x, n) if x.ndim > 1 else NotImplemented,
    "outer":                 lambda x, y: anp.outer(anp.ravel(x), anp.ravel(y)),
    "rollaxis":              lambda x, i, to: NotImplemented if min(i, to) < 0 else anp.rollaxis(x, i, to),
    "rot90":                 lambda x, k=1, axes=None: anp.rot90(x, k) if axes is None else NotImplemented,
    "append":                lambda x, values, axis=None: anp.append(x, values, axis),
    "cholesky":              lambda x: linalg.cholesky(x),
    "concatenate":           lambda *xs, axis: anp.concatenate(xs, axis),
    "cumsum":                lambda x, axis: anp.cumsum(x, axis),
    "det":                   lambda x: linalg.det(x),
    "eigenvalues":           lambda x, UPLO="L": linalg.eigh(x, UPLO)[0],
    "eigenvectors":          lambda x, UPLO="L": linalg.eigh(x, UPLO)[1],
    "eig":                   lambda x: EigResult(*map(own.real_if_real, linalg.eig(x))),
    "general_eigenvalues":   lambda x: own.real_if_real(linalg.eig(x)[0]),
    "general_eigenvectors":  lambda x: own.real_if_real(linalg.eig(x)[1]),
    "left_eigenvectors":     lambda x: linalg.inv(x),
    "einsum":                lambda *xs, subscripts, optimize: (
                                 (anp.einsum if own.plain_einsum(subscripts, *xs) else own.einsum)(subscripts, *xs)),
    "bessel":                lambda x, order: special.jn(order, x),
    "betainc":               lambda x, a, b: special.betainc(a, b, x),
    "gammainc":              lambda x, a: special.gammainc(a, x),
    "gammaincc":             lambda x, a: special.gammaincc(a, x),
    "polygamma":             lambda x, order: special.polygamma(order, x),
    "scaled_modified_bessel": lambda x, order: special.ive(order, x),
    "second_kind_bessel":    lambda x, order: special.yn(order, x),
    "fft":                   lambda x, n, axis, norm: fft.fft(x, n, axis, norm),
    "ifft":                  lambda x, n, axis, norm: fft.ifft(x, n, axis, norm),
    "irfft":                 lambda x, n, axis, norm: (
                                 own.irfft if n % 2 or norm == "forward" else fft.irfft)(x, n, axis, norm),
    "rfft":                  lambda x, n, axis, norm: (  # its rules of these two do not know the norm "forward"
                                 own.rfft if n % 2 or norm == "forward" else fft.rfft)(x, n, axis, norm),
    "fftshift":              lambda x, axes: fft.fftshift(x, axes),
    "ifftshift":             lambda x, axes: fft.ifftshift(x, axes),
    "inv":                   lambda x: linalg.inv(x),
    "left_singular_vectors": lambda x: linalg.svd(x, full_matrices=False)[0],
    "logabsdet":             lambda x: linalg.slogdet(x)[1],
    "logsumexp":             lambda x, axis, keepdims: (
                                 (special.logsumexp if x.ndim else own.logsumexp)(x, axis, 1.0, keepdims)),
    "modulus":               lambda x: anp.abs(x),
    "pinv":                  lambda x, rcond, hermitian=False: linalg.pinv(x),
    "reshape":               lambda x, shape, copy=False: anp.reshape(x, shape),
    "right_singular_vectors": lambda x: linalg.svd(x, full_matrices=False)[2],
    "sigmoid":               lambda x: special.expit(x),
    "singular_values":       lambda x: linalg.svd(x, full_matrices=False)[1],
    "solve":                 lambda A, b: (linalg.solve(A, b) if A.shape[:-2] == b.shape[:-2] else
                                 anp.matmul(linalg.inv(A), b)),
    "stack":                 lambda *xs, axis: anp.stack(xs, axis),
} | {name: lambda *args, f=name, **how: getattr(anp, f)(*args, **how) for name in SAME.split()} | {
    name: lambda *args, f=name: getattr(special, f)(*args)
    for name in ("beta", "betaln", "erf", "erfc", "erfcinv", "erfinv", "gamma", "gammaln", "logit", "rgamma")
}

WRITTEN: dict[str, Row] = {
    "all_left_singular_vectors": lambda x: own.svd(x)[0],
    "all_right_singular_vectors": lambda x: own.svd(x)[2],
    "all_singular_values":   lambda x: own.svd(x)[1],
    "affine":                lambda x, m, a, b=0.0: (x - m) * a + b,
    "at_least":              lambda x, low: anp.maximum(x, low),
    "determinant_sign":      lambda x: linalg.det(x) / anp.abs(linalg.det(x)),
    "at_most":               lambda x, high: anp.minimum(x, high),
    "astype":                lambda x, dtype: 1.0 * x,
    "to":                    lambda x, device: 1.0 * x,
    "binary_cross_entropy":  lambda y, t: -(t * anp.log(y) + (1 - t) * anp.log(1 - y)),
    "binary_cross_entropy_with_logits": lambda z, t: anp.logaddexp(0.0, z) - t * z,
    "broadcast_to":          lambda x, shape: x + np.zeros(shape),
    "cbrt":                  lambda x: anp.sign(x) * anp.abs(x) ** (1 / 3),
    "channel_sums":          own.channel_sums,
    "cofactor":              lambda x: linalg.det(x)[..., None, None] * anp.swapaxes(linalg.inv(x), -1, -2),
    "convolve":              own.convolve,
    "copy":                  lambda x: 1.0 * x,
    "copysign":              lambda x, y: anp.abs(x) * anp.sign(y),
    "correlate":             lambda a, v, mode: own.convolve(a, anp.conj(v)[::-1], mode),
    "cumprod":               own.cumprod,
    "damping":               lambda x, alpha, k, before, after: k + alpha * own.channel_sums(
                                 x**2, before=before, after=after),
    "diagonal":              lambda x, offset, axis1, axis2: own.moved(x, lambda i: i.diagonal(offset, axis1, axis2)),
    "entr":                  lambda x: -x * anp.log(x),
    "erfcx":                 lambda x, order: (2 * x if order else 1) * anp.exp(x**2) * special.erfc(x) - (
                                 2 / np.sqrt(np.pi) if order else 0),
    "log_ndtr":              lambda x: anp.log(special.erfc(-x / np.sqrt(2)) / 2),
    "elu":                   lambda x, alpha: own.where(x > 0, x, alpha * (anp.exp(x) - 1)),
    "flip":                  lambda x, axis: own.moved(x, lambda i: np.flip(i, axis)),
    "floor_divide":          lambda x, y: anp.floor(x / y),
    "fmod":                  lambda x, y: x - y * anp.trunc(x / y),
    "getitem":               lambda x, index: x[index],
    "group_mean":            own.group_mean,
    "heaviside":             lambda x, y: own.where(x == 0, y, 1.0 * (x > 0)),
    "hard_tanh":             lambda x, low, high: anp.minimum(anp.maximum(x, low), high),
    "huber":                 lambda x, delta: own.where(
                                 anp.abs(x) <= delta, x**2 / 2, delta * (anp.abs(x) - delta / 2)),
    "hypot":                 lambda x, y: anp.sqrt(x**2 + y**2),
    "interp":                own.interp,
    "kl_div":                lambda y, t: t * (anp.log(t) - y),
    "leaky_relu":            lambda x, slope: own.where(x > 0, x, slope * x),
    "linear":                lambda x, W, b=0.0: anp.dot(x, W.T) + b,
    "local_response_norm":   own.local_response_norm,
    "log_sigmoid":           lambda x: -anp.logaddexp(0.0, -x),
    "log_softmax":           lambda x, axis: x - own.logsumexp(x, axis),
    "ldexp":                 lambda x, n: x * 2.0**n,
    "lstsq":                 lambda a, b, rcond=None: anp.dot(linalg.pinv(a), b),
    "lower_half":            lambda x: (anp.tril(x) + anp.tril(x, -1)) / 2,
    "mse_loss":              lambda y, t: anp.mean((y - t) ** 2),
    "modified_bessel":       lambda x, order: special.iv(order, x),
    "modf":                  lambda x: x - anp.trunc(x),
    "nan_to_num":            lambda x, **how: own.where(np.isfinite(getval(x)), x, np.nan_to_num(getval(x), **how)),
    "nll_loss":              lambda y, t, axis: -anp.sum(t * y, axis),
    "norm":                  own.norm,
    "ndtr":                  lambda x: (1 + special.erf(x / np.sqrt(2))) / 2,
    "ndtri":                 lambda x: np.sqrt(2) * special.erfinv(2 * x - 1),
    "on_diagonal":           lambda v, offset, axis1, axis2, shape: (
                                 own.scatter(v, own.diagonal_of(shape, offset, axis1, axis2), shape)),
    "pad":                   own.border,
    "padded_embedding":      lambda W, index, padding_idx: W[index],
    "partition":             lambda x, kth, axis: own.ordered(x, np.argpartition(getval(x), kth, axis), axis),
    "prod":                  own.prod,
    "products_of_others":    own.others,
    "positive_power":        lambda x, exponent: x**exponent,
    "quotient":              lambda a, b: a / b,
    "reciprocal_gaps":       own.gaps,
    "recurrence":            own.recurrence,
    "rel_entr":              lambda x, y: x * (anp.log(x) - anp.log(y)),
    "relu":                  lambda x: anp.maximum(x, 0.0),
    "relu6":                 lambda x: anp.minimum(anp.maximum(x, 0.0), 6.0),
    "reorder":               lambda x, order, axis: own.ordered(x, order, axis),
    "repeat":                lambda x, repeats, axis: own.moved(x, lambda i: np.repeat(i, repeats, axis)),
    "roll":                  lambda x, shift, axis: own.moved(x, lambda i: np.roll(i, shift, axis)),
    "scatter":               own.scatter,
    "sinc":                  lambda x, order: own.sinc(x),
    "softmax":               lambda x, axis: anp.exp(x - own.logsumexp(x, axis)),
    "softmax_cross_entropy": own.cross_entropies,
    "softplus":              lambda x: anp.logaddexp(0.0, x),
    "sort":                  lambda x, axis: own.ordered(x, np.argsort(getval(x), axis), axis),
    "spread":                own.spread,
    "standardize":           own.standardize,
    "sum_squared_error":     lambda y, t: anp.sum((y - t) ** 2) / 2,
    "tile":                  lambda x, reps: own.moved(x, lambda i: np.tile(i, reps)),
    "trace":                 lambda x, offset, axis1, axis2: (
                                 anp.sum(own.moved(x, lambda i: i.diagonal(offset, axis1, axis2)), axis=-1)),
    "tril":                  lambda x, k: x * np.tril(np.ones(x.shape), k),
    "triu":                  lambda x, k: x * np.triu(np.ones(x.shape), k),
    "unwrap":                lambda x, discont, axis, period: x + (
                                 np.unwrap(getval(x), discont, axis, period=period) - getval(x)),
    "where":                 own.where,
    "xlog1py":               lambda x, y: x * anp.log1p(y),
    "xlogy":                 lambda x, y: x * anp.log(y),
} | {
    f"conv{axes}d{suffix}": row for axes in (1, 2, 3) for suffix, row in (
        ("", own.conv), ("_input_grad", own.conv_input_grad), ("_weight_grad", own.conv_weight_grad)
    )
}
# fmt: on

LACKING: dict[str, str] = {
    name: reason
    for names, reason in {
        "upsample upsample_input_grad": "it does not resample images",
        "roots": "it has no derivative of complex eigenvalues of real matrices, nor of coefficients put into one",
        "qr qr_q qr_r": "it has no derivative of the QR decomposition",
    }.items()
    for name in names.split()
} | {
    f"{name}{d}d": "it has no pooling"
    for name in (
        "max_pool", "unpool", "pick", "sum_pool", "sum_unpool", "avg_pool", "lp_pool",
        "adaptive_avg_pool", "adaptive_max_pool",
    )
    for d in (1, 2, 3)
}  # fmt: skip

HIPS = Library(
    "HIPS autograd", "autograd", OWN, WRITTEN, LACKING, lambda a: np.array(a)[()], lambda y: getval(y), _pull
)
