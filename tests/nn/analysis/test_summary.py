"""The summary of a model."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import minigrad as mg
import nn


def test_summary_counts_a_shared_layer_once():
    shared = nn.Linear(3, 3)
    table = nn.summary(nn.Sequential(shared, nn.ReLU(), shared), (3,))
    assert [row.parameters for row in table.layers] == [12, 0, 0]
    assert table.total == 12
    assert "Total parameters: 12" in str(table)


def test_summary_leaves_modes_as_they_were():
    model = nn.Sequential(nn.Dropout(), nn.Linear(3, 3))
    model[0].eval()
    nn.summary(model, (3,))
    assert [module.training for _, module in model.named_modules()] == [True, False, True]


def test_the_shape_of_one_number_for_each_sample_is_written_as_pythons():
    assert "(N,)  " in str(nn.summary(nn.Perceptron(3), (3,)))


class Centered(nn.Module):
    """With a parameter, a layer, parameters in a list, and a buffer."""

    def __init__(self):
        self.linear = nn.Linear(3, 2)
        self.gains = nn.ParameterList([np.ones(2, np.float32)])
        self.shift = nn.Parameter(np.zeros(2, np.float32))
        self.mean = nn.Buffer(np.zeros(3, np.float32))
        self.steps = nn.Buffer(np.array(0), persistent=False)

    def forward(self, x):
        return self.linear(x - self.mean) * self.gains[0] + self.shift


def test_summary_says_how_many_numbers_are_not_trained():
    model = nn.Sequential(Centered(), nn.Linear(2, 1))
    table = nn.summary(model, (3,))
    assert (table.total, table.frozen, table.buffers, table.non_trainable) == (15, 0, 4, 4)
    assert "\nTotal parameters: 15\nNon-trainable: 4 in buffers\n" in str(table)
    model[1].requires_grad_(False)
    assert "\nNon-trainable: 3 in frozen parameters, 4 in buffers\n" in str(nn.summary(model, (3,)))
    assert "Non-trainable" not in str(nn.summary(nn.Linear(3, 1), (3,)))


def test_the_rows_add_up_to_the_total():
    table = nn.summary(nn.Sequential(Centered(), nn.Linear(2, 1)), (3,))
    assert [(row.name, row.parameters) for row in table.layers] == [("0.linear", 8), ("0", 4), ("1", 3)]
    assert sum(row.parameters for row in table.layers) == table.total


def test_a_row_holds_what_receptive_field_says() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3, stride=(1, 2)), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 2))
    rows, fields = nn.summary(model, (1, 10, 10)).layers, nn.receptive_field(model, (1, 10, 10)).layers
    assert [row.field for row in rows] == [field.size for field in fields]
    assert str(nn.summary(model, (1, 10, 10))).splitlines()[6].split()[7:10] == ["4", "×", "5"]


def test_fields_that_drift_apart_are_unknown() -> None:
    class Drifting(nn.Module):
        def forward(self, x: Any) -> Any:
            return mg.max_pool2d(x, 2) + x[:, :, :4, :4]

    table = nn.summary(nn.Sequential(Drifting()), (1, 8, 8))
    assert table.layers[0].field is None
    assert str(table).splitlines()[4].split()[-4:-2] == ["?", "0"]


def test_without_windows_there_is_no_column_for_them() -> None:
    lines = str(nn.summary(nn.MLP(4, [3], 2), (4,))).splitlines()
    assert lines[2].split() == ["Layer", "(type)", "Output", "shape", "Parameters", "Multiply-adds", "Saved", "bytes"]
    assert lines[-1] == "For one sample: 18 multiply-adds; 32 bytes saved for the backward pass"


def test_the_table_of_a_large_network_fits_on_a_projector() -> None:
    for model, shape in [(nn.ResNet18(), (3, 64, 64)), (nn.LeNet(), (1, 28, 28)), (nn.SmallGoogLeNet(), (3, 32, 32))]:
        assert max(map(len, str(nn.summary(model, shape)).splitlines())) <= 120


class Reader(HTMLParser):
    """The rows of a table, and which tags are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attributes: Any) -> None:  # noqa: ARG002
        if tag != "br":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1].append(data)


def test_a_notebook_shows_the_same_table_in_the_colours_of_its_page() -> None:
    table = nn.summary(nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU()), (1, 6, 6))
    html = table._repr_html_()
    reader = Reader()
    reader.feed(html)
    assert not reader.open
    lines = str(table).splitlines()
    assert ["".join(row).replace(" ", "") for row in reader.rows[:3]] == [
        line.replace(" ", "") for line in (lines[2], *lines[4:6])
    ]
    assert reader.rows[3] == lines[7:]
    assert "color:" not in html
    assert "&lt;b&gt; (ReLU)" in nn.summary(nn.Sequential(**{"<b>": nn.ReLU()}), (3,))._repr_html_()


# ---------------------------------------------------------------- shapes that do not fit
def failed(model: nn.Module, shape: tuple[int, ...], kind: type[Exception] = ValueError) -> Any:
    with pytest.raises(kind) as caught:
        nn.summary(model, shape)
    return caught.value


def test_shapes_that_do_not_fit_have_the_table_up_to_there() -> None:
    head = nn.Sequential(nn.Flatten(), nn.Linear(400, 10))
    error = failed(nn.Sequential(features=nn.Conv2d(1, 4, 5), head=head), (1, 12, 12))
    assert str(error).startswith("linear: input has shape (1, 256) and weight (10, 400)")
    assert [row.name for row in error.summary.layers] == ["features", "head.0"]
    at = error.summary.failed
    assert (at.name, at.kind, at.got, at.message) == ("head.1", "Linear", "(N, 256)", str(error))
    (note,) = error.__notes__
    assert note.strip() == str(error.summary)
    lines = note.strip().splitlines()
    assert lines[6] == "✗ head.1 (Linear)          ✗ got (N, 256)"
    assert lines[8] == f"✗ head.1: {error}"
    assert "Total" not in note


def test_the_row_is_that_of_the_innermost_module() -> None:
    error = failed(nn.Sequential(nn.Residual(nn.Conv2d(2, 2, 3))), (2, 6, 6))
    assert (error.summary.failed.name, error.summary.failed.kind) == ("0", "Residual")
    assert [row.name for row in error.summary.layers] == ["0.f"]


def test_the_first_layer_may_fail_and_one_without_a_path() -> None:
    error = failed(nn.Conv2d(3, 2, 3), (1, 6, 6))
    assert error.summary.failed.name == "conv2d"
    assert error.summary.layers == ()

    class Made(nn.Module):
        def forward(self, x: Any) -> Any:
            return nn.Linear(3, 2)(x)

    assert failed(Made(), (4,)).summary.failed.name == "linear"


def test_errors_of_the_users_own_code_keep_their_type() -> None:
    class Wrong(nn.Module):
        def __init__(self) -> None:
            self.first = nn.Linear(4, 2)

        def forward(self, x: Any) -> Any:
            return self.first(x).no_such_name

    error = failed(Wrong(), (4,), AttributeError)
    assert (error.summary.failed.name, error.summary.failed.got) == ("wrong", "(N, 4)")
    assert [row.name for row in error.summary.layers] == ["first"]
