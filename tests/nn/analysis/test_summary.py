"""The summary of a model."""

from __future__ import annotations

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
