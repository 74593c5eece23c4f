"""The lecture's digit recogniser, from CSV file to submission: ``python examples/digit_recognizer.py``.

Kaggle's competition "Digit Recognizer" gives 42,000 digits with labels, train.csv, and 28,000 without, test.csv: MNIST
in rows of a label and 784 grey levels. With ``--data FOLDER`` these files are read; otherwise files of the same form
are written from MNIST's own. The steps are the lecture's: normalize, reshape, encode the labels, split, build the
network, augment, train with Adam and a learning rate that is reduced on a plateau, evaluate, and write a submission.

Ten epochs take about two minutes on two cores; ``--rows 6000 --epochs 2`` takes a few seconds. Everything is saved in
out/digit_recognizer/.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

import nn

ROWS, TEST_ROWS = 42_000, 28_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the lecture's digit recogniser on Kaggle's CSV files.")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with Kaggle's train.csv and test.csv")
    parser.add_argument("--rows", type=int, default=ROWS, help="digits to train on, fewer for a quick run")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--out", type=Path, default=Path("out/digit_recognizer"), help="folder for the results")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    folder = options.data or write_csv_files(options.out, options.rows)

    x, y = nn.data.read_csv(folder / "train.csv")
    assert y is not None  # the column "label" has to be there
    test, _ = nn.data.read_csv(folder / "test.csv", label=None)
    x, y = x[: options.rows], y[: options.rows]
    print(f"train.csv  {x.shape[0]:,} rows of a label and {x.shape[1]} pixels; test.csv  {test.shape[0]:,}")

    x, test = ((a / 255).astype(np.float32).reshape(-1, 1, 28, 28) for a in (x, test))
    encoded = nn.data.one_hot(y)
    print(f"normalized and reshaped  {x.shape} and {test.shape}: channels first, where Keras has (…, 28, 28, 1)")
    print(f"encoded labels  {encoded.shape}; label {y[0]} is {encoded[0].astype(int)}")
    print("  the lecture prints labels of shape (…, 10, 10): to_categorical was applied to labels already encoded")

    x_train, x_val, y_train, y_val = nn.data.split(x, y, test_size=0.1, rng=2)
    print(f"split  {len(x_train):,} for training and {len(x_val):,} for validation\n")

    print("The lecture's table has 100 outputs, for a reshape to (10, 10, 1); ten classes need ten:")
    print(nn.summary(nn.DigitCNN(100), (1, 28, 28)), end="\n\n")
    model = nn.DigitCNN(rng=0)
    augmentation = [nn.data.Rotate(10), nn.data.Rescale([0.9, 1.1]), nn.data.Translate(0.1)]
    nn.plot.augmented(x_train[:16], augmentation, rng=0).savefig(options.out / "augmented.png")
    adam = nn.optim.Adam(model.parameters())
    history = nn.fit(
        model,
        nn.data.DataLoader(x_train, y_train, batch_size=64, shuffle=True, transform=augmentation, rng=0),
        optimizer=adam,
        epochs=options.epochs,
        validation_data=(x_val, y_val),
        callbacks=[nn.callbacks.ReduceLROnPlateau("val_accuracy", factor=0.5, patience=1)],
        rng=0,
    )
    scores = nn.evaluate(model, (x_val, y_val))
    print(f"learning rate at the end  {adam.lr:g}")
    print(f"validation accuracy  {scores['accuracy']:.2%}".replace("%", " %"))

    predicted = nn.predict(model, x_val).argmax(axis=1)
    nn.plot.curves(history).savefig(options.out / "curves.png")
    nn.plot.confusion_matrix(y_val, predicted).savefig(options.out / "confusion.png")
    submission = nn.predict(model, test).argmax(axis=1)
    rows = np.column_stack([np.arange(1, len(test) + 1), submission])
    file = options.out / "submission.csv"
    np.savetxt(file, rows, fmt="%d", delimiter=",", header="ImageId,Label", comments="")
    print(f"pictures: {options.out}; submission: {file}")


def write_csv_files(folder: Path, rows: int) -> Path:
    """train.csv and test.csv in Kaggle's form, from MNIST's 70,000 digits in a random order."""
    mnist = nn.data.load_mnist()
    images = np.concatenate([mnist.train_images, mnist.test_images]).reshape(-1, 784)
    labels = np.concatenate([mnist.train_labels, mnist.test_labels])
    order = np.random.default_rng(0).permutation(len(images))
    train, test = order[: min(rows, ROWS)], order[ROWS : ROWS + min(rows, TEST_ROWS)]
    pixels = [f"pixel{i}" for i in range(784)]
    write_csv(folder / "train.csv", ["label", *pixels], np.column_stack([labels[train], images[train]]))
    write_csv(folder / "test.csv", pixels, images[test])
    return folder


def write_csv(file: Path, header: list[str], rows: Any) -> None:
    """Numbers from 0 to 255 as text; each is looked up, which is faster than formatting it."""
    text = [str(number) for number in range(256)]
    with file.open("w", encoding="ascii") as lines:
        lines.write(",".join(header) + "\n")
        lines.writelines(",".join([text[n] for n in row]) + "\n" for row in rows.tolist())


if __name__ == "__main__":
    main()
