"""The empirical receptive field: within the theoretical one, and equal to the weights where there is one layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

RNG = np.random.default_rng


def images(*shape: int) -> Any:
    return RNG(0).normal(size=shape).astype(np.float32)


LINEAR: dict[str, tuple[nn.Module, str, tuple[int, ...]]] = {
    "one layer": (nn.Sequential(nn.Conv2d(2, 3, 3, rng=0)), "0", (2, 8, 9)),
    "two, with padding": (nn.Sequential(*[nn.Conv2d(1, 1, 3, padding=1, rng=i) for i in range(2)]), "1", (1, 7, 7)),
    "stride and pooling": (
        nn.Sequential(nn.Conv2d(1, 2, 3, stride=2, rng=0), nn.AvgPool2d(2), nn.Conv2d(2, 2, 2, rng=1)), "2", (1, 19, 15)
    ),
    "an inner layer": (nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.Conv2d(2, 2, 3, rng=1)), "0", (1, 8, 8)),
    "shortcut": (nn.Residual(nn.Conv2d(2, 2, 3, padding=1, rng=0)), "f", (2, 6, 6)),
    "sound": (nn.Sequential(nn.Conv1d(1, 2, 5, stride=2, rng=0)), "0", (1, 16)),
    "fully connected": (nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(9, 3, rng=1)), "2", (1, 6, 6)),
}  # fmt: skip


@pytest.mark.parametrize("name", LINEAR)
def test_with_generic_weights_of_linear_layers_it_is_the_theoretical_one(name: str) -> None:
    model, layer, shape = LINEAR[name]
    field = nn.receptive_field(model, shape)[layer]
    output = field.output_shape[1:]
    corners = [(0,) * len(output), tuple(n - 1 for n in output), tuple(n // 2 for n in output)]
    for position in corners:
        measured = nn.empirical_receptive_field(model, layer, images(1, *shape), position)
        seen = np.zeros(shape[1:], bool)
        seen[field.region(*(position or (0,) * len(shape[1:])))] = True
        np.testing.assert_array_equal(measured > 0, seen)


def test_of_any_network_it_lies_within_the_theoretical_one() -> None:
    model = nn.LeNet(rng=0)
    fields = nn.receptive_field(model, (1, 28, 28))
    for layer in ("conv1", "relu1", "pool1", "conv2", "pool2"):
        position = tuple(n // 3 for n in fields[layer].output_shape[1:])
        measured = nn.empirical_receptive_field(model, layer, images(4, 1, 28, 28), position)
        outside = np.ones((28, 28), bool)
        outside[fields[layer].region(*position)] = False
        assert measured.any()
        assert not measured[outside].any()


def test_of_one_channel_of_one_layer_it_is_the_filter() -> None:
    conv = nn.Conv2d(3, 4, 3, rng=0)
    measured = nn.empirical_receptive_field(nn.Sequential(conv=conv), "conv", images(5, 3, 6, 6), (1, 2), channel=2)
    expected = np.zeros((6, 6))
    expected[1:4, 2:5] = np.sqrt((conv.weight.data[2].astype(np.float64) ** 2).sum(axis=0))
    np.testing.assert_allclose(measured, expected, rtol=1e-6)


def test_of_all_channels_squares_add_up() -> None:
    conv = nn.Conv2d(1, 4, 3, rng=0)
    model, x = nn.Sequential(conv=conv), images(400, 1, 3, 3)
    each = [nn.empirical_receptive_field(model, "conv", x, channel=c) for c in range(4)]
    together = nn.empirical_receptive_field(model, "conv", x)
    np.testing.assert_allclose(together, np.sqrt(np.sum(np.square(each), axis=0)), rtol=0.2)


def test_it_is_the_mean_over_images() -> None:
    model = nn.Sequential(conv=nn.Conv2d(1, 1, 3, padding=1, rng=0), relu=nn.ReLU())
    x = images(6, 1, 5, 5)
    each = [nn.empirical_receptive_field(model, "relu", x[i : i + 1], channel=0) for i in range(6)]
    assert 0 < sum(field.any() for field in each) < 6
    np.testing.assert_allclose(
        nn.empirical_receptive_field(model, "relu", x, channel=0), np.sqrt(np.mean(np.square(each), axis=0)), rtol=1e-6
    )


def test_the_middle_of_many_layers_counts_most() -> None:
    """Luo and others: with layers of equal weights it is nearly Gaussian, and narrower than the theoretical one."""
    model = nn.Sequential(*[nn.AvgPool2d(3, stride=1) for _ in range(6)])
    measured = nn.empirical_receptive_field(model, "5", images(1, 1, 13, 13), (0, 0), channel=0)
    middle = np.array([1.0])
    for _ in range(6):
        middle = np.convolve(middle, np.ones(3) / 3)
    np.testing.assert_allclose(measured, np.outer(middle, middle), rtol=1e-5)


def test_the_model_is_left_as_it_was() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.BatchNorm2d(2), nn.Dropout(0.5, rng=0))
    before = {name: value.copy() for name, value in model.state_dict().items()}
    nn.empirical_receptive_field(model, "2", images(2, 1, 6, 6))
    assert all(module.training for _, module in model.named_modules())
    assert all(p.grad is None for p in model.parameters())
    assert all(np.array_equal(value, before[name]) for name, value in model.state_dict().items())


def test_a_model_that_counts_and_draws_is_left_as_it_was() -> None:
    class Noisy(nn.Module):
        def __init__(self) -> None:
            self.conv, self.rng, self.calls = nn.Conv2d(1, 1, 3, rng=0), RNG(0), 0

        def forward(self, x: Any) -> Any:
            self.calls += 1
            return self.conv(x + self.rng.normal(size=x.shape).astype(np.float32))

    model = Noisy()
    nn.empirical_receptive_field(model, "conv", images(1, 1, 6, 6))
    assert model.calls == 0
    assert model.rng.normal() == RNG(0).normal()


def test_integers_and_double_precision() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0))
    pixels = RNG(0).integers(0, 255, (2, 1, 6, 6)).astype(np.uint8)
    fields = [nn.empirical_receptive_field(model, "0", given) for given in (pixels, pixels / 1.0, mg.Tensor(pixels))]
    np.testing.assert_allclose(fields[0], fields[1])
    np.testing.assert_allclose(fields[0], fields[2])


class Uncalled(nn.Module):
    def __init__(self) -> None:
        self.conv, self.spare = nn.Conv2d(1, 2, 3), nn.ReLU()

    def forward(self, x: Any) -> Any:
        return self.conv(x)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m, x: nn.empirical_receptive_field(m, "conv3", x), r"no layer 'conv3'; there are 0, 1"),
        (lambda m, x: nn.empirical_receptive_field(m, "0", x[0, 0]), r"shape \(6, 6\), expected \(N, C, H, W\)"),
        (lambda m, x: nn.empirical_receptive_field(m, "0", x[:0]), "at least one"),
        (
            lambda m, x: nn.empirical_receptive_field(m, "0", x, (4, 0)),
            r"position \(4, 0\) in '0'.*\(N, \*\(2, 4, 4\)\)",
        ),
        (lambda m, x: nn.empirical_receptive_field(m, "0", x, (1,)), "expected 2 numbers"),
        (lambda m, x: nn.empirical_receptive_field(m, "0", x, channel=2), "channel=2, expected 0 to 1"),
        (lambda m, x: nn.empirical_receptive_field(Uncalled(), "spare", x), "'spare' gave no Tensor; is it called"),
    ],
)
def test_errors(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.ReLU()), images(2, 1, 6, 6))


def test_a_function_is_no_model() -> None:
    with pytest.raises(TypeError, match=r"expected a model composed of nn\.Modules, got function"):
        nn.empirical_receptive_field(lambda x: x, "0", images(1, 1, 4, 4))
