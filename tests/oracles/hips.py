"""HIPS autograd's function for each operation. Can be read without it, to list the operations that are compared.

It wraps NumPy's functions and has derivatives for most of them, but not for all parameters. Where one is missing, the
row is composed of others; elements are selected by an index, which it can differentiate for any shape.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from minigrad.rules.linalg.decompositions.eig import EigResult
from tests.oracles.library import Library, Row

try:
    import autograd.numpy as anp
    from autograd import make_vjp
    from autograd.numpy import fft, linalg
    from autograd.scipy import signal, special
    from autograd.tracer import getval
except ImportError:  # the documentation lists the rows, and is built without it
    anp = make_vjp = fft = linalg = signal = special = getval = None

__all__ = ["HIPS"]


def _pull(f: Callable[..., Any], arrays: Any, seed: Callable[[Any], Any]) -> tuple[Any, list[Any]]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent of input")
        pull, y = make_vjp(lambda xs: f(*[xs[i] for i in range(len(arrays))]))(tuple(map(np.array, arrays)))
    return y, list(pull(seed(np.shape(y))))


# ---------------------------------------------------------------- functions without a derivative of their own


def _moved(x: Any, rearrange: Row) -> Any:
    """x rearranged as `rearrange` does with the indices of its elements."""
    return anp.ravel(x)[rearrange(np.arange(x.size).reshape(x.shape))]


def _ordered(x: Any, order: Any, axis: int) -> Any:
    return _moved(x, lambda numbers: np.take_along_axis(numbers, order, axis))


def _scatter(v: Any, index: Any, shape: Any) -> Any:
    """The elements times a matrix that places them."""
    positions = np.ravel(np.arange(np.prod(shape, dtype=int)).reshape(shape)[index])
    matrix = np.zeros((np.prod(shape, dtype=int), v.size))
    matrix[positions, np.arange(v.size)] = 1
    return anp.reshape(anp.dot(matrix, anp.ravel(v)), shape)


def _diagonal_of(shape: Any, *which: int) -> Any:
    numbers = np.arange(np.prod(shape)).reshape(shape)
    return np.unravel_index(numbers.diagonal(*which), shape)


def _where(condition: Any, a: Any, b: Any) -> Any:
    zeros = np.zeros(np.broadcast_shapes(np.shape(condition), np.shape(a), np.shape(b)))
    return anp.where(condition, a + zeros, b + zeros)


def _slices(x: Any, axis: Any) -> list[Any]:
    """The slices of x along some axes."""
    axes = [i % x.ndim for i in (range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,))]
    rest = [i for i in range(x.ndim) if i not in axes]
    rows = anp.reshape(anp.transpose(x, axes + rest), [-1, *(x.shape[i] for i in rest)])
    return [rows[i] for i in range(len(rows))]


def _prod(x: Any, axis: Any, keepdims: bool) -> Any:
    shape = np.prod(getval(x), axis=axis, keepdims=keepdims).shape
    return anp.reshape(reduce(anp.multiply, _slices(x, axis)), shape)


def _cumprod(x: Any, axis: int) -> Any:
    parts = _slices(x, axis)
    return anp.stack([reduce(anp.multiply, parts[: i + 1]) for i in range(len(parts))], axis)


def _others(x: Any) -> Any:
    parts = _slices(x, -1)
    one = np.ones(x.shape[:-1])
    return anp.stack([reduce(anp.multiply, parts[:i] + parts[i + 1 :], one) for i in range(len(parts))], -1)


def _recurrence(a: Any, b: Any) -> Any:
    h = [b[..., 0]]
    for k in range(1, b.shape[-1]):
        h.append(a[..., k - 1] * h[-1] + b[..., k])
    return anp.stack(h, -1)


def _norm(x: Any, ord: float, axis: Any, keepdims: bool) -> Any:
    if ord == 0:
        return anp.sum(0 * x, axis=axis, keepdims=keepdims) + np.sum(getval(x) != 0, axis=axis, keepdims=keepdims)
    if abs(ord) == np.inf:
        return (anp.max if ord > 0 else anp.min)(anp.abs(x), axis=axis, keepdims=keepdims)
    return anp.sum(anp.abs(x) ** ord, axis=axis, keepdims=keepdims) ** (1 / ord)


def _logsumexp(x: Any, axis: Any, b: float = 1.0, keepdims: bool = True) -> Any:
    return anp.log(anp.sum(anp.exp(x), axis=axis, keepdims=keepdims))


def _cross_entropies(z: Any, t: Any, axis: int = -1, normalized: bool = False) -> Any:
    return -anp.sum(t * (z - _logsumexp(z, axis)), axis=axis)


def _conv(x: Any, w: Any, b: Any = None, *, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """Its convolution flips the filter, and has no stride, dilation or groups."""
    x = anp.pad(x, ((0, 0), (0, 0), *padding), "constant")
    dilated = tuple(slice(None, None, d) for d in dilation)
    spans = [d * (f - 1) + 1 for f, d in zip(w.shape[2:], dilation, strict=True)]
    w = _scatter(w, (..., *dilated), (*w.shape[:2], *spans))[:, :, *[slice(None, None, -1)] * len(spans)]
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


def _conv_input_grad(z: Any, w: Any, *, size: Any, **how: Any) -> Any:
    """The error signal from its own backward pass, which it can differentiate."""
    pull, _ = make_vjp(lambda x: _conv(x, w, **how))(np.zeros((len(z), w.shape[1] * how["groups"], *size)))
    return pull(z)


def _conv_weight_grad(z: Any, x: Any, *, kernel: Any, **how: Any) -> Any:
    pull, _ = make_vjp(lambda w: _conv(x, w, **how))(np.zeros((z.shape[1], x.shape[1] // how["groups"], *kernel)))
    return pull(z)


def _spread(x: Any, *, axis: Any, eps: float, centered: bool) -> Any:
    squares = anp.var(x, axis=axis, keepdims=True) if centered else anp.mean(x**2, axis=axis, keepdims=True)
    return anp.sqrt(squares + eps)


def _standardize(x: Any, weight: Any = 1.0, bias: Any = 0.0, *, axis: Any, centered: bool, eps: float) -> Any:
    deviation = x - anp.mean(x, axis=axis, keepdims=True) if centered else x
    return weight * deviation / _spread(x, axis=axis, centered=centered, eps=eps) + bias


def _channel_sums(x: Any, *, before: int, after: int) -> Any:
    near = np.arange(x.shape[1])[:, None] - np.arange(x.shape[1])
    return anp.moveaxis(anp.tensordot(x, 1.0 * ((near <= before) & (near >= -after)), ([1], [1])), -1, 1)


def _local_response_norm(x: Any, *, size: int, alpha: float, beta: float, k: float) -> Any:
    sums = _channel_sums(x**2, before=size // 2, after=(size - 1) // 2)
    return x / (k + alpha / size * sums) ** beta


def _convolve(a: Any, v: Any, mode: str) -> Any:
    """The product of two polynomials, or its part where the shorter overlaps the longer entirely."""
    n, m = len(a), len(v)
    full = sum(anp.concatenate((np.zeros(k), v[k] * a, np.zeros(m - 1 - k))) for k in range(m))
    return full if mode == "full" else full[min(n, m) - 1 : max(n, m)]


def _interp(x: Any, xp: Any, fp: Any) -> Any:
    i = np.clip(np.searchsorted(getval(xp), getval(x), side="right") - 1, 0, len(xp) - 2)
    t = (x - xp[i]) / (xp[i + 1] - xp[i])
    t = _where(getval(t) < 0, 0.0, _where(getval(t) > 1, 1.0, t))
    return (1 - t) * fp[i] + t * fp[i + 1]


def _einsum(subscripts: str, *xs: Any) -> Any:
    """With repeated letters or broadcast lengths: the product of all factors, summed."""
    inputs, _, output = subscripts.partition("->")
    letters = [*output, *dict.fromkeys(c for c in inputs if c not in {*output, ","})]
    product = 1.0
    for term, x in zip(inputs.split(","), xs, strict=True):
        once = "".join(c for c in letters if c in term)
        x = _moved(x, lambda numbers, to=f"{term}->{once}": np.einsum(to, numbers))
        product = product * anp.reshape(x, [x.shape[once.index(c)] if c in once else 1 for c in letters])
    summed = tuple(range(len(output), len(letters)))
    return anp.sum(product, axis=summed) if summed else product


def _plain_einsum(subscripts: str, *xs: Any) -> bool:
    terms = subscripts.partition("->")[0].split(",")
    lengths = {(c, n) for term, x in zip(terms, xs, strict=True) for c, n in zip(term, x.shape, strict=True)}
    return len(lengths) == len({c for c, _ in lengths}) and all(len({*term}) == len(term) for term in terms)


def _irfft(z: Any, n: int, axis: int, norm: Any) -> Any:
    """A linear function of the real and imaginary parts."""
    z = anp.moveaxis(z, axis, -1)
    of_real, of_imag = (np.fft.irfft(unit * np.eye(z.shape[-1]), n, norm=norm) for unit in (1, 1j))
    return anp.moveaxis(anp.dot(anp.real(z), of_real) + anp.dot(anp.imag(z), of_imag), -1, axis)


def _rfft(x: Any, n: int, axis: int, norm: Any) -> Any:
    return fft.fft(x, n, axis, norm)[(*[slice(None)] * axis, slice(n // 2 + 1))]


def _sinc(x: Any) -> Any:
    """The derivative of its own sinc is NaN at 0: there, the first terms of the series."""
    at_zero = x == 0
    return _where(at_zero, 1 - (np.pi * x) ** 2 / 6, anp.sinc(_where(at_zero, 1.0, x)))


def _gaps(x: Any, **_: Any) -> Any:
    eye = np.eye(x.shape[-1])
    return (1 - eye) / (x[..., None, :] - x[..., :, None] + eye)


def _svd(x: Any) -> tuple[Any, Any, Any]:
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


def _real_if_real(z: Any) -> Any:
    return z if np.any(np.imag(getval(z)) != 0) else anp.real(z)


def _border(x: Any, pad_width: Any, mode: str, constant_values: Any) -> Any:
    if mode != "constant":
        return _moved(x, lambda numbers: np.pad(numbers, pad_width, mode))
    inner = tuple(slice(before, before + n) for n, (before, _) in zip(x.shape, pad_width, strict=True))
    border = np.pad(np.zeros(x.shape), pad_width or 0, constant_values=constant_values)
    return border + _scatter(x, inner, border.shape)


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
    "eig":                   lambda x: EigResult(*map(_real_if_real, linalg.eig(x))),
    "general_eigenvalues":   lambda x: _real_if_real(linalg.eig(x)[0]),
    "general_eigenvectors":  lambda x: _real_if_real(linalg.eig(x)[1]),
    "left_eigenvectors":     lambda x: linalg.inv(x),
    "einsum":                lambda *xs, subscripts, optimize: (
                                 (anp.einsum if _plain_einsum(subscripts, *xs) else _einsum)(subscripts, *xs)),
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
                                 _irfft if n % 2 or norm == "forward" else fft.irfft)(x, n, axis, norm),
    "rfft":                  lambda x, n, axis, norm: (  # its rules of these two do not know the norm "forward"
                                 _rfft if n % 2 or norm == "forward" else fft.rfft)(x, n, axis, norm),
    "fftshift":              lambda x, axes: fft.fftshift(x, axes),
    "ifftshift":             lambda x, axes: fft.ifftshift(x, axes),
    "inv":                   lambda x: linalg.inv(x),
    "left_singular_vectors": lambda x: linalg.svd(x, full_matrices=False)[0],
    "logabsdet":             lambda x: linalg.slogdet(x)[1],
    "logsumexp":             lambda x, axis, keepdims: (
                                 (special.logsumexp if x.ndim else _logsumexp)(x, axis, 1.0, keepdims)),
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
    "all_left_singular_vectors": lambda x: _svd(x)[0],
    "all_right_singular_vectors": lambda x: _svd(x)[2],
    "all_singular_values":   lambda x: _svd(x)[1],
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
    "channel_sums":          _channel_sums,
    "cofactor":              lambda x: linalg.det(x)[..., None, None] * anp.swapaxes(linalg.inv(x), -1, -2),
    "convolve":              _convolve,
    "copy":                  lambda x: 1.0 * x,
    "copysign":              lambda x, y: anp.abs(x) * anp.sign(y),
    "correlate":             lambda a, v, mode: _convolve(a, anp.conj(v)[::-1], mode),
    "cumprod":               _cumprod,
    "damping":               lambda x, alpha, k, before, after: k + alpha * _channel_sums(
                                 x**2, before=before, after=after),
    "diagonal":              lambda x, offset, axis1, axis2: _moved(x, lambda i: i.diagonal(offset, axis1, axis2)),
    "entr":                  lambda x: -x * anp.log(x),
    "erfcx":                 lambda x, order: (2 * x if order else 1) * anp.exp(x**2) * special.erfc(x) - (
                                 2 / np.sqrt(np.pi) if order else 0),
    "log_ndtr":              lambda x: anp.log(special.erfc(-x / np.sqrt(2)) / 2),
    "elu":                   lambda x, alpha: _where(x > 0, x, alpha * (anp.exp(x) - 1)),
    "flip":                  lambda x, axis: _moved(x, lambda i: np.flip(i, axis)),
    "floor_divide":          lambda x, y: anp.floor(x / y),
    "fmod":                  lambda x, y: x - y * anp.trunc(x / y),
    "getitem":               lambda x, index: x[index],
    "hard_tanh":             lambda x, low, high: anp.minimum(anp.maximum(x, low), high),
    "huber":                 lambda x, delta: _where(
                                 anp.abs(x) <= delta, x**2 / 2, delta * (anp.abs(x) - delta / 2)),
    "hypot":                 lambda x, y: anp.sqrt(x**2 + y**2),
    "interp":                _interp,
    "kl_div":                lambda y, t: t * (anp.log(t) - y),
    "leaky_relu":            lambda x, slope: _where(x > 0, x, slope * x),
    "linear":                lambda x, W, b=0.0: anp.dot(x, W.T) + b,
    "local_response_norm":   _local_response_norm,
    "log_sigmoid":           lambda x: -anp.logaddexp(0.0, -x),
    "log_softmax":           lambda x, axis: x - _logsumexp(x, axis),
    "ldexp":                 lambda x, n: x * 2.0**n,
    "lstsq":                 lambda a, b, rcond=None: anp.dot(linalg.pinv(a), b),
    "lower_half":            lambda x: (anp.tril(x) + anp.tril(x, -1)) / 2,
    "mse_loss":              lambda y, t: anp.mean((y - t) ** 2),
    "modified_bessel":       lambda x, order: special.iv(order, x),
    "nan_to_num":            lambda x, **how: _where(np.isfinite(getval(x)), x, np.nan_to_num(getval(x), **how)),
    "nll_loss":              lambda y, t, axis: -anp.sum(t * y, axis),
    "norm":                  _norm,
    "ndtr":                  lambda x: (1 + special.erf(x / np.sqrt(2))) / 2,
    "ndtri":                 lambda x: np.sqrt(2) * special.erfinv(2 * x - 1),
    "on_diagonal":           lambda v, offset, axis1, axis2, shape: (
                                 _scatter(v, _diagonal_of(shape, offset, axis1, axis2), shape)),
    "pad":                   _border,
    "padded_embedding":      lambda W, index, padding_idx: W[index],
    "partition":             lambda x, kth, axis: _ordered(x, np.argpartition(getval(x), kth, axis), axis),
    "prod":                  _prod,
    "products_of_others":    _others,
    "positive_power":        lambda x, exponent: x**exponent,
    "quotient":              lambda a, b: a / b,
    "reciprocal_gaps":       _gaps,
    "recurrence":            _recurrence,
    "rel_entr":              lambda x, y: x * (anp.log(x) - anp.log(y)),
    "relu":                  lambda x: anp.maximum(x, 0.0),
    "relu6":                 lambda x: anp.minimum(anp.maximum(x, 0.0), 6.0),
    "reorder":               lambda x, order, axis: _ordered(x, order, axis),
    "repeat":                lambda x, repeats, axis: _moved(x, lambda i: np.repeat(i, repeats, axis)),
    "roll":                  lambda x, shift, axis: _moved(x, lambda i: np.roll(i, shift, axis)),
    "scatter":               _scatter,
    "sinc":                  lambda x, order: _sinc(x),
    "softmax":               lambda x, axis: anp.exp(x - _logsumexp(x, axis)),
    "softmax_cross_entropy": _cross_entropies,
    "softplus":              lambda x: anp.logaddexp(0.0, x),
    "sort":                  lambda x, axis: _ordered(x, np.argsort(getval(x), axis), axis),
    "spread":                _spread,
    "standardize":           _standardize,
    "sum_squared_error":     lambda y, t: anp.sum((y - t) ** 2) / 2,
    "tile":                  lambda x, reps: _moved(x, lambda i: np.tile(i, reps)),
    "trace":                 lambda x, offset, axis1, axis2: (
                                 anp.sum(_moved(x, lambda i: i.diagonal(offset, axis1, axis2)), axis=-1)),
    "tril":                  lambda x, k: x * np.tril(np.ones(x.shape), k),
    "triu":                  lambda x, k: x * np.triu(np.ones(x.shape), k),
    "unwrap":                lambda x, discont, axis, period: x + (
                                 np.unwrap(getval(x), discont, axis, period=period) - getval(x)),
    "where":                 _where,
    "xlog1py":               lambda x, y: x * anp.log1p(y),
    "xlogy":                 lambda x, y: x * anp.log(y),
} | {
    f"conv{axes}d{suffix}": row for axes in (1, 2, 3) for suffix, row in (
        ("", _conv), ("_input_grad", _conv_input_grad), ("_weight_grad", _conv_weight_grad)
    )
}
# fmt: on

LACKING: dict[str, str] = {
    name: reason
    for names, reason in {
        "upsample upsample_input_grad": "it does not resample images",
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
