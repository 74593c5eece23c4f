"""How much is folded, and in how much time: nothing with a name disappears, as far as that goes."""

import gc
import os
import random

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.drawing.processor_speed import slowness

pytest.importorskip("pygraphviz", minversion="2.0")


def attention():
    rng = np.random.default_rng(0)
    x = mg.Tensor(rng.normal(size=(3, 2)), name="x")
    W = [mg.Tensor(rng.normal(size=(2, 2)), requires_grad=True, name=f"W_{letter}") for letter in "qkv"]
    q, k, v = ((x @ weight).named(name) for weight, name in zip(W, "qkv", strict=True))
    s = (q @ k.T / np.sqrt(2)).named("s")
    a = mg.softmax(s, axis=-1).named("a")
    return mg.mean((a @ v).named("o") ** 2).named("L")


def test_variables_with_names_keep_their_boxes():
    titles = [box.rows[0].spans[0].text for box in mg.draw(attention())._picture.boxes]
    assert sorted(titles) == sorted(["W", "W", "W", *"xqkvsao", "L"])


def test_what_has_no_names_is_folded_and_a_line_says_so():
    y = x = mg.Tensor(0.5, requires_grad=True, name="x")
    for i in range(120):
        p = mg.Tensor(1.0, requires_grad=True, name=f"p_{i}")
        y = y * p if i % 2 else y + p * x
    drawing = mg.draw(y)
    assert len(drawing._picture.boxes) < 40
    assert "one box" in str(drawing)


def test_a_network_does_not_become_one_box():
    x = np.random.default_rng(0).random((1, 3, 32, 32), dtype=np.float32)
    drawing = nn.draw(nn.SmallGoogLeNet(rng=0), x, loss=mg.sum)
    names = [box.rows[0].spans[0].text for box in drawing._picture.boxes]
    assert {"inception3a", "inception5b", "fc"} <= set(names)


def test_a_long_loop_is_one_box():
    rng = np.random.default_rng(0)
    W = mg.Tensor(rng.normal(size=(2, 2)), requires_grad=True, name="W")
    h = mg.Tensor(np.ones(2), name="h_0")
    for k in range(1, 61):
        h = mg.tanh(W @ h).named(f"h_{k}")
    boxes = mg.draw(mg.sum(h).named("L"))._picture.boxes
    assert len(boxes) < 8
    assert max(box.times for box in boxes) >= 59


# ---------------------------------------------------------------- time


def seconds(draw):
    """CPU time of this process and of Graphviz, as of a processor that nobody slows down."""
    slow = slowness()
    before = os.times()
    draw()._repr_svg_()
    return (sum(os.times()[:4]) - sum(before[:4])) / slow


def chain(n):
    y = mg.Tensor(0.5, requires_grad=True)
    for i in range(n):
        y = mg.tanh(y) if i % 2 else y * 1.01
    return y


def tangle(n):
    """Each value is computed from one of the last thirty and from any."""
    choose = random.Random(0).choice
    values = [mg.Tensor(1 + i / 10, requires_grad=True, name=f"p_{i}") for i in range(5)]
    while len(values) < n - 1:
        x, y = choose(values), choose(values[-30:])
        values.append(((x * y if len(values) % 2 else x + y) * 0.5).named(f"v_{len(values)}"))
    return sum(values[-30:]).named("L")


def test_lenet_takes_less_than_a_second():
    model, images = nn.LeNet(rng=0), np.random.default_rng(0).random((4, 1, 28, 28), dtype=np.float32)
    draws = [lambda: nn.draw(model, images, loss=lambda y: mg.cross_entropy(y, np.zeros(4, int)))] * 2
    assert min(map(seconds, draws)) < 1


@pytest.mark.slow
@pytest.mark.parametrize("level", [None, "lines"])
def test_four_hundred_boxes_with_arrows_across(level):
    loss = tangle(401)
    assert seconds(lambda: mg.draw(loss, level=level)) < 10


@pytest.mark.slow
def test_a_hundred_thousand_operations():
    y = chain(100_000)
    assert seconds(lambda: mg.draw(y)) < 5


@pytest.mark.parametrize("level", ["lines", "stages", "modules", "operations"])
def test_ten_thousand_operations(level, ten_thousand):
    assert seconds(lambda: mg.draw(ten_thousand, level=level)) < 1


@pytest.fixture(scope="module")
def ten_thousand():
    return chain(10_000)


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(enabled):
    was_enabled = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        mg.draw(chain(3))
        with pytest.raises(ValueError, match="nobody"):
            mg.draw(chain(3), fold="nobody")
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()
