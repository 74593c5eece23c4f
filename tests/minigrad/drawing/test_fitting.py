"""How much is folded: text is large enough, or else nothing with a name disappears in a nameless part."""

import numpy as np
import pytest

import minigrad as mg
import nn

pytest.importorskip("pygraphviz", minversion="2.0")


def attention():
    rng = np.random.default_rng(0)
    x = mg.Tensor(rng.normal(size=(3, 2)), name="x")
    W = [mg.Tensor(rng.normal(size=(2, 2)), requires_grad=True, name=f"W_{letter}") for letter in "qkv"]
    q, k, v = ((x @ weight).named(name) for weight, name in zip(W, "qkv", strict=True))
    s = (q @ k.T / np.sqrt(2)).named("s")
    a = mg.softmax(s, axis=-1).named("a")
    return mg.mean((a @ v).named("o") ** 2).named("L")


def test_variables_with_names_keep_their_boxes_though_the_text_is_smaller():
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
