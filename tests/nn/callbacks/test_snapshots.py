"""Snapshots: copies of weights and outputs by epochs."""

import numpy as np
import pytest

import minigrad as mg
import nn

X, T = nn.data.make_xor()


def model():
    return nn.Sequential(
        first=nn.Linear(2, 4, rng=0), relu=nn.ReLU(), drop=nn.Dropout(0.5, rng=0), last=nn.Linear(4, 2, rng=1)
    )


def train(net, *snapshots, epochs=3, **options):
    adam = nn.optim.Adam(net.parameters(), lr=0.1)
    nn.fit(net, X, T, optimizer=adam, epochs=epochs, callbacks=snapshots, rng=0, verbose=False, **options)


class TestSnapshots:
    def test_each_is_what_the_model_had_after_the_epoch(self):
        weights, outputs = nn.callbacks.Snapshots("first.weight"), nn.callbacks.Snapshots("relu", X[:2])
        made = nn.callbacks.Snapshots(lambda model: model.last.bias)
        expected, net = [], model()

        def look(model):
            w, b = model.first.weight.data.copy(), model.first.bias.data
            hidden = X[:2] @ (w.T if w.shape == (4, 2) else w) + b
            expected.append((w, np.maximum(hidden, 0), model.last.bias.data.copy()))

        look(net)
        train(net, weights, outputs, made, lambda run: look(run.model))
        for k, snapshots in enumerate((weights, outputs, made)):
            assert list(snapshots.arrays) == [0, 1, 2, 3]
            assert snapshots.model_name == "Sequential"
            for epoch, array in snapshots.arrays.items():
                assert type(array) is np.ndarray
                np.testing.assert_allclose(array, expected[epoch][k], rtol=1e-5, atol=1e-6)

    def test_the_training_is_the_same_with_it(self):
        alone, watched = model(), model()
        train(alone)
        train(watched, nn.callbacks.Snapshots("drop", X))
        for one, other in zip(alone.parameters(), watched.parameters(), strict=True):
            np.testing.assert_array_equal(one.data, other.data)

    def test_chosen_epochs_and_a_second_training(self):
        snapshots = nn.callbacks.Snapshots("last.bias", epochs=[1, 3])
        train(model(), snapshots)
        assert list(snapshots.arrays) == [1, 3]
        train(model(), snapshots, epochs=1)
        assert list(snapshots.arrays) == [1]

    def test_in_a_loop_of_ones_own(self):
        snapshots, net = nn.callbacks.Snapshots("last.bias"), model()
        for epoch in range(2):
            snapshots.record(net, epoch)
            net.last.bias.data += 1
        np.testing.assert_array_equal(snapshots.arrays[1], snapshots.arrays[0] + 1)

    def test_a_training_that_is_resumed_has_all_of_them(self, tmp_path):
        whole, parts = nn.callbacks.Snapshots("first.weight"), nn.callbacks.Snapshots("first.weight")
        train(model(), whole, epochs=4)
        file = tmp_path / "run"
        train(model(), parts, epochs=2, checkpoint=file)
        again = nn.callbacks.Snapshots("first.weight")
        train(model(), again, epochs=4, resume=file)
        assert list(again.arrays) == [0, 1, 2, 3, 4]
        for epoch, array in whole.arrays.items():
            np.testing.assert_array_equal(again.arrays[epoch], array)

    def test_errors(self):
        with pytest.raises(TypeError, match='what is a Parameter, expected the name of a parameter, such as "conv1'):
            nn.callbacks.Snapshots(model().first.weight)
        with pytest.raises(ValueError, match="x is for the name of a layer"):
            nn.callbacks.Snapshots(lambda model: model.first.weight, X)
        with pytest.raises(ValueError, match="epochs is -1"):
            nn.callbacks.Snapshots("first.weight", epochs=[-1])
        for given, message in {
            ("frist.weight",): "no parameter or layer 'frist.weight'; did you mean 'first.weight'",
            ("first",): r"pass inputs, Snapshots\('first', x=image\[None\]\), or name a parameter, 'first.weight'",
            ("first.weight", 1.0): "is a parameter, which needs no x",
        }.items():
            with pytest.raises(ValueError, match=message):
                train(model(), nn.callbacks.Snapshots(*given))
        with pytest.raises(TypeError, match="got a str, expected an array"):
            train(model(), nn.callbacks.Snapshots(lambda model: "weights"))

    def test_a_layer_that_is_not_called(self):
        class Half(nn.Module):
            def __init__(self):
                self.used, self.unused = nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=0)

            def forward(self, x):
                return self.used(x)

        with pytest.raises(ValueError, match="of this Half does not call the layer 'unused'"):
            nn.callbacks.Snapshots("unused", mg.Tensor(X)).record(Half(), 0)
