"""The derivations of the lecture, as a student would write them; what they print stands in ``golden/``."""

from collections.abc import Callable

import numpy as np

import minigrad as mg
import nn


def parameter(data):
    return mg.Tensor(data, requires_grad=True)


def logistic():
    """Univariate logistic least squares regression with L2 regularisation."""
    x, t, lam = mg.Tensor(2.0), mg.Tensor(1.0), mg.Tensor(0.1)
    w, b = parameter(0.5), parameter(-1.5)
    z = w * x + b
    y = mg.sigmoid(z)
    L = 0.5 * (y - t) ** 2
    R = 0.5 * w**2
    L_reg = L + lam * R
    return mg.explain(L_reg)


def logistic_every_step():
    """The same, each operation in a line of its own."""
    x, t = mg.Tensor(2.0), mg.Tensor(1.0)
    w, b = parameter(0.5), parameter(-1.5)
    y = mg.sigmoid(w * x + b)
    L = 0.5 * (y - t) ** 2
    return mg.explain(L, every_step=True)


def chain_rule():
    """f = y + e^(x y) with x = cos t and y = t²: two ways from t to f."""
    t = parameter(0.5)
    x = mg.cos(t)
    y = t**2
    f = y + mg.exp(x * y)
    return mg.explain(f)


def mlp_scalar():
    """The multilayer perceptron, number by number."""
    x1, x2, t1, t2 = mg.Tensor(1.0), mg.Tensor(0.5), mg.Tensor(1.0), mg.Tensor(0.0)
    w1_11, w1_12, b1_1 = parameter(0.5), parameter(-0.5), parameter(0.1)
    w1_21, w1_22, b1_2 = parameter(0.25), parameter(1.0), parameter(-0.2)
    w2_11, w2_12, b2_1 = parameter(1.0), parameter(-1.0), parameter(0.0)
    w2_21, w2_22, b2_2 = parameter(0.5), parameter(0.75), parameter(0.3)
    z1 = w1_11 * x1 + w1_12 * x2 + b1_1
    z2 = w1_21 * x1 + w1_22 * x2 + b1_2
    h1 = mg.sigmoid(z1)
    h2 = mg.sigmoid(z2)
    y1 = w2_11 * h1 + w2_12 * h2 + b2_1
    y2 = w2_21 * h1 + w2_22 * h2 + b2_2
    L = 0.5 * ((y1 - t1) ** 2 + (y2 - t2) ** 2)
    return mg.explain(L)


def mlp_vectorised():
    """The multilayer perceptron with matrices."""
    x, t = mg.Tensor([1.0, 2.0]), mg.Tensor([1.0, 0.0])
    W1, b1 = parameter([[0.5, -1.0], [1.0, 0.25], [0.0, -0.5]]), parameter([0.0, 0.5, 1.0])
    W2, b2 = parameter([[1.0, -1.0, 0.5], [0.5, 2.0, -1.0]]), parameter([0.1, -0.1])
    z = W1 @ x + b1
    h = mg.sigmoid(z)
    y = W2 @ h + b2
    L = 0.5 * mg.sum((t - y) ** 2)
    return mg.explain(L)


def mlp_batched():
    """A batch at once: samples are rows, and b̄ sums over them."""
    x = mg.Tensor([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]])
    t = mg.Tensor([[1.0], [0.0], [1.0]])
    W, b = parameter([[0.5, -1.0]]), parameter([0.25])
    z = x @ W.T + b
    y = mg.sigmoid(z)
    L = 0.5 * mg.mean((y - t) ** 2)
    return mg.explain(L)


def softmax_written_out():
    """Multiclass logistic regression, softmax and logarithm one after the other."""
    x, t = mg.Tensor([1.0, 2.0]), mg.Tensor([0.0, 1.0, 0.0])
    W, b = parameter([[0.5, -1.0], [1.0, 0.25], [0.0, -0.5]]), parameter([0.0, 0.5, 1.0])
    z = W @ x + b
    y = mg.softmax(z)
    L = -mg.sum(t * mg.log(y))
    return mg.explain(L)


def softmax_cross_entropy():
    """Multiclass logistic regression, softmax and cross-entropy at once: z̄ = y − t."""
    x, t = mg.Tensor([1.0, 2.0]), mg.Tensor([0.0, 1.0, 0.0])
    W, b = parameter([[0.5, -1.0], [1.0, 0.25], [0.0, -0.5]]), parameter([0.0, 0.5, 1.0])
    z = W @ x + b
    y = mg.softmax(z)
    L = mg.cross_entropy(z, t)
    assert y.shape == t.shape
    return mg.explain(L)


def max_pooling():
    """The error signal goes to the winner's index; the first of two that tie wins."""
    x = parameter([[[[1.0, 3.0, 2.0, 0.0], [4.0, 2.0, 1.0, 5.0], [0.0, 1.0, 6.0, 2.0], [3.0, 2.0, 6.0, 1.0]]]])
    y = mg.max_pool2d(x, 2)
    L = 0.5 * mg.sum(y**2)
    return mg.explain(L)


def convolution_by_hand():
    """Three positions share two weights: every position adds to each."""
    x1, x2, x3, x4 = mg.Tensor(1.0), mg.Tensor(2.0), mg.Tensor(-1.0), mg.Tensor(3.0)
    w1, w2 = parameter(0.5), parameter(-1.0)
    z1 = w1 * x1 + w2 * x2
    z2 = w1 * x2 + w2 * x3
    z3 = w1 * x3 + w2 * x4
    L = 0.5 * (z1**2 + z2**2 + z3**2)
    return mg.explain(L)


def convolution():
    """The same on an image, in one operation."""
    x = mg.Tensor([[[[1.0, 3.0, 2.0], [4.0, 2.0, 1.0], [0.0, 1.0, 2.0]]]])
    W, b = parameter([[[[1.0, -1.0], [0.5, 0.0]]]]), parameter([0.5])
    z = mg.conv2d(x, W, b)
    y = mg.relu(z)
    L = 0.5 * mg.sum(y**2)
    return mg.explain(L)


def batch_norm():
    """The error signal through the mean and the variance: Ioffe and Szegedy's, in one line."""
    x = parameter([[1.0, 0.0], [3.0, 2.0], [2.0, 7.0]])
    gamma, beta = parameter([1.0, 2.0]), parameter([0.0, 1.0])
    t = mg.Tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = mg.batch_norm(x, weight=gamma, bias=beta, training=True)
    L = mg.mse_loss(y, t)
    return mg.explain(L)


def network():
    """A small network of modules: parameters by layer, values by module."""
    model = nn.Sequential(
        hidden=nn.Linear(2, 3, rng=0, dtype=float), act=nn.Tanh(), out=nn.Linear(3, 1, rng=1, dtype=float)
    )
    x, t = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0], [0.0]])
    loss = nn.MSELoss()(model(x), t)
    return mg.explain(loss)


DERIVATIONS: list[Callable[[], mg.Walkthrough]] = [
    *(logistic, logistic_every_step, chain_rule, mlp_scalar, mlp_vectorised, mlp_batched),
    *(softmax_written_out, softmax_cross_entropy, max_pooling, convolution_by_hand, convolution),
    *(batch_norm, network),
]
