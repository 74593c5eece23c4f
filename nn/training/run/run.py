"""Run: a training as a thing that can be iterated, stopped, saved and resumed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import minigrad as mg
from nn.callbacks.callback import Callback, as_callbacks
from nn.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from nn.data.loader import DataLoader
from nn.distributed.communicator import Communicator, as_communicator
from nn.distributed.gradients import MeanGradients
from nn.hyperparameters import positive_number, whole_number
from nn.metrics.metric import Metric
from nn.metrics.running_metrics import RunningMetrics
from nn.module import Module
from nn.optim.lr_scheduler.schedule import Schedule
from nn.optim.optimizer import Optimizer
from nn.random import clear_position, seed_of, set_position
from nn.serialization.model_metadata import set_on
from nn.training.batches import Data, TrainingBatch, as_training_data, in_groups
from nn.training.by_name import loss_of_classes, named_loss, named_optimizer
from nn.training.checks.arguments import check_model, check_optimizer
from nn.training.checks.not_finite import refuse_parameters, warn_of_validation
from nn.training.checks.parameters import check_parameters
from nn.training.evaluate import measure
from nn.training.history import History
from nn.training.progress import Progress
from nn.training.run.checkpoint import Checkpoint, as_checkpoint, load_resumed
from nn.training.run.interrupt import Interrupt
from nn.training.run.learning_rate import LearningRate
from nn.training.run.ranks import agree_on_end, begin_alike, named_parameters, refuse_drift, share_buffers
from nn.training.run.state import load_run, settings_of, state_of_run
from nn.typing import Array, Loss
from nn.unsupported import Explained

__all__ = ["Run"]


class Run(Explained):
    """A training: `fit` is a loop over one, and so is a loop of your own.

    Iterating over a run gives the batches of all epochs. What lies between them is its work: the order of the samples,
    the learning rate, training and evaluation mode, validation, callbacks, progress, checkpoints. The body of the loop
    computes the loss and steps::

        run = nn.Run(model, (x, t), epochs=5)
        for x, t in run:
            y = model(x)
            loss = run.loss(y, t)
            run.optimizer.zero_grad()
            loss.backward()
            run.optimizer.step()
            run.update(loss, y, t)

    Order, augmentation and dropout are functions of the seed, the epoch and the sample, not of a generator that is
    advanced. So a run that goes on from a checkpoint ends with the bits of one that was never interrupted.

    Arguments:
        All those of `fit` but ``compile``; ``clip_norm`` is applied by `fit` alone.

    Attributes:
        model, loss, optimizer, schedule, callbacks, history: what the run holds.
        seed: the seed of all that is random.
        epochs, epoch: the number of epochs, and the current one, from 1.
        batch: the number of batches of this epoch that are done.
        comm: what connects this process with others; of one alone, `nn.distributed.Serial`.
        step: the number of steps of the optimizer so far.
        logs: the means of this epoch so far; at its end those of validation, and the learning rate, too.
        stopped: why the run stopped early, or ``None``.

    Raises:
        TypeError, ValueError: as `fit`.

    >>> import nn, numpy as np
    >>> x, t = np.eye(2, dtype=np.float32), np.array([0, 1])
    >>> model = nn.Linear(2, 2, rng=0)
    >>> run = nn.Run(model, x, t, optimizer=nn.optim.SGD(model.parameters(), lr=1.0), epochs=3, rng=0, verbose=False)
    >>> for x, t in run:
    ...     y = model(x)
    ...     loss = run.loss(y, t)
    ...     run.optimizer.zero_grad()
    ...     loss.backward()
    ...     run.optimizer.step()
    ...     run.update(loss, y, t)
    >>> len(run.history.history["loss"]), run.step
    (3, 3)
    """

    def __init__(
        self,
        model: Module,
        data: Data,
        y: Array | None = None,
        *,
        loss: str | Loss = "cross_entropy",
        optimizer: str | Optimizer = "adam",
        epochs: int = 1,
        batch_size: int | None = None,
        validation_data: Data | None = None,
        validation_split: float = 0.0,
        metrics: Sequence[str | Metric | Callable[..., Any]] | None = None,
        class_weight: Mapping[int, float] | Array | None = None,
        callbacks: Iterable[Callback | Callable[[Run], None]] = (),
        schedule: Schedule | Callable[[int], float] | None = None,
        clip_norm: float | None = None,
        accumulate: int = 1,
        checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
        resume: str | os.PathLike[str] | None = None,
        rng: Any = None,
        verbose: bool | int = True,
        comm: Communicator | None = None,
    ) -> None:
        check_model("fit", model)
        self.comm = as_communicator("fit", comm)
        is_first = self.comm.rank == 0  # which alone reads, writes and prints
        resumed = load_resumed(resume) if is_first else None
        self.seed: int = self.comm.broadcast(_seed(rng, data) if resumed is None else resumed.seed(rng))
        self.model = model
        self.loss = loss_of_classes(named_loss(loss), class_weight)
        self.data, self.validation_data = as_training_data(
            data, y, batch_size, validation_data, validation_split, self.seed
        )
        self.optimizer = named_optimizer(optimizer, model, self.loss)
        check_optimizer("fit", self.optimizer)
        check_parameters(model, self.loss, self.optimizer)
        self.epochs = whole_number("fit: epochs", epochs, least=0)
        self.accumulate = whole_number("fit: accumulate", accumulate, least=1)
        self.clip_norm = None if clip_norm is None else positive_number("fit: clip_norm", clip_norm)
        self.callbacks = as_callbacks(callbacks)
        reduced = any(isinstance(callback, ReduceLROnPlateau) for callback in self.callbacks)
        self.learning_rate = LearningRate(self.optimizer, schedule, self.epochs, self._steps_per_epoch(), reduced)
        self.schedule = self.learning_rate.schedule
        self.checkpoint = as_checkpoint(checkpoint, resume) if is_first else None
        self.metrics = metrics
        self.verbose = bool(verbose) and is_first
        self.history = History()
        self.running = RunningMetrics(self.loss, metrics, self.comm)
        self.first_epoch: int = self.data.epoch  # of the loader: another run may have come before
        self.epochs_done = self.epoch = self.batch = self.samples = self.step = 0
        self.parameters: dict[str, mg.Tensor] = {}
        self.logs: dict[str, Any] = {}
        self.settings = settings_of(self)  # as given: those of the optimizer may change in the training
        self.interrupted = self.updated = False
        self.stopped: str | None = None
        self._entered = 0
        self._interrupt = Interrupt(self)
        self._mean_gradients = MeanGradients(self.comm)
        set_on(model, self.data.classes, self.data.preprocessing)
        if resumed is not None:
            resumed.into(self)
        begin_alike(self)

    # ------------------------------------------------------------------ the loop

    def __iter__(self) -> Iterator[TrainingBatch]:
        """The batches of all epochs that are left."""
        with self:
            while self.epochs_done < self.epochs and not agree_on_end(self):
                yield from self._batches_of_epoch()

    def _batches_of_epoch(self) -> Iterator[TrainingBatch]:
        self.epoch = self.epochs_done + 1
        started = time.perf_counter()
        self.model.train()
        if self.batch == 0:
            self.running.reset()
            self.logs, self.updated = {}, False
            self._call("on_epoch_begin")
        self.parameters = dict(self.model.named_parameters())
        with Progress(f"epoch {self.epoch}/{self.epochs}", self._n_batches(), self.batch, self.verbose) as progress:
            for batch in self._batches():
                self.learning_rate.set(self.epochs_done, self.step)
                self.set_position(batch)
                yield batch
                self.batch += 1
                self.samples += self.data.batch_size * self.comm.size
                self.step += batch.ends_step
                self.logs = self._means()
                self._call("on_train_batch_end")
                progress.step(self.logs)
                if batch.ends_step and agree_on_end(self):
                    if self.checkpoint is not None:
                        self.checkpoint.save(self)
                    return
                if batch.ends_step and self.checkpoint is not None and self.checkpoint.is_due(self):
                    self.checkpoint.save(self)
            if self.batch == 0:
                raise ValueError("fit: the data gave no batch; expected at least one in each epoch")
            refuse_parameters(self)
            self._end_epoch(progress, time.perf_counter() - started)

    def _batches(self) -> Iterator[TrainingBatch]:
        """The rest of the epoch's batches, on the model's device, `accumulate` of them for each step."""
        start = None if self.data.n_samples is None else self.samples
        rank, ranks = self.comm.rank, self.comm.size
        batches = self.data.batches(self.data_epoch, first=self.batch, rank=rank, ranks=ranks, start=start)
        return in_groups(batches, self.accumulate, self.loss, self.model, self.comm)

    def _end_epoch(self, progress: Progress, seconds: float) -> None:
        clear_position()
        share_buffers(self)
        refuse_drift(self)
        self.logs = self._means()
        self.model.eval()
        if self.validation_data is not None:
            measured = measure(
                *("fit", self.model, self.validation_data, self.loss, self.metrics, progress.validation, self.comm)
            )
            warn_of_validation(measured["loss"], self.validation_data, f"epoch {self.epoch}")
            self.logs |= {f"val_{name}": value for name, value in measured.items()}
        self.learning_rate.set(self.epochs_done, self.step - 1)  # also if the last step was before a resume
        self.logs |= self.learning_rate.shown()
        progress.done(self.logs, seconds)
        self.learning_rate.watch(self.logs)
        self.history._add(self.epoch, self.logs)
        self.data.epoch = self.data_epoch + 1
        self._call("on_epoch_end")
        self.epochs_done, self.batch, self.samples = self.epoch, 0, 0
        if self.checkpoint is not None:
            self.checkpoint.save(self)

    @property
    def data_epoch(self) -> int:
        """The epoch of the data: that of the run, and those of earlier ones with the same loader."""
        return self.first_epoch + self.epochs_done

    def _n_batches(self) -> int | None:
        """Those of this epoch; after a resume on another number of processes, the ones before had another size."""
        n = self.data.batches_of_ranks(self.comm.size, self.samples)
        return n if n is None or self.data.n_samples is None else n + self.batch

    def _steps_per_epoch(self) -> int | None:
        n = self.data.batches_of_ranks(self.comm.size)
        return None if n is None else -(-n // self.accumulate)

    def set_position(self, batch: TrainingBatch) -> None:
        """Let dropout draw its numbers for these samples, from the first call of each layer on.

        This is done before each batch, and by `fit` once more before `backward`: what `mg.checkpoint` computes again
        draws the same numbers.
        """
        set_position(self.model, self.seed, self.data_epoch, batch.samples, self.step, self.comm.rank)

    def mean_gradients(self) -> None:
        """Set the gradients to their means over all processes, before a step; of a single one they stay.

        So that this is the gradient of the whole batch, each process multiplies its loss by ``batch.share``, and leaves
        a batch out whose part does not count: ``batch.counts`` is false.
        """
        if self.comm.size > 1:
            self._mean_gradients(self.optimizer.params, lambda: named_parameters(self))

    def update(self, loss: Any, output: Array | None, target: Array) -> None:
        """Take a batch into the means of this epoch: its loss, outputs and targets.

        All processes call it together, also one whose part of the batch does not count: ``run.update(0, None, t)``, or
        with its outputs, if the weights of its classes are 0 and metrics are to see them.
        """
        if isinstance(target, mg.Tensor) and target.requires_grad and not isinstance(output, mg.Tensor):
            raise TypeError("Run.update: outputs and targets are swapped; write run.update(loss, y, t)")
        self.running.add(float(loss), output, target)
        self.updated = True

    def _means(self) -> dict[str, Any]:
        """Those of this epoch so far; a loop that never calls `update` has none."""
        return self.running.means() if self.updated else {}

    def stop(self, reason: str) -> None:
        """End the run after this batch, or after this epoch if it is at its end; the history is kept."""
        self.stopped = str(reason)

    # ------------------------------------------------------------------ begin and end

    def __enter__(self) -> Run:
        self._entered += 1
        if self._entered == 1:
            try:
                self._begin()
            except BaseException as error:
                self.__exit__(type(error), error, error.__traceback__)
                raise
        return self

    def _begin(self) -> None:
        for part in (self.model, self.loss):
            if isinstance(part, Module):
                part.zero_grad()  # also what another optimizer trained before
        self._interrupt.__enter__()
        self._call("on_train_begin")
        if self.checkpoint is not None:
            self.checkpoint.begin(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._entered -= 1
        if self._entered:
            return
        clear_position()
        try:
            if kind is None:
                share_buffers(self)
            self._interrupt.__exit__()
            self.model.eval()
            self.learning_rate.restore()
        finally:
            self._call("on_train_end")
        if self.stopped is not None and self.verbose:
            print(f"stopped in epoch {self.epoch}: {self.stopped}", flush=True)

    def _call(self, hook: str) -> None:
        for callback in self.callbacks:
            getattr(callback, hook)(self)

    # ------------------------------------------------------------------ saving

    def state_dict(self) -> dict[str, Any]:
        """All that a training consists of between two steps: what a checkpoint holds."""
        return state_of_run(self)

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` returned. If a part does not fit, everything stays as it was.

        Raises:
            TypeError, ValueError: if it is not the state of such a run.
        """
        load_run(self, state_dict)

    def __repr__(self) -> str:
        where = f"epoch {self.epoch}/{self.epochs}, step {self.step}"
        return f"<Run of {type(self.model).__name__}, {where}" + f", stopped: {self.stopped}" * bool(self.stopped) + ">"


def _seed(rng: Any, data: Any) -> int:
    """The seed of a new run: that of its loader, if none was given."""
    return data.seed if rng is None and isinstance(data, DataLoader) else seed_of(rng)
