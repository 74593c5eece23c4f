"""Derivations that players are made of: those of the lectures, networks, and what is hostile."""

import numpy as np

import minigrad as mg
from tests.helpers.walkthrough import lecture_graphs


def parameter(data):
    return mg.Tensor(data, requires_grad=True)


def batched_mlp():
    """Four examples, two layers, and a bias that broadcasting stretches."""
    X = mg.Tensor([[1.0, -2.0, 0.5], [0.0, 1.0, -1.0], [2.0, 1.0, 1.0], [-1.0, 0.5, 0.0]])
    T = mg.Tensor(np.eye(2)[[0, 1, 1, 0]])
    W1, b1 = parameter(np.linspace(-1, 1, 9).reshape(3, 3).round(2)), parameter(np.array([0.1, 0.0, -0.1]))
    W2 = parameter(np.array([[0.5, -1.0, 0.25], [1.0, 0.0, -0.75]]))
    H = mg.sigmoid(X @ W1 + b1)
    Y = H @ W2.T
    L = mg.mean((Y - T) ** 2)
    return mg.explain(L)


def small_cnn():
    """Convolution with padding, ReLU, max-pooling and a linear layer, with numbers for the head."""
    image = [[2, -2, -2, -1, -2], [2, 2, 0, -2, -2], [-1, 0, 1, 0, -1], [-2, 1, 1, -2, -2], [0, -1, 2, 0, 0]]
    x = parameter(np.array(image, dtype=float).reshape(1, 1, 5, 5))
    w = parameter(np.array([[0, 1, 0], [-2, 1, 1], [2, 1, -1]], dtype=float).reshape(1, 1, 3, 3))
    b, V, t = parameter(np.array([1.0])), parameter(np.array([[1.0], [-1.0], [2.0], [0.5]])), mg.Tensor([[3.0]])
    z = mg.conv2d(x, w, b, padding=1)
    a = mg.relu(z)
    p = mg.max_pool2d(a, 2)
    y = p.reshape(1, 4) @ V
    L = 0.5 * mg.sum((y - t) ** 2)
    return mg.explain(L)


def strided_cnn():
    """Two channels, two filters, a stride, and average pooling."""
    rng = np.random.default_rng(7)
    x = parameter(rng.normal(size=(1, 2, 7, 6)).round(2))
    w = parameter(rng.normal(size=(2, 2, 3, 2)).round(2))
    z = mg.conv2d(x, w, stride=(2, 1), padding=((1, 0), (0, 1)))
    p = mg.avg_pool2d(z, 2)
    L = mg.sum(p**2)
    return mg.explain(L)


def conv_alone():
    """The shortest: nothing but a convolution has a name."""
    x = parameter(np.arange(16.0).reshape(1, 1, 4, 4))
    w = parameter(np.array([[1.0, -1.0], [0.5, 2.0]]).reshape(1, 1, 2, 2))
    return mg.explain(mg.conv2d(x, w))


def large_maps():
    """Arrays with more rows than fit as numbers."""
    rng = np.random.default_rng(1)
    x = mg.Tensor(rng.normal(size=(1, 1, 15, 15)))
    w = parameter(rng.normal(size=(1, 1, 3, 3)))
    z = mg.conv2d(x, w)
    L = mg.mean(z**2)
    return mg.explain(L)


def all_kinds():
    """Convolution and pooling along one, two and three axes, in groups, of a batch; products of batches of matrices."""
    rng = np.random.default_rng(5)

    def numbers(name, *shape):
        return parameter(rng.integers(-3, 4, shape).astype(float)).named(name)

    z = mg.conv2d(numbers("x", 2, 4, 4, 4), numbers("w", 4, 2, 2, 3), numbers("b", 4), padding=1, groups=2)
    p = mg.max_pool2d(z.named("z"), 2, stride=(2, 1)).named("p")
    s = mg.conv1d(numbers("x_s", 2, 2, 5), numbers("w_s", 3, 2, 2), dilation=2).named("s")
    q = mg.avg_pool1d(s, 2, stride=1).named("q")
    v = mg.conv3d(numbers("x_v", 1, 2, 3, 3, 3), numbers("w_v", 1, 2, 2, 2, 2)).named("v")
    r = mg.max_pool3d(v, 2, stride=1).named("r")
    m = (numbers("A", 3, 2, 2) @ numbers("B", 3, 2, 2)).named("m")
    return mg.explain((mg.sum(p**2) + mg.sum(q**2) + mg.sum(r**2) + mg.mean(m)).named("L"))


def long_chain(lines=58):
    """A line of the derivation for each of many values, most of them used two or three times."""
    values = [parameter(0.3).named("x")]
    for i in range(lines):
        a, b = values[-1], values[max(0, len(values) - 2 - i % 3)]
        values.append((mg.sin(a) + 0.1 * b * a if i % 2 else a * b + mg.tanh(b)).named(f"y_{i}"))
    return mg.explain(values[-1].named("L"))


def special_numbers():
    """NaN, infinities, −0.0 and 1e−300."""
    x = parameter(np.array([np.nan, np.inf, -np.inf, -0.0, 1e-300]))
    s = parameter(1e-300)
    y = x * 1.0
    L = mg.sum(y) + s
    return mg.explain(L)


def hostile_names():
    """Names that would be markup, leave a script, or turn the text round."""
    w = parameter(0.5).named('</script><img src=x onerror="document.title=1">')
    x = parameter(2.0).named("a&b<\u202e\u2028\"'`${1}{x}")
    L = (w * x + w).named("<b>L</b>")
    return mg.explain(L)


LECTURES = {
    name: getattr(lecture_graphs, name)
    for name in ("logistic", "logistic_every_step", "chain_rule", "mlp_scalar")
}  # fmt: skip
NETWORKS = {
    f.__name__: f for f in (batched_mlp, small_cnn, strided_cnn, conv_alone, large_maps, all_kinds, long_chain)
}  # fmt: skip
STRANGE = {f.__name__: f for f in (special_numbers, hostile_names)}
GRAPHS = LECTURES | NETWORKS | STRANGE
