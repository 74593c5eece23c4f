"""Checkpoints of a run: when they are written, and how a run goes on from one."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import minigrad as mg
from nn.hyperparameters import whole_number
from nn.random.seeds import seed_of
from nn.serialization.checkpoint import load_checkpoint, save_checkpoint
from nn.serialization.model_metadata import as_metadata
from nn.unsupported import Explained

if TYPE_CHECKING:
    from nn.training.run.run import Run

__all__ = ["Checkpoint", "Resumed", "as_checkpoint", "load_resumed"]

_SECONDS = 60  # between checkpoints within an epoch


class Checkpoint(Explained):
    """Where, and how often, `fit` saves all that a training consists of: ``fit(…, checkpoint=nn.Checkpoint(path))``.

    A checkpoint is written at the beginning, after each epoch, and once a minute within an epoch, and takes the place
    of the last one, which is kept as ``NAME.previous``. A run that is killed goes on from it by ``fit(…, resume=path)``
    to the bits that it would have had. To compute error signals again in place of keeping arrays is another thing,
    `mg.checkpoint`.

    Arguments:
        path: the file, in the safetensors format.
        save_freq: write one after so many steps of the optimizer, too.

    Raises:
        TypeError, ValueError: if `path` is not a path, or `save_freq` not a whole number of at least 1.
        IsADirectoryError: if it is a folder.
    """

    def __init__(self, path: str | os.PathLike[str], *, save_freq: int | None = None) -> None:
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"Checkpoint: expected the path of a file, got {type(path).__name__}")
        self.path = _file("Checkpoint", path)
        self.save_freq = None if save_freq is None else whole_number("Checkpoint: save_freq", save_freq, least=1)
        self.goes_on = False  # whether the run was resumed from this file
        self._last = time.monotonic()

    def __repr__(self) -> str:
        every = "" if self.save_freq is None else f", save_freq={self.save_freq}"
        return f"Checkpoint({str(self.path)!r}{every})"

    def begin(self, run: Run) -> None:
        """The first one of a run: a file that cannot be written is noticed before the training, and not after."""
        if self.goes_on:
            return
        was_there = self.path.is_file()
        self.save(run)  # which refuses to replace what is something else
        if was_there:
            mg.user_frame.warn(
                f"fit: checkpoint={str(self.path)!r} was there already, and is replaced; to go on from it, write "
                f"resume={str(self.path)!r}, too. Until the next one is written it is "
                f"{str(mg.files.previous_of(self.path))!r}",
                UserWarning,
            )

    def is_due(self, run: Run) -> bool:
        """Whether it is time for one within an epoch."""
        by_steps = self.save_freq is not None and run.step % self.save_freq == 0
        return by_steps or time.monotonic() - self._last > _SECONDS

    def save(self, run: Run) -> None:
        """Write one."""
        save_checkpoint(self.path, run.state_dict(), as_metadata("fit", run.model))
        self._last = time.monotonic()


def as_checkpoint(checkpoint: Any, resume: Any) -> Checkpoint | None:
    """The checkpoint of `fit`'s argument, which may be a path.

    Warns:
        UserWarning: if the file to go on from is not there, and this training will not write it either.
    """
    written = checkpoint if isinstance(checkpoint, Checkpoint | None) else Checkpoint(checkpoint)
    source = None if resume is None else Path(resume)
    same = written is not None and source is not None and _same(written.path, source)
    if source is not None and not (same or source.exists() or mg.files.previous_of(source).exists()):
        mg.user_frame.warn(
            f"fit: resume={str(source)!r}: there is no such file, so the training begins anew", UserWarning
        )
    if written is not None:
        written.goes_on = same and written.path.exists()
    return written


def _same(a: Path, b: Path) -> bool:
    return a.absolute() == b.absolute() or (a.exists() and b.exists() and a.samefile(b))


def load_resumed(path: Any) -> Resumed | None:
    """The state in a file; ``None`` if no file is asked for, or there is no such file yet."""
    if path is None:
        return None
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"fit: resume is a {type(path).__name__}, expected the path of a checkpoint")
    state = load_checkpoint(_file("fit: resume", path))
    return None if state is None else Resumed(Path(path), state)


def _file(called: str, path: str | os.PathLike[str]) -> Path:
    """The path of a file; a folder is refused before anything is trained."""
    if Path(path).is_dir():
        raise IsADirectoryError(f"{called}: {path} is a folder, expected a file, as {Path(path) / 'run.safetensors'}")
    return Path(path)


class Resumed:
    """The state of a run that was read from a file."""

    def __init__(self, path: Path, state: Mapping[str, Any]) -> None:
        self.path = path
        self.state = state
        if not isinstance(state, Mapping) or not isinstance(state.get("position"), Mapping):
            raise ValueError(f"{path}: is not a checkpoint of a training; weights alone are loaded by nn.load")

    def seed(self, rng: Any) -> int:
        """The seed of the run, which a whole number has to agree with."""
        own: int = self.state["position"]["seed"]
        if isinstance(rng, int) and seed_of(rng) != own:
            raise ValueError(f"fit: the training in {self.path} has rng={own}, got rng={rng}; leave it out to resume")
        return own

    def into(self, run: Run) -> None:
        """Let a run go on from here."""
        messages = self._other_settings(run)
        try:
            run.load_state_dict(self.state)
        except (ValueError, TypeError, KeyError) as error:
            said = error.args[0] if isinstance(error, KeyError) else error  # whose text has quotes around it
            raise ValueError(f"{self.path}: does not fit this training: {said}") from error
        for message in messages:
            mg.user_frame.warn(message, UserWarning)
        if run.verbose:
            print(f"resumed from {self.path}: {_position(run)}", flush=True)

    def _other_settings(self, run: Run) -> list[str]:
        """Warnings of settings that were others when the training began."""
        said = {
            "optimizer": "the checkpoint's are taken; to train with others, begin anew from its weights, nn.load(path, "
            "into=model)",
            "run": "it goes on with what is given here, and not to the bits of a training without a break",
        }
        messages = []
        for part, ours in run.settings.items():
            theirs = self.state.get("settings", {}).get(part, ours)
            other = [f"{name} = {theirs[name]}, not {ours[name]}" for name in ours if theirs[name] != ours[name]]
            if other:
                messages.append(f"fit: the training in {self.path} began with {', '.join(other)}; {said[part]}")
        if other_batches := self._other_batches(run):
            messages.append(f"fit: the training in {self.path} began with {other_batches}; {said['run']}")
        return messages

    def _other_batches(self, run: Run) -> str:
        """How many samples a step had on another number of processes, if it has more or fewer here."""
        data = self.state.get("data", {})
        ranks, size = data.get("ranks", 1), data.get("batch_size")
        here, own = run.comm.size, run.data.batch_size
        if run.data.n_samples is None or ranks == here or ranks * size == here * own:
            return ""
        return f"{ranks * size} samples a batch on {ranks} ranks, not {here * own} on {here}"


def _position(run: Run) -> str:
    """How far a run is, and how to go on if nothing is left to do."""
    done = f"{run.epochs_done} of {run.epochs} epochs"
    if run.batch:
        return f"{done} and {run.batch} batches are done"
    if run.stopped is None and run.epochs_done >= run.epochs:
        return f"{done} are done, nothing is left to train; for more, write a larger epochs="
    return f"{done} are done"
