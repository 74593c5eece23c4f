"""Training: the loop `fit`, and what it needs.

`batches` brings data to the model, `evaluate` measures without training, `learning_rate` follows a schedule, `history`
records the epochs, and `progress` shows them. `arguments`, `check_optimizer` and `not_finite` say what is wrong.
"""
