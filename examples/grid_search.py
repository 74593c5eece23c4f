"""Choose a network by cross-validation, with scikit-learn: ``python examples/grid_search.py``.

A pipeline scales the rows of scikit-learn's digits to images, and trains a network on them. GridSearchCV trains each
combination of three networks and two learning rates on two thirds of the training digits, three times, and measures it
on the other third. The best one is trained on all training digits, and tested once on digits that none has seen.

It takes about 10 seconds on one core; ``--jobs 2`` trains on two.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

import nn

SEED = 0


def main() -> None:
    parser = argparse.ArgumentParser(description="Choose a network and its learning rate by cross-validation.")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--jobs", type=int, default=1, help="the number of processes")
    options = parser.parse_args()

    x, y = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, stratify=y, random_state=SEED)
    classifier = nn.Classifier(epochs=options.epochs, random_state=SEED)
    pipeline = Pipeline([("images", FunctionTransformer(as_images)), ("classifier", classifier)])
    grid = {
        "classifier__model": [linear, two_layers, convolutional],
        "classifier__optimizer": [partial(nn.optim.Adam, lr=lr) for lr in (0.001, 0.01)],
    }
    search = GridSearchCV(pipeline, grid, cv=3, n_jobs=options.jobs, error_score="raise")
    search.fit(x_train, y_train)

    print("network          learning rate   cross-validation accuracy")
    results = search.cv_results_
    for settings, mean, std in zip(
        results["params"], results["mean_test_score"], results["std_test_score"], strict=True
    ):
        name, lr = network_and_rate(settings)
        print(f"{name:<15}  {lr:<13}   {mean:.2%} ± {std:.2%}".replace("%", " %"))
    name, lr = network_and_rate(search.best_params_)
    print(f"\nthe best: {name}, learning rate {lr}; trained on all {len(x_train):,} training digits")
    best = search.best_estimator_["classifier"]
    print(best.history_)
    print(f"test accuracy  {search.score(x_test, y_test):.2%}".replace("%", " %"))


def as_images(rows: Any) -> Any:
    """Rows of 64 grey levels, from 0 to 16, as images (N, 1, 8, 8) from 0 to 1."""
    return np.asarray(rows, dtype=np.float32).reshape(-1, 1, 8, 8) / 16


def linear(n_in: tuple[int, int, int], n_out: int, rng: np.random.Generator) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(n_in[0] * n_in[1] * n_in[2], n_out, rng=rng))


def two_layers(n_in: tuple[int, int, int], n_out: int, rng: np.random.Generator) -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.MLP(n_in[0] * n_in[1] * n_in[2], 64, n_out, rng=rng))


def convolutional(n_in: tuple[int, int, int], n_out: int, rng: np.random.Generator) -> nn.Module:
    return nn.ConvNet(n_in, [[16], [32]], classes=n_out, rng=rng)


def network_and_rate(settings: dict[str, Any]) -> tuple[str, float]:
    """How the table shows a combination."""
    name: str = settings["classifier__model"].__name__
    return name.replace("_", " "), settings["classifier__optimizer"].keywords["lr"]


if __name__ == "__main__":
    main()
