"""The summary of a model."""

from __future__ import annotations

import numpy as np

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
    assert str(table).endswith("Total parameters: 15\nNon-trainable: 4 in buffers")
    model[1].requires_grad_(False)
    assert str(nn.summary(model, (3,))).endswith("Non-trainable: 3 in frozen parameters, 4 in buffers")
    assert "Non-trainable" not in str(nn.summary(nn.Linear(3, 1), (3,)))


def test_the_rows_add_up_to_the_total():
    table = nn.summary(nn.Sequential(Centered(), nn.Linear(2, 1)), (3,))
    assert [(row.name, row.parameters) for row in table.layers] == [("0.linear", 8), ("0", 4), ("1", 3)]
    assert sum(row.parameters for row in table.layers) == table.total
