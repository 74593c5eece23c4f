"""Deconvnet, compared with transposed filters and switches that are written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minigrad as mg
import nn
from tests.helpers.networks.classifiers import convolutional, images


def transposed(maps: Any, filters: Any) -> Any:
    """Each answer times its filter, laid down where the filter had been: the transpose of a padded convolution."""
    n, _, h, w = maps.shape
    size = filters.shape[-1]
    p = size // 2
    found = np.zeros((n, filters.shape[1], h + 2 * p, w + 2 * p))
    for i in range(h):
        for j in range(w):
            found[:, :, i : i + size, j : j + size] += np.einsum("nf,fckl->nckl", maps[:, :, i, j], filters)
    return found[:, :, p : p + h, p : p + w]


def by_hand(model: Any, x: Any, unit: tuple[int, int, int]) -> Any:
    """Zeiler and Fergus' figure 1, from a unit of the second layer down to the pixels."""
    h1 = np.maximum(nn.predict(model[:1], x), 0)
    blocks = h1.reshape(*h1.shape[:2], 4, 2, 4, 2).transpose(0, 1, 2, 4, 3, 5).reshape(*h1.shape[:2], 4, 4, 4)
    switches = blocks.argmax(axis=-1)
    answers = np.maximum(nn.predict(model[:4], x), 0)
    signal = np.zeros_like(answers)
    signal[:, *unit] = answers[:, *unit]
    pooled = transposed(np.maximum(signal, 0), model.conv2.weight.data)
    unpooled = (pooled[..., None] * (np.arange(4) == switches[..., None])).reshape(*pooled.shape, 2, 2)
    maps = unpooled.transpose(0, 1, 2, 4, 3, 5).reshape(h1.shape)
    return transposed(np.maximum(maps, 0), model.conv1.weight.data)


@given(st.integers(0, 2**16), st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 3)))
def test_a_unit_against_the_transpose_written_out(seed: int, unit: tuple[int, int, int]) -> None:
    model, x = convolutional(seed), images(2, seed)
    found = nn.attribution.deconvnet(model, x, layer="relu2", unit=unit)
    np.testing.assert_allclose(found, by_hand(model, x, unit), rtol=1e-12, atol=1e-12)


def test_a_feature_map_is_projected_from_its_largest_answer() -> None:
    model, x = convolutional(), images(4)
    maps = np.maximum(nn.predict(model[:4], x), 0)
    found = nn.attribution.deconvnet(model, x, layer=model.relu2, unit=2)
    for n, answers in enumerate(maps[:, 2]):
        i, j = map(int, np.unravel_index(answers.argmax(), answers.shape))
        np.testing.assert_array_equal(
            found[n : n + 1], nn.attribution.deconvnet(model, x[n : n + 1], layer="relu2", unit=(2, i, j))
        )


def test_below_the_first_relu_there_is_nothing_to_change() -> None:
    model, x = convolutional(), images(1)
    answers = nn.predict(model[:1], x)
    signal = np.zeros_like(answers)
    signal[:, 1, 3, 4] = answers[:, 1, 3, 4]
    found = nn.attribution.deconvnet(model, x, layer="conv1", unit=(1, 3, 4))
    np.testing.assert_allclose(found, transposed(signal, model.conv1.weight.data), rtol=1e-12)


def test_a_unit_of_a_layer_without_places() -> None:
    model, x = convolutional(), images(2)
    found = nn.attribution.deconvnet(model, x, layer="fc", unit=1)
    scores = nn.predict(model, x)[:, 1]
    of_class = nn.attribution.deconvnet(model, x, target=1)
    sign = np.sign(scores)[:, None, None, None]
    np.testing.assert_allclose(
        found[sign.ravel() > 0], (abs(scores)[:, None, None, None] * of_class)[sign.ravel() > 0], rtol=1e-12
    )
    assert np.any(found)


def test_a_unit_that_does_not_answer_projects_to_nothing() -> None:
    model, x = convolutional(), images(1)
    model.conv2.bias.data = np.full(5, -100.0)
    assert not nn.attribution.deconvnet(model, x, layer="relu2", unit=0).any()


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"unit": 0}, TypeError, "unit is one of a layer; give the layer, too"),
        ({"layer": "relu2"}, TypeError, "with a layer, unit says what is projected"),
        ({"layer": "relu2", "unit": 0, "target": 1}, TypeError, "target is a class, and goes without a layer"),
        ({"layer": "relu2", "unit": 5}, ValueError, r"there is no unit 5; the layer relu2 gives \(N, 5, 4, 4\)"),
        ({"layer": "relu2", "unit": -1}, ValueError, "there is no unit -1"),
        ({"layer": "relu2", "unit": (0, 0, 4)}, ValueError, r"there is no unit \(0, 0, 4\)"),
        (
            {"layer": "relu2", "unit": (0, 0)},
            TypeError,
            r"the unit is \(0, 0\), expected the number of a feature map, or 3",
        ),
        ({"layer": "relu2", "unit": 1.0}, TypeError, "the unit is 1.0, expected the number of a feature map"),
        ({"layer": "relu2", "unit": True}, TypeError, "the unit is True"),
        ({"layer": "relu3", "unit": 0}, ValueError, "has no layer 'relu3'; did you mean 'relu"),
    ],
)
def test_mistakes(options: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        nn.attribution.deconvnet(convolutional(), images(1), **options)


def test_the_rule_is_printed() -> None:
    """The same rule, in a derivation."""
    from nn.attribution.deconvnet import rectified

    z = mg.Tensor([1.0, -2.0], requires_grad=True)
    y = mg.relu(z)
    steps = mg.explain((y * np.array([1.0, 2.0])).sum(), rules={mg.relu: rectified}).backward
    assert next(step.formula for step in steps if step.target == "z") == "relu(ȳ)"
