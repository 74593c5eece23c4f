"""What several processes have to agree on that train together: the start, buffers, the end, and every parameter.

Each of these does nothing in a single process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import minigrad as mg
from nn.distributed.differences import checksum, refuse_differences
from nn.distributed.exchange import summed
from nn.module import Module
from nn.training.run.state import settings_of

if TYPE_CHECKING:
    from nn.data.loader import DataLoader
    from nn.training.run.run import Run

__all__ = ["agree_on_end", "begin_alike", "named_parameters", "refuse_drift", "share_buffers"]

_LOOKED_AT = 64  # samples of the data, spread over all of them


def named_parameters(run: Run) -> dict[str, mg.Tensor]:
    """What the optimizer holds, by its names in the model, or in the loss; what is in neither has a number."""
    parts = [("", run.model), ("loss.", run.loss)]
    names = {p: f"{at}{name}" for at, part in parts if isinstance(part, Module) for name, p in part.named_parameters()}
    return {names.get(p, f"parameter {i} of the optimizer"): p for i, p in enumerate(run.optimizer.params)}


def begin_alike(run: Run) -> None:
    """Compare what each rank was given, and set all of them to the state of rank 0.

    Raises:
        ValueError: on all ranks, if one has another model, other data or settings than rank 0.
    """
    if run.comm.size == 1:
        return
    refuse_differences(run.comm, _given(run))
    state = run.comm.broadcast(run.state_dict())
    orders = run.comm.broadcast([loader.state_dict() for loader in _loaders(run)])
    if run.comm.rank:
        run.load_state_dict(state)
        for loader, order in zip(_loaders(run), orders, strict=True):
            loader.load_state_dict(order)


def agree_on_end(run: Run) -> bool:
    """Whether the run ends here: where a rank was stopped, all of them are."""
    if run.comm.size > 1:
        stopped, interrupted = summed(run.comm, run.stopped is not None, run.interrupted)
        if stopped:
            reason = run.comm.broadcast(run.stopped)
            run.stopped = run.stopped or reason or "another rank was stopped"
            run.interrupted = interrupted > 0
    return run.stopped is not None


def share_buffers(run: Run) -> None:
    """Set buffers, such as the running values of batch normalization, to those of rank 0."""
    if run.comm.size == 1:
        return
    buffers = [buffer for part in (run.model, run.loss) if isinstance(part, Module) for buffer in part.buffers()]
    of_first = run.comm.broadcast([mg.to(buffer.data, "cpu") for buffer in buffers])
    if run.comm.rank:
        for buffer, value in zip(buffers, of_first, strict=True):
            buffer.data = mg.to(value, buffer.device)


def refuse_drift(run: Run) -> None:
    """Compare the parameters of all ranks, which have taken the same steps.

    Raises:
        ValueError: on all ranks, with the name of the first one that differs.
    """
    if run.comm.size > 1:
        refuse_differences(
            run.comm,
            {f"{name} after epoch {run.epoch}": f"of checksum {checksum(p.data)}" for name, p in _parameters(run)},
            "a callback has changed it on one rank alone, or a loop of your own lacks run.mean_gradients() before "
            "run.optimizer.step()",
        )


def _parameters(run: Run) -> list[tuple[str, mg.Tensor]]:
    return list(named_parameters(run).items())


def _loaders(run: Run) -> list[DataLoader]:
    return [run.data] if run.validation_data is None else [run.data, run.validation_data]


def _given(run: Run) -> dict[str, Any]:
    """What has to be the same on all ranks, with names for messages."""
    parts = [("", run.model), ("loss.", run.loss)]
    tensors = {
        f"{at}{name}": f"{tensor.dtype} of shape {tensor.shape}"
        for at, part in parts
        if isinstance(part, Module)
        for name, tensor in (*part.named_parameters(), *part.named_buffers())
    }
    held = {f"{name} in the optimizer": p.requires_grad for name, p in _parameters(run)}
    settings = {
        "the loss": settings_of(run)["run"]["loss"],
        "the optimizer": type(run.optimizer).__name__,
        "epochs": run.epochs,
        "accumulate": run.accumulate,
        "clip_norm": run.clip_norm,
        "the schedule": type(run.schedule).__name__,
        "the callbacks": [type(callback).__name__ for callback in run.callbacks],
        "the metrics": [f"{name} by {type(metric).__name__}" for name, metric in run.running.metrics.items()],
        "the number of loaders": len(_loaders(run)),
    }
    data: dict[str, Any] = {}
    for kind, loader in zip(("the training data", "the validation data"), _loaders(run), strict=False):
        names = ("n_samples", "n_batches", "batch_size", "shuffle", "drop_last")
        data |= {f"{name} of {kind}": getattr(loader, name) for name in names}
        for i, array in enumerate(loader.arrays or ()):
            some = array[:: max(1, len(array) // _LOOKED_AT)]
            data[f"array {i} of {kind}"] = f"{array.dtype} of shape {array.shape}, checksum {checksum(some)}"
    return {**tensors, **held, **settings, **data}
