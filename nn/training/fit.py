"""fit: the training loop, with progress, validation and a history."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nn.callbacks.callback import Callback
from nn.distributed.communicator import Communicator
from nn.metrics.metric import Metric
from nn.module import Module
from nn.optim.clip_grad import clip_grad_norm_
from nn.optim.lr_scheduler.schedule import Schedule
from nn.optim.optimizer import Optimizer
from nn.training.batches import Data
from nn.training.checks.not_finite import refuse_gradients
from nn.training.history import History
from nn.training.passes import chosen_pass, outputs_alone
from nn.training.run.checkpoint import Checkpoint
from nn.training.run.run import Run
from nn.typing import Array, Loss
from nn.unsupported import explains_calls

__all__ = ["fit"]


@explains_calls
def fit(
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
    compile: bool | str = False,
    comm: Communicator | None = None,
) -> History:
    """Train `model`, and return the history of loss and metrics.

    On a terminal and in a notebook, a progress bar shows loss, metrics and the remaining time of the epoch; a line is
    printed after each epoch. Ctrl-C ends the training after the batch, and the history is returned as far as it is.
    The model is left in evaluation mode. If it is on a GPU, each batch is moved there.

    Arguments:
        model: takes a batch of inputs and returns a batch of outputs.
        data: arrays ``(inputs, targets)``, or inputs alone, with the targets as `y`; a data set, an object with
            ``__len__`` and ``__getitem__`` that gives samples ``(input, target)``; an iterable of batches; or a
            `DataLoader` of one of these, with batch size, order and transforms of its own. All but loaders and
            iterables are shuffled in every epoch.
        y: the targets, if `data` are the inputs.
        loss: takes outputs and targets and returns a single number: a layer such as ``nn.MSELoss()``, a function, or a
            name: ``"cross_entropy"``, ``"mse"``, ``"l1"``, ``"huber"``, ``"bce"``, ``"bce_with_logits"`` …
        optimizer: constructed with ``model.parameters()``; or a name, ``"adam"``, ``"sgd"``, ``"adamw"`` …, for one
            with its default settings. It may hold a part of the parameters only; a warning names those left
            out, unless they are frozen by ``requires_grad = False``.
        epochs: the number of passes through the data; 0 trains nothing.
        batch_size: the number of samples in a batch, 32 if not given; not for loaders and iterables of batches.
        validation_data: data to evaluate the model on after each epoch.
        validation_split: the part of the samples that is set aside for this, 0.1 for a tenth: drawn at random, the same
            part of every class, where Keras takes the last ones.
        metrics: what to measure besides the loss, as in `nn.metrics`: names such as ``"accuracy"``, metrics, or
            functions of outputs and targets. The accuracy, if not given, where targets are classes.
        class_weight: a weight for each class, ``{0: 1.0, 1: 5.0}`` or an array, for the cross-entropy.
        callbacks: called at fixed points of the training, as in `nn.callbacks`; a function of the run is called after
            each epoch.
        schedule: a schedule, such as ``nn.optim.CosineAnnealingLR(epochs)``, or a function of the epoch, counted from
            0. The learning rate of each group of parameters is its base times the factor; after `fit` it is the base
            again, and another `fit` begins at t = 0. `ReduceLROnPlateau` watches the validation loss, or the loss
            without validation data, and keeps its state for another `fit`. The history has the learning rate as
            ``"lr"``, that of the last step of each epoch.
        clip_norm: the greatest length of all gradients as one vector, as for `nn.optim.clip_grad_norm_`.
        accumulate: the number of batches of which the gradients are averaged before each step of the optimizer, in
            proportion to their samples. If the loss is a mean over samples, this equals a single batch so many times
            as large, except for batch normalization, which sees each batch alone.
        checkpoint: a file for all that the training consists of, written after each epoch, and once a minute. The last
            two are kept. `nn.Checkpoint` has more settings.
        resume: a checkpoint to go on from; if there is no such file yet, the training begins anew. So with the same
            path as `checkpoint`, a program that was killed is simply started again, and ends with the bits that it
            would have had.
        rng: seed or generator for all that is random: the order of the samples, and dropout. Each is a function of the
            seed, the epoch and the sample. If not given, that of the loader, or a new one.
        verbose: whether to show progress.
        compile: whether to compute loss and gradients by a program that is written of the first batch, as
            `nn.compile_step` does: the same training to the bit, in less time. ``"fast"`` asks for the program of
            that style: in the least time, and the same to rounding. Checkpoints fit either way. Where no program can
            be written, as of a model with hooks, a warning says why, and training goes on without.
        comm: what connects several processes that train together, such as `nn.distributed.mpi()`. Each computes its
            part of every batch, of `batch_size` samples, and gradients are averaged. All of them call `fit` with the
            same arguments, and go on from the weights and the seed of rank 0, which alone prints and saves. Losses have
            to be means over samples, or to say ``reduction="sum"``.

    Raises:
        FloatingPointError: if the loss, a gradient or a parameter becomes infinite or NaN: training has diverged. A
            gradient is refused before the step, which leaves the parameters as they are.
        TypeError: if an argument is not of its kind: the class of a loss, a list in place of an optimizer …
        ValueError: if the optimizer was made for another model, or before a layer was replaced; if `epochs` is
            negative, `batch_size` or `accumulate` less than 1, or `clip_norm` not positive; if the schedule is over
            before the training is, or is a `ReduceLROnPlateau` that waits for a larger loss; if the data are not inputs
            and targets, or the loss is not a single number; if a checkpoint is of another training, or damaged; if a
            process has another model, other data or other settings than rank 0, or at the end of an epoch other
            parameters.
        OSError: if a checkpoint cannot be written; the last one is still there.

    Warns:
        UserWarning: if the optimizer holds only a part of the parameters to be trained; if images have values up to
            255, or a softmax comes before the cross-entropy; if the model has more outputs than the data have classes;
            if `checkpoint` would replace a file; if there is no file `resume`, and `checkpoint` is another; if a
            resumed training began with another loss, `clip_norm`, or settings of the optimizer, of which those of the
            checkpoint are taken.
        RuntimeWarning: if the validation loss is infinite or NaN; if `compile` is set, and training runs without a
            program: none can be written, or the graph is watched, as within `mg.detect_anomaly`.

    >>> import nn, numpy as np
    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    >>> xor = np.array([0, 1, 1, 0])
    >>> model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 2, rng=1))
    >>> adam = nn.optim.Adam(model.parameters(), lr=0.1)
    >>> history = nn.fit(model, x, xor, optimizer=adam, epochs=50, rng=0, verbose=False)
    >>> history.history["accuracy"][-1]
    1.0
    """
    run = Run(
        model,
        data,
        y,
        loss=loss,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=batch_size,
        validation_data=validation_data,
        validation_split=validation_split,
        metrics=metrics,
        class_weight=class_weight,
        callbacks=callbacks,
        schedule=schedule,
        clip_norm=clip_norm,
        accumulate=accumulate,
        checkpoint=checkpoint,
        resume=resume,
        rng=rng,
        verbose=verbose,
        comm=comm,
    )
    forward_and_backward = chosen_pass(run, compile)
    with run:
        for batch in run:
            _, target = batch
            if batch.begins_step:
                run.optimizer.zero_grad()
            output, batch_loss = forward_and_backward(run, batch) if batch.counts else (outputs_alone(run, batch), 0.0)
            run.update(batch_loss, output, target)
            if batch.ends_step:
                run.mean_gradients()
                refuse_gradients(run, batch_loss)
                if run.clip_norm is not None:
                    clip_grad_norm_(run.optimizer.params, run.clip_norm)
                run.optimizer.step()
    return run.history
