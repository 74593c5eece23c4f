"""Complex numbers on the way from real leaves to a real loss, and as arguments that are differentiated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(2, 3, 3))
Z = X + 1j * Y


def right(f: Callable[[Any], Any], expected: Callable[[Any], Any] | None = None) -> None:
    """The value of f(X + iY) is NumPy's, and its slopes agree with differences, in both modes."""
    np.testing.assert_allclose(f(mg.Tensor(Z)).data, (expected or f)(Z), rtol=1e-12)
    weights = np.random.default_rng(1).normal(size=np.shape(f(Z))) * (1 - 2j)
    mg.check_grads(lambda x, y: mg.real(mg.sum(weights * f(x + 1j * y))), X, Y)


def hermitian(z: Any) -> Any:
    return z + np.conj(z.mT) if isinstance(z, mg.Tensor) else z + z.conj().T


def test_gradient_of_a_real_loss() -> None:
    """the gradient of a real loss"""

    def loss(z: Any) -> Any:
        return mg.sum(mg.abs(z @ z - 1j) ** 2)

    along_x, along_y = mg.grad(lambda x, y: loss(x + 1j * y), argnums=(0, 1))(X, Y)
    gradient = mg.grad(loss)(Z)
    np.testing.assert_allclose(gradient, along_x - 1j * along_y, rtol=1e-12)
    assert loss(Z - 1e-4 * np.conj(gradient)) < loss(Z)


def test_holomorphic() -> None:
    """`holomorphic=True`"""
    third = mg.grad(mg.grad(mg.grad(np.sin, holomorphic=True), holomorphic=True), holomorphic=True)
    np.testing.assert_allclose(third(1 + 2j), -np.cos(1 + 2j), rtol=1e-14)
    with pytest.raises(ValueError, match=r"^grad: holomorphic=True, but .* not holomorphic"):
        mg.grad(lambda z: z * np.conj(z), holomorphic=True)(1 + 2j)


def test_every_operation() -> None:
    """every operation"""
    right(lambda z: np.exp(z) * np.linalg.inv(z) + np.sqrt(z))
    with pytest.raises(TypeError, match=r"^arctan2: takes real numbers only, got complex128; pass mg\.real\(z\)"):
        mg.arctan2(mg.Tensor(Z), X)


def test_absolute_values() -> None:
    """`norm`, `var`, `std`, `lp_pool2d`"""
    assert mg.norm(mg.Tensor([3j, 4.0])).data == 5
    for order in (None, "nuc", 1, -1, 2, np.inf):
        right(lambda z, order=order: np.linalg.norm(z, order))
    for order in (0, 1, 2, 3, -1, np.inf):
        right(lambda z, order=order: np.linalg.norm(z, order, axis=0))
    right(np.std)
    right(np.var)
    right(lambda z: mg.lp_pool2d(z[None, None], 2, 3), np.linalg.norm)
    mg.check_grads(lambda x: mg.sum(mg.std(mg.fft(x))), X[0])


def test_conjugates() -> None:
    """`vdot`, `vecdot`, `correlate`"""
    right(lambda z: np.vdot(z, z.T))
    right(lambda z: np.vecdot(z, z.T))
    right(lambda z: np.correlate(z[0], z[1], "full"))
    right(lambda z: np.inner(z, z) + np.dot(z, z) + np.tensordot(z, z, 1) + z @ z)


def test_sign() -> None:
    """`sign`"""
    right(np.sign)
    assert mg.sign(mg.Tensor(0j)).data == 0
    _, slope = mg.jvp(lambda x: mg.real(mg.sign(x + 0j)), (0.0,), (1.0,))
    assert slope == 0


def test_order() -> None:
    """`max`, `maximum`, `sort`, `clip`, `median` and the like"""
    for f in (np.max, np.min, np.median, np.ptp, lambda z: np.sort(z, 0), lambda z: np.maximum(z, 0.1 + 1j)):
        right(f)
    right(lambda z: np.clip(z, -1j, 1))


@pytest.mark.parametrize(
    "f",
    [
        *(mg.relu, mg.leaky_relu, mg.elu, mg.selu, mg.sigmoid, mg.log_sigmoid, mg.silu, mg.softplus, mg.mish, mg.gelu),
        *(mg.hard_tanh, lambda z: mg.gelu(z, "tanh"), mg.softmax, mg.log_softmax, mg.logsumexp, np.fabs, np.cbrt),
        *(lambda z: mg.mse_loss(z, Z), lambda z: mg.mse_loss(X, z), lambda z: mg.cross_entropy(z, [0, 1, 2])),
        *(lambda z: mg.cross_entropy(X, z), lambda z: mg.quantile(z, 0.5), lambda z: mg.percentile(z, 50)),
        *(lambda z: mg.max_pool2d(z[None, None], 2), lambda z: mg.adaptive_max_pool2d(z[None, None], 1)),
        *(lambda z: mg.interp(z, [0.0, 1.0], [0.0, 1.0]), lambda z: z // 2, lambda z: z % 2),
    ],
)
def test_refusals(f: Callable[[Any], Any]) -> None:
    """activations, `softmax`, losses, max-pooling, `quantile`, `//` and `%`"""
    with pytest.raises(TypeError, match=r"^\w+: .*(takes real numbers only, got complex128|pool abs)"):
        f(mg.Tensor(Z))
    x = mg.Tensor(X, requires_grad=True)
    with pytest.raises(TypeError, match=r"real numbers only, got complex128|pool abs"):
        f(x * 1j)


@pytest.mark.parametrize("triangle", ["L", "U"])
def test_hermitian_matrices(triangle: Any) -> None:
    """`cholesky`, `eigh`, `eigvalsh` of a Hermitian matrix"""
    H = hermitian(Z)
    values, V = mg.eigh(mg.Tensor(H), triangle)
    assert values.dtype == np.float64
    np.testing.assert_allclose((V.data * values.data) @ V.data.conj().T, H, rtol=1e-12)
    right(lambda z: np.linalg.eigvalsh(hermitian(z), triangle))
    right(lambda z: np.linalg.cholesky(hermitian(z) + 9 * np.eye(3), upper=triangle == "U"))


@pytest.mark.parametrize("triangle", ["L", "U"])
def test_phases(triangle: Any) -> None:
    """the phases of eigenvectors and singular vectors"""
    right(lambda z: np.linalg.eigh(hermitian(z), triangle).eigenvectors)
    right(lambda z: np.linalg.eig(z).eigenvectors)
    for f in (lambda z: np.linalg.svd(z).U, lambda z: np.linalg.svd(z[:2], full_matrices=False).Vh, np.linalg.svdvals):
        right(f)
    right(lambda z: np.linalg.qr(z).Q)
    right(lambda z: np.linalg.qr(z[:2]).R)


def test_sign_of_slogdet() -> None:
    """the sign of `slogdet`"""
    right(lambda z: np.linalg.slogdet(z).sign)
    right(lambda z: np.linalg.slogdet(z).logabsdet)
    right(np.linalg.det)
