"""Text can be read from a projector: at 1920 × 1080 every font, subscripts aside, is at least 18 pixels high."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.drawing import fitting
from minigrad.drawing.layout.quality import fits
from minigrad.drawing.scene import Image, Text
from tests.helpers.drawing.gallery import PICTURES, classification, images

pytest.importorskip("pygraphviz", minversion="2.0")


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch):
    """How much is left out shall not depend on what else the machine does."""
    monkeypatch.setattr(fitting, "_SECONDS", 100.0)


def perceptron(*widths):
    """Layers of these widths with a ReLU between them, on a batch of four."""
    rng = np.random.default_rng(0)
    y = mg.Tensor(rng.normal(size=(4, widths[0])), name="X")
    for k, (before, after) in enumerate(pairwise(widths), 1):
        W = mg.Tensor(rng.normal(size=(before, after)), requires_grad=True, name=f"W{k}")
        b = mg.Tensor(rng.normal(size=after), requires_grad=True, name=f"b{k}")
        y = (y @ W + b).named(f"Z{k}")
        y = mg.relu(y).named(f"H{k}") if k < len(widths) - 1 else y
    return (0.5 * mg.mean((y - mg.Tensor(np.ones((4, widths[-1])), name="t")) ** 2)).named("L")


def rnn(steps):
    rng = np.random.default_rng(0)
    W, U = (mg.Tensor(rng.normal(size=s), requires_grad=True, name=n) for s, n in (((2, 2), "W"), ((2, 3), "U")))
    h = mg.Tensor(np.zeros(2), name="h_0")
    for k in range(1, steps + 1):
        h = mg.tanh(W @ h + U @ mg.Tensor(rng.normal(size=3), name=f"x_{k}")).named(f"h_{k}")
    return mg.sum(h**2).named("L")


def network(model, *shape, loss=None, **options):
    return nn.draw(model, images(*shape), loss=loss or classification(3), **options)


#: Graphs of the same kinds as those of the gallery.
OTHERS = {
    "perceptron of five layers": lambda: mg.draw(perceptron(2, 4, 4, 4, 4, 1)),
    "rnn of eight steps": lambda: mg.draw(rnn(8)),
    "inception of GoogLeNet": lambda: network(
        nn.Inception(192, 64, 96, 128, 16, 32, 32, rng=0), 1, 192, 14, 14, loss=mg.sum
    ),
    "vgg": lambda: network(nn.VGG(11, 10, 32, batch_norm=True, rng=0), 2, 3, 32, 32),
    "SmallGoogLeNet": lambda: network(nn.SmallGoogLeNet(rng=0), 1, 3, 32, 32),
    "resnet20": lambda: network(nn.ResNet20(rng=0), 2, 3, 32, 32, signals=True),
}


@cache
def drawing_of(name):
    """With error signals, which need room. Large networks have them only if asked for."""
    return PICTURES[name](signals=True)


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_of_the_gallery_can_be_read_with_error_signals(name):
    scene = drawing_of(name)._scene()
    assert fits(scene) >= 18
    assert any(kind == "backward" for kind, _ in scene.groups.values())


@pytest.mark.parametrize("name", OTHERS)
def test_graphs_of_the_same_kinds_can_be_read(name):
    assert fits(OTHERS[name]()._scene()) >= 18


def words(scene):
    return " ".join(item.span.text for item in scene.items if isinstance(item, Text)).replace("\xa0", " ")


def test_the_branches_of_an_inception_block_are_unfolded():
    scene = drawing_of("inception")._scene()
    assert all(f"branch{k}" in words(scene) for k in range(1, 5))
    assert sum(kind == "box" for kind, _ in scene.groups.values()) == 10


@pytest.mark.parametrize("level", ["lines", "operations"])
def test_details_are_left_out_before_a_level_that_was_asked_for_is_folded(level):
    drawing = drawing_of(f"lenet_{level}")
    scene = drawing._scene()
    assert "one box" not in words(scene)
    assert "left out so that the text can be read: maps" in words(scene)
    assert not any(isinstance(item, Image) for item in scene.items)
    assert {f"fc{k}" for k in (1, 2, 3)} <= {item.span.text for item in scene.items if isinstance(item, Text)}
    assert "−0." in str(drawing)  # the outline has the ranges
