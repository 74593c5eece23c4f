"""Values and slopes are right wherever their dtype can hold them, whatever the squares, powers and counts on the way.

The truth is the same operation in a wider dtype: float64, and for float64 the long double.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import minigrad as mg
from minigrad.rules.safe_division import positive_power, safe_divide, squares_fit, squares_overflow
from tests.samples import ELEMENTWISE, OPERATIONS, SAMPLES_IN

WIDER = {np.float16: np.float64, np.float32: np.float64, np.float64: np.longdouble}
DTYPES = pytest.mark.parametrize("dtype", WIDER, ids=lambda dtype: dtype.__name__)

#: SciPy has no long doubles; the sine of large numbers is another one in each dtype.
WITHOUT_A_WIDER_ONE = {"gelu", "sin", "cos", "tan"} | {
    name for room in SAMPLES_IN if room.startswith("elementwise/special/") for name in SAMPLES_IN[room]
}
WITHOUT_A_WIDER_ONE -= SAMPLES_IN.get("elementwise/special/logarithms", set())
#: In α eˣ, eˣ loses its digits before α can bring it back.
WITHOUT_A_WIDER_ONE |= {"elu"}
#: 1 − y² and y (1 − y), as the lecture has them, cancel in the tails.
CANCELLING = {"tanh", "sigmoid"}


def magnitudes(dtype: Any) -> Any:
    """Numbers of all sizes that keep their digits, with both signs."""
    limits = np.finfo(dtype)
    sizes = np.geomspace(float(limits.tiny) * 2, float(limits.max) / 4, 25)
    sizes = np.concatenate([sizes, [0.01, 0.5, 1, 2, 100]]).astype(dtype)
    return np.concatenate([sizes, -sizes])


def derivatives(f: Callable[..., Any], arrays: list[Any]) -> list[Any]:
    """The value, the error signals, and the tangents, which are the same for an elementwise function."""
    y, pullback = mg.vjp(f, *arrays)
    tangents = []
    for i, a in enumerate(arrays):
        of_one = lambda x, i=i: f(*[x if i == k else b for k, b in enumerate(arrays)])  # noqa: E731
        tangents.append(mg.jvp(of_one, (a,), (np.ones_like(a),))[1])
    return [y, *pullback(np.ones_like(y)), *tangents]


def close(found: Any, truth: Any, cancelling: bool = False) -> Any:
    """Where they agree to two digits, or the truth is not a number that the dtype can hold."""
    limits = np.finfo(found.dtype)
    size = abs(truth)
    holds = (size >= limits.tiny * 4) & (size <= limits.max / 4)
    error = abs(found.astype(truth.dtype) - truth)
    return ~holds | (error <= 0.02 * size + (2 * limits.eps if cancelling else 0))


@DTYPES
@pytest.mark.parametrize("operation", sorted(set(ELEMENTWISE) - WITHOUT_A_WIDER_ONE))
def test_elementwise_operations(operation: str, dtype: Any) -> None:
    f, (domains, _) = OPERATIONS[operation], ELEMENTWISE[operation]
    x = magnitudes(dtype)
    arrays = [x] if len(domains) == 1 else [a.ravel() for a in np.meshgrid(x, x)]
    if "power" in operation:
        arrays = [a.ravel() for a in np.meshgrid(abs(x), np.array([-2, -1, -0.5, 0.5, 1, 2, 3], dtype))]
    with np.errstate(all="ignore"):
        found, truth = derivatives(f, arrays), derivatives(f, [a.astype(WIDER[dtype]) for a in arrays])
        defined = np.isfinite(found[0]) | np.isfinite(truth[0].astype(dtype))
        for name, a, t in zip(["value", *"abcd"], found, truth, strict=False):
            right = close(a, t, operation in CANCELLING) | ~defined
            where = [b[~right][:3] for b in arrays]
            assert right.all(), f"{operation}, {name}: at {where} it is {a[~right][:3]}, and {t[~right][:3]} is right"


X = np.array([3.0, -4.0, 1.0, 2.5])
IMAGE = np.random.default_rng(0).normal(size=(1, 1, 4, 4))
SCALING = {  # f(s x) = s f(x)
    **{
        name: getattr(mg, name) for name in ("norm", "std", "mean", "max", "median", "nanmean", "average", "ptp", "sum")
    },
    "std of a sample": partial(mg.std, ddof=1),
    "matrix_norm": lambda x: mg.matrix_norm(x.reshape(2, 2)),
    **{f"vector_norm {p}": partial(mg.vector_norm, ord=p) for p in (1, 1.5, 3, 7, 0.5, -1, -2, np.inf)},
    **{f"lp_pool2d {p}": lambda x, p=p: mg.sum(mg.lp_pool2d(x.reshape(1, 1, 2, 2), p, 2)) for p in (2, 3, 1.5, 0.5)},
    "hypot": lambda x: mg.hypot(x[0], x[1]),
    "avg_pool2d": lambda x: mg.sum(mg.avg_pool2d(x.reshape(1, 1, 2, 2), 2)),
}


@DTYPES
@pytest.mark.parametrize("f", SCALING.values(), ids=SCALING)
def test_functions_that_scale_with_their_argument(f: Any, dtype: Any) -> None:
    """They have the same slopes at every scale, and no warning."""
    limits = np.finfo(dtype)
    y, slope = f(X), mg.grad(f)(X)
    for exponent in np.linspace(limits.minexp + 4, limits.maxexp - 7, 15).astype(int):
        scale = 2.0**exponent
        x = (X * scale).astype(dtype)
        tolerance = 10 * limits.eps if dtype == np.float16 else 1e3 * limits.eps
        np.testing.assert_allclose(np.float64(f(x)) / scale, y, rtol=tolerance)
        found = mg.grad(f)(x)
        assert found.dtype == dtype
        np.testing.assert_allclose(found.astype(float), slope, rtol=tolerance, atol=10 * limits.eps)
        np.testing.assert_allclose(np.float64(mg.jvp(f, (x,), (x,))[1]) / scale, y, rtol=tolerance)


def test_norms_of_rows_of_many_sizes() -> None:
    """Each row is scaled by itself; zeros and infinities stay what they are."""
    rows = np.array([[0.0, 0.0], [3e-300, 4e-300], [3.0, 4.0], [3e300, -4e300], [np.inf, 1.0], [np.nan, 1.0]])
    np.testing.assert_allclose(mg.norm(rows, axis=1), [0, 5e-300, 5, 5e300, np.inf, np.nan], rtol=1e-15)
    assert mg.norm(rows[2:3], axis=1)[0] == np.linalg.norm(rows[2])  # the same bits where nothing left the range
    slopes = mg.grad(lambda x: mg.sum(mg.norm(x, axis=1)))(rows[:4])
    np.testing.assert_allclose(slopes, [[0, 0], [0.6, 0.8], [0.6, 0.8], [0.6, -0.8]], rtol=1e-15)
    assert mg.norm(np.zeros((3, 0)), axis=1).tolist() == [0, 0, 0]


MATRICES = {
    "svd U": (lambda a: mg.svd(a).U[0, 0] ** 2, 0),
    "svd Vh": (lambda a: mg.svd(a).Vh[0, 0] ** 2, 0),
    "svd of a tall matrix": (lambda a: mg.svd(a[:, :2], full_matrices=False).U[0, 0] ** 2, 0),
    "svdvals": (lambda a: mg.sum(mg.svdvals(a)), 1),
    "eigh": (lambda a: mg.eigh(a).eigenvectors[0, 0] ** 2, 0),
    "qr": (lambda a: mg.qr(a).Q[0, 0] ** 2, 0),
    "pinv": (lambda a: mg.pinv(a[:, :2])[0, 0], -1),
    "inv": (lambda a: mg.inv(a)[0, 0], -1),
    "det": (mg.det, 3),
    "det of a stack": (lambda a: mg.sum(mg.det(mg.stack([a, a]))), 3),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize(("f", "degree"), MATRICES.values(), ids=MATRICES)
def test_matrices(f: Any, degree: int, dtype: Any) -> None:
    """f(s A) = sⁿ f(A), and its slopes are sⁿ⁻¹ times those of A, wherever these are in range."""
    a = np.array([[2.0, 0.5, -0.3], [0.5, 1.5, 0.2], [-0.3, 0.2, 1.2]])
    limits, slope = np.finfo(dtype), mg.grad(f)(a)
    checked = 0
    for exponent in np.linspace(limits.minexp, limits.maxexp, 24).astype(int)[1:-1]:
        if limits.minexp + 10 < exponent * (degree - 1) < limits.maxexp - 10:
            with np.errstate(over="ignore"):  # as NumPy warns of determinants
                found = mg.grad(f)(np.ldexp(a, exponent).astype(dtype))
            expected = np.ldexp(slope, exponent * (degree - 1)).astype(dtype)
            np.testing.assert_allclose(
                found, expected, rtol=1e3 * limits.eps, atol=1e2 * limits.eps * np.max(abs(expected))
            )
            checked += 1
    assert checked > 5


N = 70000  # more than the largest number of float16
ONES, HALF = np.ones(N, np.float16), (np.arange(N) % 2).astype(np.float16)
IMAGES = np.ones((1, 1, 280, 250), np.float16)
COUNTING: dict[str, tuple[Any, Any, float, float]] = {  # of these arrays: the value, and the first slope
    "mean": (mg.mean, ONES, 1, 1 / N),
    "mean over an axis": (lambda x: mg.sum(mg.mean(x.reshape(N, 1), axis=0)), ONES, 1, 1 / N),
    "nanmean": (mg.nanmean, np.where(np.arange(N) == 9, np.nan, ONES).astype(np.float16), 1, 1 / N),
    "average": (partial(mg.average, weights=ONES), ONES, 1, 1 / N),
    "average, by its weights": (lambda w: mg.average(HALF, weights=w), ONES, 0.5, -0.5 / N),
    "var": (mg.var, HALF, 0.25, -1 / N),
    "std": (mg.std, HALF, 0.5, -1 / N),
    "max": (mg.max, ONES, 1, 1 / N),
    "nanmin": (mg.nanmin, ONES, 1, 1 / N),
    "norm": (mg.norm, ONES, N**0.5, N**-0.5),
    "vector_norm": (partial(mg.vector_norm, ord=3), ONES, N ** (1 / 3), N ** (-2 / 3)),
    "the largest": (partial(mg.vector_norm, ord=np.inf), ONES, 1, 1 / N),
    "logsumexp": (mg.logsumexp, ONES, 1 + np.log(N), 1 / N),
    "softmax": (lambda x: 1000 * mg.softmax(x)[0], ONES, 1000 / N, 1000 / N),
    "log_softmax": (lambda x: mg.log_softmax(x)[0], ONES, -np.log(N), 1),
    "mse_loss": (lambda x: mg.mse_loss(x, 0 * ONES), ONES, 1, 2 / N),
    "l1_loss": (lambda x: mg.l1_loss(x, 0 * ONES), ONES, 1, 1 / N),
    "huber_loss": (lambda x: mg.huber_loss(x, 0 * ONES), ONES, 0.5, 1 / N),
    "binary_cross_entropy": (lambda x: mg.binary_cross_entropy(x / 2, ONES), ONES, np.log(2), -1 / N),
    "binary_cross_entropy_with_logits": (
        lambda x: mg.binary_cross_entropy_with_logits(x, ONES),
        0 * ONES,
        np.log(2),
        -0.5 / N,
    ),
    "nll_loss with weights": (
        lambda x: mg.nll_loss(mg.stack([x, x], 1), np.ones(N, int), weight=[1.0, 2.0]),
        -ONES,
        1,
        -1 / N,
    ),
    "cross_entropy": (
        lambda x: mg.cross_entropy(mg.stack([x, 0 * x], 1), np.ones(N, int)),
        0 * ONES,
        np.log(2),
        0.5 / N,
    ),
    "avg_pool2d": (lambda x: mg.sum(mg.avg_pool2d(x, (280, 250))), IMAGES, 1, 1 / N),
    "adaptive_avg_pool2d": (lambda x: mg.sum(mg.adaptive_avg_pool2d(x, 1)), IMAGES, 1, 1 / N),
    "adaptive_avg_pool2d of bins": (
        lambda x: mg.mean(mg.adaptive_avg_pool2d(x, (1, 7))),
        IMAGES,
        1,
        1 / (280 * 7 * 36),
    ),
    "global_avg_pool": (lambda x: mg.sum(mg.global_avg_pool(x)), IMAGES, 1, 1 / N),
    "lp_pool2d": (lambda x: mg.sum(mg.lp_pool2d(x, 2, (280, 250))), IMAGES, N**0.5, N**-0.5),
}


@pytest.mark.parametrize("kind", COUNTING)
def test_counts_in_float16(kind: str) -> None:
    f, x, value, slope = COUNTING[kind]
    np.testing.assert_allclose(f(x), value, rtol=2e-3)
    found, tangent = mg.grad(f)(x), mg.jvp(f, (x,), (np.ones_like(x),))[1]
    assert found.dtype == tangent.dtype == np.float16
    np.testing.assert_allclose(found.flat[0], slope, rtol=0.02)
    np.testing.assert_allclose(tangent, mg.jvp(f, (x.astype(float),), (np.ones(x.shape),))[1], rtol=0.01, atol=0.01)


def test_products_that_leave_the_range() -> None:
    for x in ([1e-200, 2e-200], [1e200, 2e200], [1e-160, 1e-160, 3.0]):
        others = [np.prod(np.delete(x, i)) for i in range(len(x))]
        with np.errstate(over="ignore"):
            np.testing.assert_allclose(mg.grad(mg.prod)(np.array(x)), others, rtol=1e-14)
            np.testing.assert_allclose(mg.grad(lambda x: mg.cumprod(x)[-1])(np.array(x)), others, rtol=1e-14)
        with np.errstate(over="ignore"):
            np.testing.assert_allclose(mg.grad(mg.prod)(np.array([300, 400], np.float16)), [400, 300])


def test_gelu_of_huge_numbers() -> None:
    for dtype in WIDER:
        x = np.array([-1, 1], dtype) * np.finfo(dtype).max
        gelu = partial(mg.gelu, approximate="tanh")
        np.testing.assert_array_equal(gelu(x), np.maximum(x, 0))
        np.testing.assert_array_equal(mg.grad(lambda x, gelu=gelu: mg.sum(gelu(x / 2)))(x), [0, 0.5])


def test_a_quotient_is_0_where_the_divisor_is_and_its_slopes_are_nan_there_alone() -> None:
    a, b = np.array([3.0, 3.0, 3.0, 3.0]), np.array([0.0, 1.0, -1.0, 2.0])
    np.testing.assert_array_equal(safe_divide(a, b), [0.0, 3.0, -3.0, 1.5])
    _, pullback = mg.vjp(safe_divide, a, b)
    a_bar, b_bar = pullback(np.ones(4))
    np.testing.assert_array_equal(a_bar, [np.nan, 1.0, -1.0, 0.5])
    np.testing.assert_array_equal(b_bar, [np.nan, -3.0, -3.0, -0.75])


def test_only_a_divisor_with_a_0_takes_the_longer_way() -> None:
    x = mg.Tensor([1.0, 2.0], requires_grad=True)
    assert [o.primitive.name for o in mg.operations(safe_divide(1.0, x))] == ["divide"]
    assert [o.primitive.name for o in mg.operations(positive_power(x, 3.0))] == ["power"]
    x = mg.Tensor([0.0, 1.0], requires_grad=True)
    assert [o.primitive.name for o in mg.operations(safe_divide(1.0, x))] == ["quotient"]
    assert [o.primitive.name for o in mg.operations(positive_power(x, 3.0))] == ["positive_power"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_squares_fit_between_the_roots_of_the_smallest_and_the_largest_number(dtype: Any) -> None:
    smallest = dtype(float(np.finfo(dtype).tiny) ** 0.5)
    largest = 1 / smallest
    for fits in ([0.0, 1.0], [1.01 * smallest], [0.99 * largest], [0.0], [-0.0, 5.0]):
        assert squares_fit(np.array(fits, dtype))
        assert squares_fit(mg.Tensor(np.array(fits, dtype)))
    for does_not in ([0.99 * smallest], [1.01 * largest], [1.0, 1.5 * largest], [0.0, 0.5 * smallest], [np.nan]):
        assert not squares_fit(np.array(does_not, dtype))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_squares_overflow_beyond_half_the_root_of_the_largest_number(dtype: Any) -> None:
    half = float(np.finfo(dtype).max) ** 0.5 / 2
    for x in ([0.99 * half, 0.0], [-0.99 * half], [1.0]):
        assert not squares_overflow(np.array(x, dtype))
    for x in ([1.01 * half], [0.0, -1.01 * half]):
        assert squares_overflow(np.array(x, dtype))
    assert not squares_overflow(np.array([1e300j]))
