"""Frames and tensors of other libraries as training data: the same numbers as of arrays, and rows that are paired."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(24, 2)), RNG.integers(2, size=24)

Converted = Callable[[Any], Any]


def library(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is not installed")


#: A function each for inputs and labels.
KINDS: dict[str, tuple[Converted, Converted]] = {
    "pandas": (lambda x: library("pandas").DataFrame(x), lambda y: library("pandas").Series(y)),
    "pandas Int64": (
        lambda x: library("pandas").DataFrame(x, index=range(9, 33)),
        lambda y: library("pandas").Series(y, index=range(9, 33), dtype="Int64"),
    ),
    "polars": (lambda x: library("polars").DataFrame(x), lambda y: library("polars").Series(y)),
    "pyarrow": (
        lambda x: library("pyarrow").table({"a": x[:, 0], "b": x[:, 1]}),
        lambda y: library("pyarrow").array(y),
    ),
    "PyTorch": (lambda x: library("torch").tensor(x), lambda y: library("torch").tensor(y)),
}
KIND = pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[pytest.mark.oracle] * ("PyTorch" in name), id=name) for name, kind in KINDS.items()],
)


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(2, 2, rng=0))


def trained(x: Any, y: Any, **how: Any) -> Any:
    model = network()
    history = nn.fit(model, x, y, epochs=1, verbose=False, rng=0, **how)
    return [*history.history.values(), model[0].weight.data]


@KIND
def test_training_and_measuring_give_the_numbers_of_arrays(kind: tuple[Converted, Converted]) -> None:
    x, y = kind[0](X), kind[1](Y)
    for how in ({}, {"validation_split": 0.25}):
        for found, expected in zip(trained(x, y, **how), trained(X, Y, **how), strict=True):
            np.testing.assert_array_equal(found, expected)
    model = network()
    assert nn.evaluate(model, x, y) == nn.evaluate(model, X, Y)
    np.testing.assert_array_equal(nn.predict(model, x), nn.predict(model, X))
    np.testing.assert_array_equal(model(x).data, model(X).data)
    assert float(nn.CrossEntropyLoss()(model(x), y)) == float(nn.CrossEntropyLoss()(model(X), Y))
    for metric in (nn.metrics.Accuracy(), nn.metrics.ConfusionMatrix()):
        found, expected = metric, type(metric)()
        found.update(model(x), y)
        expected.update(model(X), Y)
        np.testing.assert_array_equal(found.compute(), expected.compute())
    for part, expected in zip(nn.data.split(x, y), nn.data.split(X, Y), strict=True):
        np.testing.assert_array_equal(part, expected)
    np.testing.assert_array_equal(nn.data.one_hot(y), nn.data.one_hot(Y))
    # a frame has one column after another, which is another order of the sum
    np.testing.assert_allclose(nn.data.normalize(x).values, nn.data.normalize(X).values, rtol=1e-12)


@pytest.mark.oracle
def test_a_data_set_and_a_loader_of_pytorch_are_data() -> None:
    torch = library("torch")
    samples = torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(Y))
    for data in (samples, torch.utils.data.DataLoader(samples, batch_size=32)):
        (batch,) = nn.data.DataLoader(data) if data is not samples else nn.data.DataLoader(data, batch_size=32)
        np.testing.assert_array_equal(batch.x, X)
        np.testing.assert_array_equal(batch.y, Y)


def test_rows_with_different_labels_are_not_paired() -> None:
    pd = library("pandas")
    x, y = pd.DataFrame(X), pd.Series(Y)[::-1]
    for entrance in (nn.data.DataLoader, nn.data.split, trained, lambda x, y: nn.evaluate(network(), x, y)):
        with pytest.raises(
            ValueError, match=r"different indexes, \[0, 1, 2\]… and \[23, 22, 21\]….*y\.loc\[x\.index\]"
        ):
            entrance(x, y)
    for found, expected in zip(trained(x, y.loc[x.index]), trained(X, Y), strict=True):
        np.testing.assert_array_equal(found, expected)
    nn.data.DataLoader(x, y.to_numpy())


@pytest.mark.parametrize("entrance", [nn.data.DataLoader, nn.data.split, nn.data.normalize, nn.data.one_hot])
def test_names_of_axes_are_not_dropped(entrance: Callable[[Any], Any]) -> None:
    given = library("xarray").DataArray(Y, dims=["n"])
    with pytest.raises(TypeError, match=r"dimensions 'n'.*to_numpy\(\)"):
        entrance(given)


def test_samples_of_a_data_set_keep_no_names_either() -> None:
    xr = library("xarray")
    with pytest.raises(TypeError, match="the x of sample 0 of the list: got an xarray DataArray"):
        list(nn.data.DataLoader([(xr.DataArray(row, dims=["f"]), 0) for row in X]))


def test_class_weights_of_a_series_belong_to_its_index() -> None:
    pd = library("pandas")
    y = np.array([1, 1, 1, 0] * 6)
    counts = pd.Series(y).value_counts()  # the most frequent class comes first
    assert counts.index.tolist() == [1, 0]
    for found, expected in zip(
        trained(X, y, class_weight=24 / counts), trained(X, y, class_weight={0: 4.0, 1: 24 / 18}), strict=True
    ):
        np.testing.assert_array_equal(found, expected)


def test_one_hot_columns_of_pandas_are_inputs() -> None:
    pd = library("pandas")
    frame = pd.get_dummies(pd.Series(["r", "g", "r"]))
    np.testing.assert_array_equal(mg.Tensor(frame).data, [[False, True], [True, False], [False, True]])
