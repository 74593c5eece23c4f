"""Autoencoders: their codes, what they learn, and their noise."""

from __future__ import annotations

import numpy as np
import pytest

import minigrad as mg
import nn


def test_a_linear_autoencoder_learns_what_the_first_principal_components_span() -> None:
    """The lecture compares autoencoders with PCA, which is the best linear code."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 5)) @ np.diag([3, 2, 0.5, 0.3, 0.1]) @ np.linalg.qr(rng.normal(size=(5, 5)))[0]
    x = (x - x.mean(axis=0)).astype(np.float32)
    model = nn.Autoencoder([5, 2], activation=None, rng=0)
    adam = nn.optim.Adam(model.parameters(), lr=0.03)
    nn.fit(model, (x, x), loss=nn.MSELoss(), optimizer=adam, epochs=600, batch_size=64, verbose=False)
    *_, components = np.linalg.svd(x)
    best = x - x @ components[:2].T @ components[:2]
    assert (best**2).mean() <= np.mean((np.asarray(model(x)) - x) ** 2) <= 1.02 * (best**2).mean()


def test_the_decoder_is_the_encoder_in_reverse() -> None:
    model = nn.Autoencoder([7, 5, 3], activation=nn.Tanh, rng=0)
    assert [type(layer).__name__ for layer in model.encoder] == ["Linear", "Tanh", "Linear", "Tanh"]
    assert [type(layer).__name__ for layer in model.decoder] == ["Linear", "Tanh", "Linear"]
    x = np.ones((2, 7), np.float32)
    assert (model.encoder(x).shape, model(x).shape) == ((2, 3), (2, 7))


def test_images_come_back_in_their_size_or_are_refused() -> None:
    model = nn.ConvAutoencoder([3, 4, 2], rng=0)
    assert model(np.zeros((2, 3, 12, 20), np.float32)).shape == (2, 3, 12, 20)
    assert model.encoder(np.zeros((2, 3, 12, 20), np.float32)).shape == (2, 2, 3, 5)
    with pytest.raises(
        ValueError, match=r"got images of 12×18 pixels, which 4 does not divide.*x = mg.pad\(x, \{3: \(0, 2\)\}\)"
    ):
        model(np.zeros((2, 3, 12, 18), np.float32))


@pytest.mark.parametrize("sizes", [[784], 784, []])
def test_one_size_is_no_autoencoder(sizes: object) -> None:
    with pytest.raises(ValueError, match=r"expected at least two numbers, as \[784, 32\]"):
        nn.Autoencoder(sizes)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"expected at least two numbers, as \[1, 16, 8\]"):
        nn.ConvAutoencoder(sizes)  # type: ignore[arg-type]


def test_a_denoising_autoencoder_has_a_module_inside() -> None:
    with pytest.raises(TypeError, match="autoencoder is a list, expected a module"):
        nn.DenoisingAutoencoder([784, 32])  # type: ignore[arg-type]


def test_noise_is_added_in_training_alone_and_has_its_standard_deviation() -> None:
    class Same(nn.Module):
        def forward(self, x: mg.typing.Array) -> mg.typing.Array:
            return x

    model = nn.DenoisingAutoencoder(Same(), noise=0.4, rng=0)
    x = np.zeros((100, 100), np.float32)
    noisy = model(x)
    assert noisy.dtype == np.float32
    assert np.std(noisy) == pytest.approx(0.4, rel=0.02)
    assert model.eval()(x) is x
    with pytest.raises(ValueError, match=r"noise is -0.1, but must not be negative"):
        model.noise = -0.1


def test_a_denoising_autoencoder_removes_noise() -> None:
    rng = np.random.default_rng(0)
    clean = np.sin(rng.uniform(0, 6, size=(128, 1)) + np.linspace(0, 6, 16)).astype(np.float32)  # waves
    model = nn.DenoisingAutoencoder(nn.Autoencoder([16, 32, 2], activation=nn.Tanh, rng=0), noise=0.4, rng=1)
    adam = nn.optim.Adam(model.parameters(), lr=0.01)
    nn.fit(model, (clean, clean), loss=nn.MSELoss(), optimizer=adam, epochs=60, rng=0, verbose=False)
    noisy = clean + 0.4 * rng.standard_normal(clean.shape, dtype=np.float32)
    assert np.mean((nn.predict(model, noisy) - clean) ** 2) < np.mean((noisy - clean) ** 2) / 2
