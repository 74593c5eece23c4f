"""Layers, and calls of modules."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.minigrad.promises import same

X, Y = np.eye(4, dtype=np.float32), np.array([0, 1, 0, 1])


def test_init_of_a_layer() -> None:
    """`init=` of a layer"""
    layer = nn.Linear(2, 3, init=nn.init.ones_)
    assert layer.weight.data.tolist() == [[1, 1]] * 3
    assert layer.bias.data.tolist() == [0, 0, 0]


def test_softmax_without_an_axis() -> None:
    """`Softmax()` and its kin without `dim`"""
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    for layer in (nn.Softmax, nn.LogSoftmax, nn.Softmin):
        same(layer()(x[0]), layer(dim=1)(x[0]))
        same(layer()(x[0, 0]), layer(dim=0)(x[0, 0]))
        with pytest.raises(ValueError, match="no axis was named"):
            layer()(x)


def test_dropout2d_of_three_axes() -> None:
    """`Dropout2d` of inputs with three axes"""
    with pytest.raises(ValueError, match="a single image needs a batch axis"):
        nn.Dropout2d()(np.ones((2, 3, 4)))


def test_running_values_are_returned() -> None:
    """`batch_norm` and `instance_norm` in training with running values"""
    x, mean, var = np.random.default_rng(0).normal(size=(4, 2, 3)), np.zeros(2), np.ones(2)
    for normalize, flag in ((mg.batch_norm, "training"), (mg.instance_norm, "use_input_stats")):
        _, new_mean, new_var = normalize(x, mean, var, **{flag: True})
        assert mean.tolist() == [0, 0]
        assert var.tolist() == [1, 1]
        assert (new_mean != mean).all()
        assert (new_var != var).all()


def test_what_is_no_batch_leaves_running_values() -> None:
    """an empty batch, or one that raises an error, in a normalization layer"""
    layer = nn.BatchNorm1d(2)
    layer(np.ones((0, 2), np.float32))
    with pytest.raises(ValueError, match="more than one value"):
        layer(np.ones((1, 2), np.float32))
    assert layer.num_batches_tracked.data == 0  # type: ignore[union-attr]
    assert layer.running_mean.data.tolist() == [0, 0]  # type: ignore[union-attr]


def test_one_value_per_mean() -> None:
    """batch normalization in training, group and instance normalization of one value per mean"""
    calls = (
        lambda: mg.batch_norm(np.ones((1, 2)), training=True),
        lambda: mg.group_norm(np.ones((3, 2)), 2),
        lambda: mg.instance_norm(np.ones((3, 2, 1))),
    )
    for call in calls:
        with pytest.raises(ValueError, match="the output would be the bias"):
            call()


def test_large_numbers_close_together() -> None:
    """normalizing numbers that are large and close together: 10⁴ ± 1 in float32"""
    x = 1e4 + np.tile(np.float32([-1, 1]), (6, 50))
    for y in (
        mg.batch_norm(x[:, None], training=True, eps=0)[:, 0],
        mg.layer_norm(x, 100, eps=0),
        mg.group_norm(x, 2, eps=0),
    ):
        np.testing.assert_allclose(y, x - 1e4, rtol=1e-6)


def test_embedding_out_of_range() -> None:
    """`Embedding`, an index that is negative or too large"""
    for index in (-1, 3):
        with pytest.raises(IndexError, match=f"index {index} at"):
            nn.Embedding(3, 2)([0, index])


def test_embedding_of_padding() -> None:
    """`Embedding(padding_idx=i)`"""
    layer = nn.Embedding(3, 2, padding_idx=1, rng=0)
    layer([1, 0, 1]).sum().backward()
    same(layer.weight.grad, [[1, 1], [0, 0], [0, 0]])
    _, y_dot = mg.jvp(lambda w: mg.embedding([1, 0], w, padding_idx=1), [layer.weight], [np.ones((3, 2))])
    same(y_dot, [[0, 0], [1, 1]])


def test_residual_terms() -> None:
    """`Residual` where the shapes of both terms differ"""
    with pytest.raises(ValueError, match="to which its input cannot be added"):
        nn.Residual(nn.Linear(3, 1))(np.ones((2, 3), np.float32))


def test_keywords_of_calls() -> None:
    """`model(x, scale=2)`"""

    class Scaled(nn.Module):
        def forward(self, x: float, scale: float = 1.0) -> float:
            return scale * x

    assert Scaled()(3.0, scale=2.0) == Scaled()(x=6.0) == 6.0


def test_a_forward_that_returns_nothing() -> None:
    """a `forward` that returns `None`"""

    class Forgot(nn.Module):
        def forward(self, x: float) -> None:
            mg.exp(x)

    with pytest.raises(TypeError, match="it lacks a return"):
        Forgot()(1.0)


def test_words_of_other_libraries() -> None:
    """names and arguments of PyTorch and Keras that are not here"""
    with pytest.raises(TypeError, match="write axis="):
        mg.sum(np.ones(2), dim=0)  # type: ignore[call-arg]
    with pytest.raises(AttributeError, match=r"write nn\.fit\(model"):
        nn.Linear(2, 2).fit(X, Y)  # type: ignore[attr-defined]
