"""What helps a network to generalise, and what stops it from learning: ``python examples/regularisation.py``.

A fully connected network learns 300 digits, far fewer than it has weights, with and without weight decay, dropout and
augmentation. Then only the initial weights differ: all 0, all the same, far too large, or drawn as He proposed. Each
curve is the mean over three seeds. The script says which of the three ways to regularise helped.

In full it takes about half a minute on two cores; with ``--epochs 8 --seeds 2`` a few seconds. The picture is saved as
out/regularisation/curves.png.

Source: Srivastava et al., "Dropout", 2014; He et al., "Delving deep into rectifiers", 2015, section 2.2.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import load_digits

import nn

TRAIN = 300
STYLES = [("#000000", "-"), ("#0072B2", "--"), ("#D55E00", "-."), ("#009E73", ":")]

REGULARISATION: dict[str, dict[str, Any]] = {
    "nothing": {},
    "weight decay, λ = 0.003": {"weight_decay": 0.003},
    "dropout 0.5": {"dropout": 0.5},
    "augmentation": {"transform": [nn.data.Rotate(10), nn.data.Translate(1 / 8)]},
}
FIRST_WEIGHTS: dict[str, dict[str, Any]] = {
    "He": {"init": partial(nn.init.kaiming_normal_, nonlinearity="relu")},
    "all 0": {"init": nn.init.zeros_},
    "all 0.1": {"init": partial(nn.init.constant_, val=0.1)},
    "normal, σ = 5": {"init": partial(nn.init.normal_, std=5)},
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare ways to regularise and to initialise a network.")
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("out/regularisation"), help="folder for the picture")
    options = parser.parse_args()

    data = few_digits()

    def curves(variants: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """For each variant the training and the validation accuracy, (2, seeds, epochs)."""
        found = {}
        for name, settings in variants.items():
            runs = [fit(*data, options.epochs, seed, **settings) for seed in range(options.seeds)]
            found[name] = np.array([[run.history[key] for run in runs] for key in ("accuracy", "val_accuracy")])
            train_mean, val_mean = found[name][:, :, -1].mean(axis=1)
            spread = np.ptp(found[name][1, :, -1])
            print(f"  {name:<24} {train_mean:8.3f} {val_mean:12.3f} ± {spread / 2:.3f}")
        return found

    print(f"{TRAIN} digits, {options.epochs} epochs, {options.seeds} seeds: accuracy at the end")
    print(f"  {'':<24} {'training':>8} {'validation':>12}")
    regularised = curves(REGULARISATION)
    judge(regularised)
    print("\nInitial weights")
    initialised = curves(FIRST_WEIGHTS)
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "curves.png"
    plot(regularised, initialised).savefig(file, dpi=150)
    print(f"\npicture: {file}")


def few_digits() -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Images and labels: few to train on, and all others to validate."""
    digits = load_digits()
    x, y = (digits.images / 16).astype(np.float32)[:, None], digits.target
    order = np.random.default_rng(0).permutation(len(x))
    train, val = order[:TRAIN], order[TRAIN:]
    return (x[train], y[train]), (x[val], y[val])


def fit(
    train: Any,
    val: Any,
    epochs: int,
    seed: int,
    init: Any = None,
    dropout: float = 0.0,
    weight_decay: float = 0.0,
    transform: Any = None,
) -> nn.History:
    """The history of one training. `init` sets the weights, with biases of 0; without it, the layers' own."""
    model = nn.Sequential(nn.Flatten(), nn.MLP(64, [128, 128], 10, dropout=dropout, init=init, rng=seed))
    if init is not None:
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
    return nn.fit(
        model,
        nn.data.DataLoader(*train, batch_size=32, shuffle=True, transform=transform, rng=seed),
        optimizer=nn.optim.Adam(model.parameters(), lr=2e-3, weight_decay=weight_decay),
        epochs=epochs,
        validation_data=val,
        rng=seed,
        verbose=False,
    )


def judge(found: dict[str, Any]) -> None:
    """Whether each way is better than nothing for every seed, or not."""
    nothing = found["nothing"][1, :, -1]
    for name, accuracies in found.items():
        if name != "nothing":
            better = accuracies[1, :, -1] - nothing
            verdict = "confirmed for every seed" if (better > 0).all() else "not confirmed here"
            print(f"  {name} helps: {verdict} ({better.min():+.3f} … {better.max():+.3f})".replace("-", "−"))


def plot(*experiments: dict[str, Any]) -> Figure:
    """The validation accuracy of each variant, the mean over the seeds."""
    figure = Figure(figsize=(14, 4.8), layout="constrained")
    titles = ["regularisation", "initial weights"]
    for ax, variants, title in zip(figure.subplots(1, 2), experiments, titles, strict=True):
        for (name, accuracies), (colour, dash) in zip(variants.items(), STYLES, strict=True):
            _, val = accuracies.mean(axis=1)
            epochs = np.arange(1, len(val) + 1)
            ax.plot(epochs, val, color=colour, linestyle=dash, linewidth=2.4, label=name)
        ax.set(xlabel="epoch", ylabel="validation accuracy")
        ax.set_title(title, loc="left", weight="bold")
        ax.legend(frameon=False, loc="lower right")
        ax.grid(axis="y", color="0.9")
        ax.spines[["top", "right"]].set_visible(False)
    figure.axes[0].set_ylim(0.75, 1)
    return figure


if __name__ == "__main__":
    main()
