"""Where training is: the epoch, the step and the samples of the batch, of which random layers make their numbers.

Within a position a layer's numbers are a function of (seed, epoch, sample, path of the layer), so that an interrupted
training continues with the same ones. Outside of one, a layer draws from its own generator.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import NDArray

import minigrad as mg
from nn.random.sample_generator import SampleGenerator
from nn.random.seeds import epoch_generator

__all__ = ["Position", "clear_position", "keep", "noise", "set_position"]


class Position:
    """What `set_position` was given, and how often each layer was called since."""

    def __init__(self, model: Any, seed: int, epoch: int, samples: NDArray[np.int64], step: int, rank: int) -> None:
        self.model, self.seed, self.epoch, self.samples, self.step = model, seed, epoch, samples, step
        self.rank = rank
        self.calls: dict[str, int] = {}
        self.paths: dict[int, tuple[Any, str]] = {}
        self._paths_are_new = False

    def purpose_of(self, module: Any) -> str:
        """The layer's path in the model, and the number of its call."""
        path = self._path_of(module)
        # A layer that is not in the model, as one that a forward makes: told apart by its class, and its turn.
        path = f"a {type(module).__name__} elsewhere" if path is None else f"layer {path}"
        call = self.calls.get(path, 0)
        self.calls[path] = call + 1
        return f"{path}, call {call}"

    def _path_of(self, module: Any) -> str | None:
        if id(module) not in self.paths and not self._paths_are_new:
            # The modules are kept with their paths, so that no other module gets the id of one.
            self.paths = {id(part): (part, path) for path, part in self.model.named_modules()}
            self._paths_are_new = True
        found = self.paths.get(id(module))
        return None if found is None else found[1]

    def generator_for(self, module: Any, length: int) -> SampleGenerator | np.random.Generator:
        """A generator with a stream for each sample, if there are as many as entries; else one for this step."""
        purpose = self.purpose_of(module)
        if length == len(self.samples):
            return SampleGenerator(self.seed, self.epoch, self.samples, purpose)
        rank = f", rank {self.rank}" if self.rank else ""
        return epoch_generator(self.seed, self.epoch, f"{purpose}, step {self.step}{rank}")


_position: ContextVar[Position | None] = ContextVar("nn position", default=None)


def set_position(model: Any, seed: int, epoch: int, samples: NDArray[np.int64], step: int, rank: int = 0) -> None:
    """Say, for this thread or task, at which samples training of `model` is, until it is said anew.

    Calls of a layer are counted from here. So a loop sets the position before the forward pass, and once more, to the
    same, before the backward pass: what `mg.checkpoint` recomputes there draws the same numbers, unless a layer is
    called several times, which `mg.checkpoint` notices and refuses.

    Arguments:
        model: in which layers have their paths.
        seed: of the training.
        epoch: counted as the loader counts it.
        samples: the numbers of the samples in the batch, (N,).
        step: the number of the batch, for layers whose input has another length than the batch.
        rank: that of this process, for the same layers.
    """
    position = Position(model, seed, epoch, samples, step, rank)
    before = _position.get()
    if before is not None and before.model is model and before.epoch == epoch:
        position.paths = before.paths  # to walk through the model takes longer than many a layer
    _position.set(position)


def clear_position() -> None:
    """Let random layers draw from their own generators again."""
    _position.set(None)


@mg.recorder.drawn(lambda module, p, shape: np.ones(shape, np.bool_))
def keep(module: Any, p: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """What a layer keeps, if it drops with probability `p`: of its position in training, or else of its own generator.

    Arguments:
        module: a layer with an attribute ``rng``.
        shape: the samples are along the first axis.
    """
    generator = _generator_for(module, shape)
    if isinstance(generator, SampleGenerator):
        return generator.at_least(p, shape[1:])
    return generator.random(shape, dtype=np.float32) >= p


@mg.recorder.drawn(lambda module, shape: np.zeros(shape, np.float32))
def noise(module: Any, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Normally distributed numbers for a layer, with mean 0 and variance 1; arguments as for `keep`."""
    generator = _generator_for(module, shape)
    if isinstance(generator, SampleGenerator):
        return generator.standard_normal(shape[1:], dtype=np.float32)
    return generator.standard_normal(shape, dtype=np.float32)


def _generator_for(module: Any, shape: tuple[int, ...]) -> SampleGenerator | np.random.Generator:
    position = _position.get()
    if position is None:
        if vars(module).get("_rng_is_fresh"):
            vars(module)["_rng_is_fresh"] = False
        return module.rng  # type: ignore[no-any-return]
    return position.generator_for(module, shape[0] if shape else -1)
