"""What modules say of themselves in drawings."""

import pytest

import minigrad as mg
import nn


@pytest.mark.parametrize(
    ("module", "texts"),
    [
        (nn.Conv2d(1, 6, 5, padding=2), ["6 filters 5×5", "padding 2"]),
        (nn.Conv1d(1, 1, 3, stride=2), ["1 filter 3", "stride 2"]),
        (nn.Conv3d(1, 2, (1, 2, 3), padding="same"), ["2 filters 1×2×3", "padding same"]),
        (nn.Conv2d(4, 4, 3, groups=4, bias=False), ["4 filters 3×3", "groups 4"]),
        (nn.Conv2d(4, 4, 3, stride=(1, 2)), ["4 filters 3×3", "stride 1×2"]),
        (nn.ConvTranspose2d(3, 6, 2, stride=2), ["6 transposed filters 2×2", "stride 2"]),
        (nn.Linear(400, 120), ["400 → 120"]),
        (nn.MaxPool2d(2), ["max 2×2"]),
        (nn.MaxPool2d(3, 2, 1), ["max 3×3", "stride 2", "padding 1"]),
        (nn.AvgPool1d(4), ["average 4"]),
        (nn.AdaptiveAvgPool2d(1), ["average to 1×1"]),
        (nn.AdaptiveMaxPool2d((None, 2)), ["max to all×2"]),
        (nn.LPPool2d(2, 3), ["LPPool2d(2, 3)"]),
        (nn.Flatten(), ["Flatten"]),
        (nn.Flatten(2), ["Flatten", "start_dim=2", "end_dim=-1"]),
        (nn.ReLU(), ["ReLU"]),
        (nn.BatchNorm2d(64), ["BatchNorm2d(64)"]),
        (nn.LeakyReLU(0.01), ["LeakyReLU", "negative_slope=0.01"]),
        (nn.Sequential(nn.ReLU()), ["Sequential"]),
    ],
)
def test_modules_describe_themselves(module, texts):
    assert module.describe() == texts


def test_a_module_of_your_own_says_what_it_likes():
    class Attention(nn.Module):
        def extra_repr(self):
            return "heads=8"

        def forward(self, x):
            return x

    assert Attention().describe() == ["Attention(heads=8)"]


def test_an_attribute_of_that_name_does_no_harm():
    class Captions(nn.Module):
        def __init__(self):
            self.describe = nn.Linear(2, 2, rng=0)

        def forward(self, x):
            return self.describe(x)

    x = mg.Tensor([1.0, 2.0], requires_grad=True)
    assert Captions()(x).scope.outer.label.describe() == ["Captions"]
