"""Train a network to recognise spoken digits, with convolution along time: ``python examples/spoken_digits.py``.

The lecture on convolutional networks names speech as well as images: what a filter learns, a hiss or a vowel, may occur
at any time, so its weights are shared by all times. A sound is first turned into a spectrogram: how strong each
frequency is in windows of 32 milliseconds. Frequencies are the channels, and the filters scan along time only.

Recordings 5 to 49 of each digit by each of three speakers are the training set, recordings 0 to 4 the test set.
They are read from ``--data FOLDER`` or ``$MINIGRAD_DATA``, or downloaded once into the user's cache.

Source: Zohar Jackson and others: Free Spoken Digit Dataset, https://github.com/Jakobovski/free-spoken-digit-dataset
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

import nn

SEED = 0
SECOND = 8000  # samples
WINDOW, HOP = 256, 128  # in samples: the width of a column of the spectrogram, and the step to the next


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a CNN on spoken digits.")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with the recordings")
    options = parser.parse_args()

    spoken = nn.data.load_spoken_digits(options.data)
    x_train, x_test = spectrograms(spoken.train_sounds), spectrograms(spoken.test_sounds)
    mean, deviation = x_train.mean(axis=(0, 2), keepdims=True), x_train.std(axis=(0, 2), keepdims=True)
    x_train, x_test = (x_train - mean) / deviation, (x_test - mean) / deviation

    pitches, times = x_train.shape[1:]
    rng = np.random.default_rng(SEED)
    model = nn.Sequential(  # a stride of 2 halves the times, as pooling would
        conv1=nn.Conv1d(pitches, 64, 3, padding="same", rng=rng),
        relu1=nn.ReLU(),
        conv2=nn.Conv1d(64, 64, 3, stride=2, padding=1, rng=rng),
        relu2=nn.ReLU(),
        conv3=nn.Conv1d(64, 64, 3, stride=2, padding=1, rng=rng),
        relu3=nn.ReLU(),
        flatten=nn.Flatten(),
        dropout=nn.Dropout(0.3, rng=rng),
        fc=nn.Linear(64 * 16, 10, rng=rng),
    )
    print(nn.summary(model, (pitches, times)))
    started = time.perf_counter()
    nn.fit(
        model,
        (x_train, spoken.train_labels),
        optimizer=nn.optim.Adam(model.parameters(), lr=1e-3),
        epochs=options.epochs,
        batch_size=32,
        rng=SEED,
    )
    print(f"training took  {time.perf_counter() - started:.1f} s")

    # The test recordings are used only here: nothing above was chosen by them.
    heard = nn.predict(model, x_test).argmax(axis=1)
    print(f"test accuracy  {np.mean(heard == spoken.test_labels):.2%}".replace("%", " %"))
    print(confusion_table(spoken.test_labels, heard))


def spectrograms(sounds: Any) -> Any:
    """Log-spectrograms of the first second of each sound, shape ``(N, pitches, times)``."""
    sounds = sounds.astype(np.float32)
    sounds /= np.abs(sounds).max(axis=1, keepdims=True)  # all equally loud
    windows = np.lib.stride_tricks.sliding_window_view(sounds[:, :SECOND], WINDOW, axis=1)[:, ::HOP]
    strength = np.abs(np.fft.rfft(windows * np.hanning(WINDOW).astype(np.float32)))
    return np.log(strength + 0.01).swapaxes(1, 2)


def confusion_table(said: Any, heard: Any) -> str:
    """How often each spoken digit, a row, was recognised as each digit, a column."""
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (said, heard), 1)
    lines = ["said      heard as " + "".join(f"{digit:4}" for digit in range(10))]
    lines += [f"{digit:4}{'':15}" + "".join(f"{n or '·':>4}" for n in row) for digit, row in enumerate(counts)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
