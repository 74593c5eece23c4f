"""The base of all schedules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, ClassVar, Literal, Self

from nn.hyperparameters import Setting, finite_number, whole_number
from nn.optim.optimizer import Optimizer
from nn.unsupported import Explained, explains_calls

__all__ = ["Every", "Schedule", "one_of"]

#: What t counts: steps of the optimizer, or epochs.
Every = Literal["batch", "epoch"]


def one_of(*words: str) -> Callable[[str, Any], Any]:
    """The check of a setting that is one of a few words."""

    def check(what: str, value: Any) -> Any:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"{what} is {value!r}, expected {' or '.join(map(repr, words))}")
        return value

    return check


class Schedule(Explained):
    """The learning rate over time: ``schedule(t)`` is the factor of the base learning rate at t = 0, 1, 2, …

    PyTorch's schedulers with their names and arguments, but for the optimizer: a schedule holds none, and changes
    nothing. It is a function of t. `fit` takes it, and in a loop of one's own it is written out::

        schedule = nn.optim.StepLR(30, gamma=0.1)
        for epoch in range(90):
            optimizer.lr = base * schedule(epoch)

    Where groups of parameters have learning rates of their own, ``optimizer.scale_lr(schedule(epoch))`` does it for
    each. A schedule that is constructed with a learning rate, as `eta_min` of `CosineAnnealingLR` or `max_lr` of
    `OneCycleLR`, cannot give a factor without the base: ``base * schedule(t, base)``.

    A schedule of one's own is a function of the epoch, which `fit` takes as it is, or a subclass with a method
    ``_factor(t, base)``.

    Attributes:
        every: what `t` counts: ``"epoch"``, or ``"batch"`` for the steps of the optimizer.
    """

    every = Setting(one_of("batch", "epoch"))

    #: The names of what changes while it is used; those of `state_dict`.
    _state: ClassVar[tuple[str, ...]] = ()

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        if any(isinstance(value, Optimizer) for value in (*args, *kwargs.values())):
            settings = [repr(value) for value in args if not isinstance(value, Optimizer)]
            settings += [f"{key}={value!r}" for key, value in kwargs.items() if not isinstance(value, Optimizer)]
            raise TypeError(
                f"{cls.__name__}: a schedule has no optimizer; write schedule = {cls.__name__}({', '.join(settings)}), "
                "and nn.fit(…, optimizer=optimizer, schedule=schedule), or in a loop optimizer.lr = base * schedule(t)"
            )
        schedule = super().__new__(cls)
        schedule.every = "epoch"  # unless its constructor says otherwise
        return schedule

    @explains_calls
    def __call__(self, t: int, base: float | None = None) -> float:
        """The factor at step or epoch `t`, counted from 0.

        Arguments:
            t: a whole number of at least 0.
            base: the base learning rate, for schedules that are constructed with a learning rate.

        Raises:
            TypeError: if `t` is not a whole number, or `base` is missing where the factor depends on it.
            ValueError: if one is negative, or the factor too large for a number.
        """
        name = type(self).__name__
        base = None if base is None else finite_number(f"{name}: base", base)
        t = whole_number(f"{name}: t", t, least=0)
        try:
            return self._factor(t, base)
        except OverflowError:
            raise ValueError(
                f"{name}: the factor at t = {t} is too large for a number; is gamma less than 1?"
            ) from None

    def _factor(self, t: int, base: float | None) -> float:
        """The factor, for numbers that were checked."""
        raise NotImplementedError(
            f"{type(self).__name__} has no method _factor(t, base), which returns the factor at t"
        )

    def _over_base(self, lr: float, setting: str, base: float | None) -> float:
        """A learning rate, to which `setting` led, as a factor of the base.

        Raises:
            TypeError: if the base is not known.
            ValueError: if it is 0.
        """
        name = type(self).__name__
        if base is None:
            raise TypeError(
                f"{name}: {setting}={getattr(self, setting):g} is a learning rate, so the factor depends on the base; "
                "write schedule(t, base): optimizer.lr = base * schedule(t, base)"
            )
        if base == 0:
            raise ValueError(f"{name}: the base learning rate is 0, and no factor makes {lr:g} of it")
        return lr / base

    # ------------------------------------------------------------------ saving

    @explains_calls
    def state_dict(self) -> dict[str, Any]:
        """What changes while the schedule is used; of a function of t nothing, and this is ``{}``.

        As that of a module, it holds no settings: what was given to the constructor.
        """
        return {name: getattr(self, name) for name in self._state}

    @explains_calls
    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take what `state_dict` returned; everything is checked before anything is changed.

        Raises:
            TypeError: if it is not a dictionary, or something in it is not a number.
            ValueError: if names are missing or unknown, or a number is out of its range.
        """
        name = type(self).__name__
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"{name}: expected a dictionary, as state_dict() returns it, got {state_dict!r:.80}")
        missing = [key for key in self._state if key not in state_dict]
        unknown = [key for key in state_dict if key not in self._state]
        if missing or unknown:
            hint = "" if self._state else "; it is a function of t, and has no state"
            raise ValueError(
                f"{name}: the state does not fit: missing {missing or 'none'}, unknown {unknown or 'none'}{hint}"
            )
        checks = {key: getattr(type(self), key).check for key in self._state}
        checked = {key: check(f"{name}: {key}", state_dict[key]) for key, check in checks.items()}
        vars(self).update(checked)

    def __repr__(self) -> str:
        settings = [name for name in signature(type(self)).parameters if name in vars(self)]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in settings)})"
