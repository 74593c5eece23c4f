"""The numbers of the lectures, each computed as a student would who has only the slide and the library.

Those of AlexNet, GoogLeNet and ResNet are in tests/nn/models/test_counts.py.
"""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn


def size(module: nn.Module) -> int:
    return sum(p.size for p in module.parameters())


def image(rows: list[list[int]]) -> np.ndarray:
    return np.array(rows, dtype=float)[None, None]


# ---------------------------------------------------------------- neurons and losses


def test_a_linear_unit_answers_one_half_to_xor() -> None:
    """The minimum of J = ¼ Σ (t − y)² over a line: its gradient is 0 at w = 0, b = ½, and J is convex there."""
    x, t = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0])
    w, b = mg.Tensor([0.0, 0.0], requires_grad=True), mg.Tensor(0.5, requires_grad=True)
    J = mg.mse_loss(x @ w + b, t)
    J.backward()
    assert float(J) == 0.25
    assert [*w.grad, b.grad] == [0, 0, 0]


def test_weights_that_compute_xor() -> None:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert (mg.relu(x @ np.ones((2, 2)) + [0, -1]) @ [1, -2]).tolist() == [0, 1, 1, 0]


def test_squares_find_the_mean_and_absolute_errors_the_median() -> None:
    data = np.array([0, 1, 2, 3, 100.0])
    for loss, answer in ((mg.mse_loss, 21.2), (mg.l1_loss, 2.0)):
        slopes = []
        for y in (answer - 0.01, answer + 0.01):
            guess = mg.Tensor(y, requires_grad=True)
            loss(mg.broadcast_to(guess, (5,)), data).backward()
            slopes.append(float(guess.grad))
        assert slopes[0] < 0 < slopes[1]


def test_the_error_signal_of_a_saturated_unit() -> None:
    """At z = −10 with t = 1: squares say almost nothing, cross-entropy says −1."""
    found = []
    for loss in (lambda z: 0.5 * (mg.sigmoid(z) - 1) ** 2, lambda z: -mg.log_sigmoid(z)):
        z = mg.Tensor(-10.0, requires_grad=True)
        loss(z).backward()
        found.append(float(z.grad))
    assert found == pytest.approx([-4.5396e-5, -0.9999546], rel=1e-4)


def test_tanh_is_a_sigmoid() -> None:
    z = np.linspace(-4, 4, 33)
    np.testing.assert_allclose(mg.tanh(z), 2 * mg.sigmoid(2 * z) - 1, atol=1e-15)


@pytest.mark.parametrize(("y", "error"), [([0.2, 0.4, 0.1, 0.3], 0.55), ([0.1, 0.1, 0.7, 0.1], 0.06)])
def test_the_total_error_of_the_boat(y: list[float], error: float) -> None:
    t = np.array([0, 0, 1, 0.0])
    output = mg.Tensor(y, requires_grad=True)
    E = 0.5 * mg.sum((t - output) ** 2)
    E.backward()
    assert float(E) == pytest.approx(error)
    assert output.grad == pytest.approx(np.array(y) - t)


# ---------------------------------------------------------------- scanning


def test_the_scanner() -> None:
    binary = image([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
    found = mg.conv2d(binary, image([[1, 0, 1], [0, 1, 0], [1, 0, 1]]))[0, 0]
    assert found.tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def test_the_matrix_of_a_filter_is_sparse() -> None:
    columns = mg.conv2d(np.eye(784).reshape(784, 1, 28, 28), np.ones((1, 1, 3, 3)), padding=1)
    assert (np.count_nonzero(columns), columns.size) == (6_724, 614_656)


def test_max_pooling() -> None:
    x = image([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    assert mg.max_pool2d(x, 2)[0, 0].tolist() == [[6, 8], [3, 4]]


def test_zero_padding() -> None:
    padded = mg.pad(np.array([[1, 2, 3]] * 3), 1)
    assert padded.tolist() == [[0] * 5, *[[0, 1, 2, 3, 0]] * 3, [0] * 5]


def test_no_third_channel_gives_the_output_on_the_slide() -> None:
    """0 7 3 / 4 4 6 / 8 8 5: nine equations in 25 pixels of 0, 1 or 2 and a bias, which no whole numbers solve."""
    optimize = pytest.importorskip("scipy.optimize")
    first = [[1, 1, 0, 0, 2], [1, 1, 0, 1, 0], [1, 1, 1, 2, 1], [1, 0, 2, 0, 2], [0, 0, 2, 1, 0]]
    second = [[0, 0, 2, 0, 1], [1, 1, 0, 1, 1], [2, 0, 2, 2, 0], [1, 1, 1, 2, 0], [0, 1, 2, 2, 0]]
    F0 = np.array([[[1, 1, 1], [1, 0, -1], [-1, 0, 1]], [[-1, 0, -1], [0, 1, 0], [0, 0, 0]],
                   [[1, 1, -1], [0, 1, 0], [-1, 0, 0]]], dtype=float)  # fmt: skip

    def scan(x: np.ndarray, filters: np.ndarray) -> np.ndarray:
        return mg.conv2d(x, filters, stride=2, padding=1)

    follows = scan(np.array([[first, second, second]]), F0[None])[0, 0]
    assert follows.tolist() == [[0, 4, 0], [4, 2, 2], [0, 2, 3]]

    of_two = scan(np.array([[first, second]]), F0[None, :2]).reshape(9)
    of_third = scan(np.eye(25).reshape(25, 1, 5, 5), F0[None, 2:]).reshape(25, 9).T
    equations = np.hstack([of_third, np.ones((9, 1))])

    def solved(output: np.ndarray) -> bool:
        right = output.reshape(9) - of_two
        result = optimize.milp(
            np.zeros(26),
            constraints=optimize.LinearConstraint(equations, right, right),
            integrality=np.ones(26),
            bounds=optimize.Bounds([0] * 25 + [-100], [2] * 25 + [100]),
        )
        return bool(result.success)

    assert solved(follows)
    assert not solved(np.array([[0, 7, 3], [4, 4, 6], [8, 8, 5]]))


def test_the_filter_on_letters() -> None:
    """−1 1 / 0 0 on a … l: b − a, c − b, d − c, and below f − e, g − f, h − g."""
    letters = image([[0, 1, 4, 9], [16, 25, 36, 49], [64, 81, 100, 121]])
    found = mg.conv2d(letters, image([[-1, 1], [0, 0]]))[0, 0]
    assert found.tolist() == [[1, 3, 5], [9, 11, 13]]


# ---------------------------------------------------------------- sizes and counts


def test_output_sizes() -> None:
    assert [nn.conv_output_size(5, 3, S, P) for S, P in ((1, 0), (1, 1), (2, 1))] == [3, 5, 3]
    assert [nn.conv_output_size(7, 3, S) for S in (1, 2)] == [5, 3]
    assert nn.conv_output_size(7, 3, 3, P=1, strict=True) == 3
    for N, S in ((7, 3), (10, 2), (10, 3)):
        with pytest.raises(ValueError, match="does not fit evenly"):
            nn.conv_output_size(N, 3, S, strict=True)
    layers = nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.Conv2d(6, 10, 5))
    shapes = [row.output_shape for row in nn.summary(layers, (3, 32, 32)).layers]
    assert (shapes[0], shapes[2]) == ((6, 28, 28), (10, 24, 24))


@pytest.mark.parametrize(("F", "before", "after"), [(3, 1, 1), (4, 1, 2), (5, 2, 2), (6, 2, 3)])
def test_same_padding(F: int, before: int, after: int) -> None:
    """A filter with a 1 at one place alone copies the image, moved by what was padded in front of it."""
    x = np.arange(1.0, 10)[None, None]
    for tap, shift in ((0, before), (F - 1, -after)):
        W = np.eye(F)[tap][None, None]
        copied = mg.conv1d(x, W, padding="same")[0, 0]
        expected = np.roll(x[0, 0], shift)
        expected[slice(0, shift) if shift > 0 else slice(shift, None)] = 0
        assert copied.tolist() == expected.tolist()
    for N in range(F, 30):
        for S in (1, 2, 3, 4):
            assert nn.conv_output_size(N, F, S, P="same") == -(-N // S)


@pytest.mark.parametrize("K", [3, 5])
def test_receptive_fields_grow_by_a_kernel_less_one(K: int) -> None:
    layers = nn.Sequential(*(nn.Conv2d(1, 1, K) for _ in range(5)))
    sizes = [layer.size[0] for layer in nn.receptive_field(layers, (1, 40, 40)).layers]
    assert sizes == [1 + L * (K - 1) for L in range(1, 6)]


def test_weights_of_a_unit() -> None:
    assert nn.Linear(32 * 32 * 3, 1).weight.size == 3_072
    assert nn.Linear(400 * 400 * 3, 1).weight.size == 480_000
    assert nn.Linear(1080 * 1080 * 3, 1).weight.size == 3_499_200
    assert size(nn.Conv2d(3, 1, 5)) == 76
    assert size(nn.Conv2d(3, 10, 5)) == 760


def test_a_slice_of_alexnets_first_layer() -> None:
    summary = nn.summary(nn.Conv2d(3, 96, 11, stride=4), (3, 227, 227), sharing=True)
    assert (summary.total_without_sharing // 96, summary.total // 96) == (1_101_100, 364)


def test_the_table_of_the_digit_recogniser() -> None:
    counts = [size(part) for part in nn.DigitCNN(100).modules() if isinstance(part, nn.Conv2d | nn.Linear)]
    assert counts == [208, 1_168, 200_960, 25_700]
    assert sum(counts) == 228_036


def test_the_split_of_the_digit_recogniser() -> None:
    x, y = np.zeros((42_000, 1)), np.arange(42_000) % 10
    train, validation, *_ = nn.data.split(x, y, test_size=0.1)
    assert (len(train), len(validation)) == (37_800, 4_200)
