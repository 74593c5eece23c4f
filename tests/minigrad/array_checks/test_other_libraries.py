"""Frames, labelled arrays and tensors of other libraries: the right numbers, or an error with the way to them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.core.tensor import Tensor
from tests.helpers.parametrized.ways_in import DATA, WAYS


class OnlyArray:
    """The array protocol, and nothing else."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(DATA, dtype=dtype, copy=copy)

    def __len__(self) -> int:
        return 2


class Numbered(OnlyArray):
    """As JAX's arrays are: on a device with a number, which is not CuPy's."""

    device = SimpleNamespace(id=0, platform="cpu")
    shape, dtype = DATA.shape, DATA.dtype


class OnlyDlpack:
    """The protocol of the array API standard, and nothing else."""

    def __dlpack__(self, **settings: Any) -> Any:
        return DATA.__dlpack__(**settings)

    def __dlpack_device__(self) -> Any:
        return DATA.__dlpack_device__()

    def __len__(self) -> int:
        return 2


def library(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is not installed")


#: What has the numbers of DATA, and no more.
PLAIN: dict[str, Callable[[], Any]] = {
    "pandas DataFrame": lambda: library("pandas").DataFrame(DATA, columns=["a", "b"], index=[7, 3]),
    "pandas, int and float": lambda: library("pandas").DataFrame({"a": [1, 3], "b": [2.0, 4.0]}),
    "polars DataFrame": lambda: library("polars").DataFrame(DATA, schema=["a", "b"]),
    "polars, int and float": lambda: library("polars").DataFrame({"a": [1, 3], "b": [2.0, 4.0]}),
    "polars Array column": lambda: library("polars").Series(DATA.tolist(), dtype=library("polars").Array(float, 2)),
    "pyarrow Table": lambda: library("pyarrow").table({"a": DATA[:, 0], "b": DATA[:, 1]}),
    "PyTorch tensor": lambda: library("torch").tensor(DATA),
    "PyTorch transposed": lambda: library("torch").tensor(DATA.T.copy()).T,
    "__array__": OnlyArray,
    "__array__ on a device": Numbered,
}

#: Ways that return none; what "data" sets is compared by itself.
WITHOUT_NUMBERS = ("data", "data of a parameter", "check_grads", "a state")

#: What says more than numbers do, or holds something else, and what the error says.
MORE: dict[str, tuple[Callable[[], Any], str]] = {
    "pandas text": (lambda: library("pandas").DataFrame({"a": ["x", "y"]}), r"column 'a'.* holds text.*get_dummies"),
    "pandas dates": (lambda: library("pandas").to_datetime(["2020", "2021"]).to_frame(name="t"), "'t'.*dates.*seconds"),
    "pandas durations": (lambda: library("pandas").Series([1, 2]).astype("m8[s]"), "durations.*total_seconds"),
    "pandas categories": (lambda: library("pandas").Series([1.0, 2.0], dtype="category"), "categories.*cat.codes"),
    "pandas objects": (lambda: library("pandas").DataFrame(DATA, dtype=object), r"column 0 .*objects.*astype\(float\)"),
    "pandas Int64, NA": (lambda: library("pandas").Series([1, None], dtype="Int64"), r"missing values \(1\).*dropna"),
    "pandas frame, NA": (
        lambda: library("pandas").DataFrame({"a": [1, None]}, dtype="Float64"),
        r"missing values \(1\).*dropna",
    ),
    "pandas Int64": (lambda: library("pandas").DataFrame(DATA, dtype="Float64"), r"own types.*astype\(float\)"),
    "pandas bool, float": (lambda: library("pandas").DataFrame({"a": [True, False], "b": [1.0, 2]}), "booleans and of"),
    "polars text": (lambda: library("polars").DataFrame({"a": ["x", "y"]}), "'a' is of String.*to_physical"),
    "polars dates": (
        lambda: library("polars").Series(np.array(["2020", "2021"], "M8[us]")),
        "of Datetime.*total_seconds",
    ),
    "polars lists": (lambda: library("polars").Series([[1.0], [2.0]]), r"of List.*to_array"),
    "polars null": (lambda: library("polars").DataFrame({"a": [1, None]}), r"missing values \(1\).*drop_nulls"),
    "polars lazy": (lambda: library("polars").DataFrame({"a": [1]}).lazy(), r"LazyFrame.*x\.collect\(\)"),
    "pyarrow null": (lambda: library("pyarrow").array([1, None]), r"missing values \(1\).*drop_null"),
    "pyarrow codes": (lambda: library("pyarrow").array([5, 5]).dictionary_encode(), "dictionary.*indices"),
    "xarray DataArray": (
        lambda: library("xarray").DataArray(DATA, dims=["n", "f"]),
        r"dimensions 'n', 'f'.*x\.transpose\('n', 'f'\)\.to_numpy\(\)",
    ),
    "xarray Dataset": (lambda: library("xarray").Dataset({"u": ("n", [1.0, 2.0])}), r"ds\['u'\]\.to_numpy\(\)"),
    "PyTorch, gradients": (lambda: library("torch").tensor(DATA, requires_grad=True), r"requires gradients.*x\.detach"),
    "PyTorch, Parameter": (lambda: library("torch").nn.Parameter(library("torch").tensor(DATA)), r"x\.detach\(\)"),
    "PyTorch, bfloat16": (lambda: library("torch").tensor(DATA).bfloat16(), r"bfloat16.*x\.float\(\)"),
    "PyTorch, elsewhere": (lambda: library("torch").tensor(DATA).to("meta"), r"on 'meta'.*x\.cpu\(\)"),
    "PyTorch, sparse": (lambda: library("torch").tensor(DATA).to_sparse(), "to_dense"),
    "SciPy sparse": (lambda: library("scipy.sparse").csr_array(DATA), r"x\.toarray\(\)"),
    "__dlpack__": (OnlyDlpack, r"np\.from_dlpack\(x\)"),
    "fields": (lambda: np.array([(1.0, 2.0)], [("a", float), ("b", float)]), r"a\['a'\]|structured_to_unstructured"),
}


def cases(table: dict[str, Any]) -> list[Any]:
    """The rows as parameters; those of PyTorch, whose import takes seconds, with the other comparisons."""
    marks = {True: [pytest.mark.oracle], False: []}
    return [
        pytest.param(*(row if isinstance(row, tuple) else (row,)), id=name, marks=marks["PyTorch" in name])
        for name, row in table.items()
    ]


@pytest.mark.parametrize("make", cases(PLAIN))
def test_plain_numbers_are_those_of_the_array_by_every_way_in(make: Callable[[], Any]) -> None:
    given = make()
    for name, way in WAYS.items():
        if name in ("in a list", "an operator with a list", "a batch"):
            continue  # they add an axis, or give batches
        expected, found = way(DATA), way(given)
        assert numbers(expected) or name in WITHOUT_NUMBERS, name
        for a, b in zip(numbers(expected), numbers(found), strict=True):
            np.testing.assert_allclose(b, a, err_msg=name)
    np.testing.assert_array_equal(mg.Tensor([given, given]).data, [DATA, DATA])
    (batch,) = nn.data.DataLoader(given)
    np.testing.assert_array_equal(batch.x, DATA)
    leaf = Tensor(DATA)
    leaf.data = given
    assert type(leaf.data) is np.ndarray
    np.testing.assert_array_equal(leaf.data, DATA)
    leaf.grad = given
    assert type(leaf.grad) is np.ndarray


def numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [part for item in value for part in numbers(item)]
    return [] if value is None or not hasattr(value, "dtype") else [np.asarray(value)]


@pytest.mark.parametrize(("make", "says"), cases(MORE))
def test_what_would_be_lost_is_refused_by_every_way_in(make: Callable[[], Any], says: str) -> None:
    given = make()
    for name, way in WAYS.items():
        try:
            way(given)
        except TypeError as error:
            found = str(error)
        else:
            pytest.fail(f"{name} took it")
        if name in ("Tensor", "Parameter", "an operator", "a function", "a loss"):
            assert re.search(says, found), f"{name}: {found}"


OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.floordiv, operator.mod]


@pytest.mark.parametrize("f", OPERATORS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("make", cases({name: make for name, make in PLAIN.items() if "polars" not in name}))
def test_an_operator_keeps_the_gradient_on_either_side(make: Callable[[], Any], f: Callable[[Any, Any], Any]) -> None:
    x, t = make(), Tensor(DATA + 1, requires_grad=True)
    for left, right, expected in ((t, x, f(t.data, DATA)), (x, t, f(DATA, t.data))):
        y = f(left, right)
        assert isinstance(y, Tensor)
        assert y.requires_grad
        np.testing.assert_allclose(y.data, expected)


@pytest.mark.parametrize("f", OPERATORS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("name", ["polars DataFrame", "polars Series"])
def test_polars_on_the_left_keeps_the_gradient_or_refuses_by_itself(name: str, f: Callable[[Any, Any], Any]) -> None:
    x, t = library("polars").DataFrame(DATA), Tensor(DATA, requires_grad=True)
    if name == "polars Series":
        x, t = x["column_0"], t[:, 0]
    np.testing.assert_allclose(f(t, x).data, f(t.data, x.to_numpy()))
    with suppress(TypeError, library("polars").exceptions.PolarsError):
        y = f(x, t)
        assert y.requires_grad
        np.testing.assert_allclose(y.data, f(x.to_numpy(), t.data))


def test_a_series_on_the_left_gives_way_to_a_tensor() -> None:
    s, t = library("pandas").Series([1.0, 2.0], index=[5, 4]), Tensor([3.0, 4.0], requires_grad=True)
    for y in (s * t, np.multiply(s, t), s.mul(t), library("pandas").array([1.0, 2.0]) * t):
        assert isinstance(y, Tensor)
        t.grad = None
        y.sum().backward()
        np.testing.assert_array_equal(t.grad, [1.0, 2.0])


def test_single_values_of_pandas_are_numbers_or_refused() -> None:
    pd = library("pandas")
    for value, says in (
        (pd.NA, "pd.NA, a missing value"),
        (pd.Timestamp(2026, 1, 1), "expected"),
        (pd.NaT, "expected"),
    ):
        for given in (value, [1.0, value]):
            for way in (mg.Tensor, mg.exp, lambda a: Tensor([1.0, 2.0]) * a):
                with pytest.raises(TypeError, match=says):
                    way(given)
    assert float(mg.exp(pd.Series([0.0]).iloc[0])) == 1.0
    assert mg.Tensor([pd.Series([1.0, 2.0]).sum()]).data == 3.0


def test_an_xarray_on_the_left_keeps_its_labels_and_the_graph() -> None:
    x = library("xarray").DataArray(DATA, dims=["n", "f"], coords={"f": ["p", "q"]})
    t = Tensor(DATA + 1, requires_grad=True)
    y = (x * t).sum("n")
    assert y.dims == ("f",)
    assert y.coords["f"].values.tolist() == ["p", "q"]
    assert isinstance(y.data, Tensor)
    y.data.sum().backward()
    np.testing.assert_array_equal(t.grad, DATA)


def test_an_xarray_without_dimensions_is_a_number() -> None:
    mean = library("xarray").DataArray(DATA, dims=["n", "f"]).mean()
    assert float(Tensor(2.0) * mean) == 5.0
