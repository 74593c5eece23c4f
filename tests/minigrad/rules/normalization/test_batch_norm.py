"""Batch normalization: the paper's formulas, running values that nobody writes into, and errors that teach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg

DRAW = np.random.default_rng(0).normal


def test_the_error_signals_of_the_paper() -> None:
    """The chain of Ioffe and Szegedy's section 3, through the mean and the variance, one by one."""
    x, gamma, beta, y_bar = DRAW(size=(5, 3)), DRAW(size=3), DRAW(size=3), DRAW(size=(5, 3))
    leaves = [mg.Tensor(a, requires_grad=True) for a in (x, gamma, beta)]
    mg.batch_norm(leaves[0], weight=leaves[1], bias=leaves[2], training=True).backward(y_bar)
    m, mu, var = len(x), x.mean(axis=0), x.var(axis=0) + 1e-5
    x_hat_bar = y_bar * gamma
    var_bar = np.sum(x_hat_bar * (x - mu) * -0.5 * var**-1.5, axis=0)
    mu_bar = np.sum(-x_hat_bar / np.sqrt(var), axis=0) + var_bar * np.mean(-2 * (x - mu), axis=0)
    x_bar = x_hat_bar / np.sqrt(var) + var_bar * 2 * (x - mu) / m + mu_bar / m
    np.testing.assert_allclose(leaves[0].grad, x_bar, rtol=1e-12)
    np.testing.assert_allclose(leaves[1].grad, np.sum(y_bar * (x - mu) / np.sqrt(var), axis=0), rtol=1e-12)
    np.testing.assert_allclose(leaves[2].grad, y_bar.sum(axis=0), rtol=1e-12)


def test_each_channel_has_mean_0_and_variance_1() -> None:
    y = mg.batch_norm(3 + 5 * DRAW(size=(4, 3, 6, 6)), training=True, eps=0)
    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-14)
    np.testing.assert_allclose(y.var(axis=(0, 2, 3)), 1, rtol=1e-14)


def test_running_values_are_returned_and_none_is_written_into() -> None:
    x, mean, var = DRAW(size=(4, 2, 3)), np.array([1.0, 2.0]), np.array([3.0, 4.0])
    for array in (x, mean, var):
        array.flags.writeable = False
    y, new_mean, new_var = mg.batch_norm(x, mean, var, training=True, momentum=0.25)
    np.testing.assert_allclose(y, mg.batch_norm(x, training=True))
    np.testing.assert_allclose(new_mean, 0.75 * mean + 0.25 * x.mean(axis=(0, 2)))
    np.testing.assert_allclose(new_var, 0.75 * var + 0.25 * x.var(axis=(0, 2), ddof=1))
    of_tensor, *new = mg.batch_norm(
        mg.Tensor(x, requires_grad=True), mg.Tensor(mean), var, training=True, momentum=0.25
    )
    assert of_tensor.requires_grad
    np.testing.assert_array_equal(new, [new_mean, new_var])
    assert all(type(a) is np.ndarray for a in new)
    _, _, of_one_channel = mg.batch_norm(x[:, :1], mean[:1], var[:1], training=True, momentum=1.0)
    np.testing.assert_allclose(of_one_channel, x[:, :1].var(axis=(0, 2), ddof=1))


def test_evaluation_uses_the_running_values() -> None:
    x, gamma, beta = DRAW(size=(4, 2, 3)), np.array([2.0, 0.5]), np.array([1.0, 0.0])
    y = mg.batch_norm(x, [1.0, 2.0], [3.0, 4.0], gamma, beta)
    expected = [2 * (x[:, 0] - 1) / np.sqrt(3 + 1e-5) + 1, 0.5 * (x[:, 1] - 2) / np.sqrt(4 + 1e-5)]
    np.testing.assert_allclose(y, np.stack(expected, axis=1), rtol=1e-14)
    np.testing.assert_array_equal(mg.batch_norm(x), mg.batch_norm(x, training=True))


def test_evaluation_keeps_the_precision_of_the_input() -> None:
    x = DRAW(size=(4, 2, 3))
    for weight in (None, np.array([1.0, 1.0])):
        y = mg.batch_norm(x.astype(np.float32), [1.0, 2.0], np.array([3.0, 4.0]), weight)
        assert y.dtype == (np.float32 if weight is None else np.float64)
        np.testing.assert_allclose(y, (x - [[1.0], [2.0]]) / np.sqrt([[3.0], [4.0]]), rtol=1e-4)


def test_running_values_that_are_whole_numbers_become_floats() -> None:
    _, mean, var = mg.batch_norm(DRAW(size=(4, 2)), [0, 0], [1, 1], training=True, momentum=0.5)
    assert mean.dtype == var.dtype == np.float64
    assert (mean != 0).all()


def test_without_channels_there_is_nothing_to_normalize() -> None:
    assert mg.batch_norm(np.zeros((2, 0, 3)), training=True).shape == (2, 0, 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_that_are_large_and_close_together_keep_their_digits(dtype: Any) -> None:
    x = (1e4 + np.tile([-1.0, 1.0], 500)).reshape(10, 1, 100).astype(dtype)
    np.testing.assert_allclose(mg.batch_norm(x, training=True, eps=0), x - 1e4, rtol=1e-6)
    np.testing.assert_allclose(mg.batch_norm(x, [1e4], [1.0], eps=0), x - 1e4, rtol=1e-6)


def test_half_precision_sums_in_single_precision() -> None:
    x = mg.Tensor(np.full((64, 1, 64, 64), 300.0) + DRAW(size=(64, 1, 64, 64)), requires_grad=True, dtype=np.float16)
    y = mg.batch_norm(x, training=True)
    y.backward(np.ones_like(y.data))
    assert y.dtype == x.grad.dtype == np.float16
    assert np.isfinite(y.data).all()
    assert abs(y.data.astype(float).std() - 1) < 1e-3
    assert abs(x.grad).max() < 1e-3  # an equal step of all values changes nothing


def test_a_constant_channel_gives_the_bias_and_nan_stays_in_its_channel() -> None:
    x = mg.Tensor(DRAW(size=(3, 3, 2)), requires_grad=True)
    x.data[:, 0] = 7
    x.data[1, 1, 0] = np.nan
    y = mg.batch_norm(x, weight=[1.0, 1.0, 1.0], bias=[5.0, 6.0, 7.0], training=True)
    y.backward(np.ones_like(y.data))
    assert (y.data[:, 0] == 5).all()
    assert (x.grad[:, 0] == 0).all()
    assert np.isnan(y.data[:, 1]).all()
    assert np.isfinite(y.data[:, 2]).all()
    assert np.isfinite(x.grad[:, 2]).all()


def test_a_batch_without_samples_leaves_the_running_values() -> None:
    y, mean, var = mg.batch_norm(np.zeros((0, 2, 3)), [1.0, 2.0], [3.0, 4.0], training=True)
    assert y.shape == (0, 2, 3)
    assert (mean.tolist(), var.tolist()) == ([1, 2], [3, 4])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mg.batch_norm(np.ones(3)), ValueError, r"samples and channels first, got \(3,\); of one sample"),
        (lambda: mg.batch_norm(np.ones((1, 3)), training=True), ValueError, "more than one value per channel"),
        (lambda: mg.batch_norm(np.ones((1, 3))), ValueError, r"call model.eval\(\) to predict"),
        (lambda: mg.batch_norm(np.ones((2, 3)), weight=np.ones(2)), ValueError, r"weight has shape \(2,\), expected"),
        (lambda: mg.batch_norm(np.ones((2, 3)), bias=np.ones(4)), ValueError, "each of the 3 channels"),
        (lambda: mg.batch_norm(np.ones((2, 3)), np.ones(3)), ValueError, "running_var is missing"),
        (lambda: mg.batch_norm(np.ones((2, 3)), None, np.ones(3)), ValueError, "running_mean is missing"),
        (lambda: mg.batch_norm(np.ones((2, 3)), np.ones(2), np.ones(2)), ValueError, "running_mean has shape"),
        (lambda: mg.batch_norm(np.ones((2, 3)) * 1j, training=True), TypeError, "batch_norm: takes real numbers only"),
        (lambda: mg.batch_norm(np.ones((2, 3)), weight=np.ones(3) * 1j), TypeError, "takes real numbers only"),
        (lambda: mg.batch_norm(np.ones((2, 3)), eps=-1), ValueError, "eps=-1, expected a small number"),
        (lambda: mg.batch_norm(np.ones((2, 3)), eps="x"), TypeError, "expected a number"),
        (
            lambda: mg.batch_norm(np.ones((2, 3)), mg.Tensor(np.ones(3), requires_grad=True), np.ones(3)),
            TypeError,
            "running_mean requires gradients",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_gradients_for_some_arguments_alone() -> None:
    x, gamma, beta, y_bar = DRAW(size=(4, 2, 3)), DRAW(size=2), DRAW(size=2), DRAW(size=(4, 2, 3))
    every = [mg.Tensor(a, requires_grad=True) for a in (x, gamma, beta)]
    mg.batch_norm(every[0], weight=every[1], bias=every[2], training=True).backward(y_bar)
    for i, expected in enumerate(every):
        args = [mg.Tensor(a, requires_grad=i == j) for j, a in enumerate((x, gamma, beta))]
        mg.batch_norm(args[0], weight=args[1], bias=args[2], training=True).backward(y_bar)
        np.testing.assert_allclose(args[i].grad, expected.grad, rtol=1e-13)


def test_an_error_signal_that_was_written_into_is_read_anew() -> None:
    x, gamma = mg.Tensor(DRAW(size=(4, 2)), requires_grad=True), mg.Tensor([1.0, 2.0], requires_grad=True)
    y, y_bar = mg.batch_norm(x, weight=gamma, training=True), np.ones((4, 2))
    y.backward(y_bar, retain_graph=True)
    first = gamma.grad.copy()
    gamma.grad = None
    y_bar[0] = 5
    y.backward(y_bar)
    np.testing.assert_allclose(gamma.grad - first, 4 * (y.data / gamma.data)[0], rtol=1e-12)
