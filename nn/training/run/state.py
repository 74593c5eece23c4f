"""The state of a run, with everything that a later process needs to go on to the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nn.module import Module

if TYPE_CHECKING:
    from nn.training.run.run import Run

__all__ = ["load_run", "settings_of", "state_of_run"]

#: Where a run is.
_POSITION = ("seed", "epochs_done", "batch", "samples", "step", "first_epoch", "updated", "stopped")


def state_of_run(run: Run) -> dict[str, Any]:
    """The position, and the states of all parts."""
    return {
        "position": {name: getattr(run, name) for name in _POSITION} | ({"stopped": None} if run.interrupted else {}),
        "data": _description(run),
        "settings": run.settings,
        "history": {"epoch": run.history.epoch, "history": run.history.history},
        **{name: part.state_dict() for name, part in _parts(run).items()},
        "callbacks": [[type(callback).__name__, callback.state_dict()] for callback in run.callbacks],
    }


def load_run(run: Run, state: Mapping[str, Any]) -> None:
    """Set every part, or none."""
    if not isinstance(state, Mapping) or "position" not in state:
        raise TypeError(f"Run: expected what state_dict() of a run returned, got {state!r:.80}")
    _refuse_differences(run, state)
    before = state_of_run(run)
    try:
        _load(run, state)
    except BaseException:
        _load(run, before)
        raise


def settings_of(run: Run) -> dict[str, dict[str, str]]:
    """What the steps depend on besides the data: what the optimizer has, and what it does not have."""
    groups = run.optimizer.param_groups
    names = [name for name in groups[0] if name not in ("params", "param_names", "initial_lr")]
    loss = repr(run.loss) if isinstance(run.loss, Module) else getattr(run.loss, "__name__", type(run.loss).__name__)
    return {
        "optimizer": {name: ", ".join(str(group[name]) for group in groups) for name in names},
        "run": {"loss": loss, "clip_norm": str(run.clip_norm)},
    }


def _parts(run: Run) -> dict[str, Any]:
    """What has a state of its own."""
    parts = {"model": run.model, "loader": run.data, "optimizer": run.optimizer, "metrics": run.running}
    if isinstance(run.loss, Module):
        parts["loss"] = run.loss
    if run.schedule is not None:
        parts |= {"schedule": run.schedule, "learning_rate": run.learning_rate}
    return parts


def _load(run: Run, state: Mapping[str, Any]) -> None:
    for name, part in _parts(run).items():
        part.load_state_dict(state[name])
    for callback, (_, own) in zip(run.callbacks, state["callbacks"], strict=True):
        callback.load_state_dict(own)
    position = {"samples": state["position"]["batch"] * run.data.batch_size, **state["position"]}  # added later
    for name in _POSITION:
        setattr(run, name, position[name])
    run.epoch = run.epochs_done + (run.batch > 0)
    run.settings = state.get("settings", run.settings)
    run.history.epoch[:] = state["history"]["epoch"]
    run.history.history.clear()
    run.history.history.update({name: list(values) for name, values in state["history"]["history"].items()})


def _description(run: Run) -> dict[str, Any]:
    """What has to be the same for the steps to be the same."""
    loader = run.data
    return {
        "samples": loader.n_samples,
        "ranks": run.comm.size,
        "batch_size": loader.batch_size,
        "shuffle": loader.shuffle,
        "drop_last": loader.drop_last,
        "accumulate": run.accumulate,
    }


def _refuse_differences(run: Run, state: Mapping[str, Any]) -> None:
    """Raise a ValueError if the state is that of another training."""
    data = {"ranks": 1, **state.get("data", {})}
    may_differ = {"ranks", "batch_size"} if data["ranks"] != run.comm.size else set()
    for key, own in _description(run).items():
        given = data.get(key)
        if given != own and key not in may_differ:
            raise ValueError(
                f"Run: the checkpoint is of a training with {key} = {given}, and here it is {own}; resume with the "
                "same data and settings, or begin anew without resume="
            )
    missing = [name for name in _parts(run) if name not in state]
    if missing:
        raise ValueError(f"Run: the checkpoint holds nothing for {', '.join(missing)}; it is of a training without it")
    theirs, ours = [name for name, _ in state["callbacks"]], [type(callback).__name__ for callback in run.callbacks]
    if theirs != ours:
        raise ValueError(
            f"Run: the checkpoint is of a training with the callbacks {', '.join(theirs) or 'none'}, and here they are "
            f"{', '.join(ours) or 'none'}; pass the same, in the same order"
        )
