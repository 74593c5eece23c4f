"""Training: the loop `fit` over a `run/`, and what it needs.

`batches` brings data to the model, `by_name` knows losses and optimizers by name, `evaluate` and `predict` use a model
without training it, `history` records the epochs, and `progress` shows them. The `checks/` say what is wrong.
"""
