"""Train a small CNN on real handwritten digits and save pictures of the results: ``make demo``.

The data are the 1,797 scans of 8×8 pixels that come with scikit-learn; nothing is downloaded. The layers are in the
lecture's order, CONV – RELU – POOL – CONV – RELU – POOL – FC, with dropout.

Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI, 1998.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import minigrad as mg
import nn

SEED = 0


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a CNN on 8x8 digits and plot the results.")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path("out/digits"), help="folder for the pictures")
    parser.add_argument("--device", default="cpu", help='"cpu", or "cuda" for a GPU, which needs CuPy')
    options = parser.parse_args()

    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)[:, None]  # 16 grey levels -> 0 … 1, and one channel
    x_train, x_test, y_train, y_test = train_test_split(
        images, digits.target, test_size=0.2, stratify=digits.target, random_state=SEED
    )
    x_train, x_val, y_train, y_val = train_test_split(
        x_train, y_train, test_size=0.1, stratify=y_train, random_state=SEED
    )
    model = build_model(np.random.default_rng(SEED))
    print(nn.summary(model, images.shape[1:]))
    filters_before = model.conv1.weight.data.copy()
    model.to(options.device)

    x_shifted, y_shifted = shifted_by_a_pixel(x_train, y_train)
    started = time.perf_counter()
    history = nn.fit(
        model,
        (x_shifted, y_shifted),
        optimizer=nn.optim.Adam(model.parameters(), lr=1e-3),
        epochs=options.epochs,
        batch_size=64,
        validation_data=(x_val, y_val),
        rng=SEED,
    )
    print(f"training took  {time.perf_counter() - started:.1f} s")

    model.to("cpu")  # where the pictures are drawn

    # The test images are used only here: nothing above was chosen by them.
    probabilities = mg.softmax(nn.predict(model, x_test))
    predicted = probabilities.argmax(axis=1)
    print(f"test accuracy  {np.mean(predicted == y_test):.2%}".replace("%", " %"))

    loss = nn.CrossEntropyLoss()(model.eval()(x_test[:32]), y_test[:32])
    files = [mg.draw(loss).save(options.out / "graph.svg")]
    for name, figure in {
        "curves": nn.plot.curves(history),
        "confusion": nn.plot.confusion_matrix(y_test, predicted),
        "misclassified": nn.plot.misclassified(x_test, y_test, predicted, probabilities),
        "filters": nn.plot.filters(model.conv1.weight, before=filters_before),
        "feature_maps": nn.plot.feature_maps(model, x_test[0]),
    }.items():
        files.append(options.out / f"{name}.png")
        figure.savefig(files[-1])
    print("pictures:", *files, sep="\n  ")


def build_model(rng: np.random.Generator) -> Any:
    return nn.Sequential(
        conv1=nn.Conv2d(1, 32, 3, padding=1, rng=rng),
        relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(2),
        conv2=nn.Conv2d(32, 64, 3, padding=1, rng=rng),
        relu2=nn.ReLU(),
        pool2=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
        dropout1=nn.Dropout(0.1, rng=rng),
        fc1=nn.Linear(64 * 2 * 2, 128, rng=rng),
        relu3=nn.ReLU(),
        dropout2=nn.Dropout(0.25, rng=rng),
        fc2=nn.Linear(128, 10, rng=rng),
    )


def shifted_by_a_pixel(images: Any, labels: Any) -> tuple[Any, Any]:
    """Each image, unchanged and shifted by one pixel up, down, left and right: the digit stays the same."""
    rows, columns = images.shape[2:]
    framed = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    moves = [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)]
    copies = [framed[:, :, down : down + rows, right : right + columns] for down, right in moves]
    return np.concatenate(copies), np.tile(labels, len(moves))


if __name__ == "__main__":
    main()
