"""A group of parameters with settings of its own, and the attributes of an optimizer that stand for all groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

import minigrad as mg
from nn.hyperparameters import Setting, finite_number

if TYPE_CHECKING:
    from nn.optim.optimizer import Optimizer

__all__ = ["GroupSetting", "ParameterGroup", "check_known"]


def check_known(called: str, key: str, settings: Mapping[str, Any]) -> None:
    """Raise a TypeError if there is no setting of this name."""
    if key not in settings:
        close = mg.unsupported.closest(key, settings)
        hint = f"did you mean {close!r}?" if close else f"it has {', '.join(settings)}"
        raise TypeError(f"{called} has no setting {key!r}; {hint}")


class GroupSetting(Setting):
    """A setting of an optimizer: each group has its own, and the attribute, as in ``adam.lr *= 0.5``, is that of all.

    Where groups differ, it can neither be read nor set: to make them equal is seldom what was meant.
    """

    def __get__(self, optimizer: Any, owner: type) -> Any:
        if optimizer is None:
            return self
        if self.name not in optimizer.param_groups[0].settings:
            raise AttributeError(f"{owner.__name__} has no setting {self.name!r}", name=self.name, obj=optimizer)
        first, *others = [group.settings[self.name] for group in optimizer.param_groups]
        if any(value != first for value in others):
            raise ValueError(
                f"{owner.__name__}: {self.name} differs between the groups ({', '.join(map(str, [first, *others]))}); "
                f"read and set that of a group, optimizer.param_groups[i][{self.name!r}]"
                + ("; optimizer.scale_lr(factor) scales that of all groups" if self.name == "lr" else "")
            )
        return first

    def __set__(self, optimizer: Any, value: Any) -> None:
        self.__get__(optimizer, type(optimizer))
        for group in optimizer.param_groups:
            group[self.name] = value


class ParameterGroup(MutableMapping[str, Any]):
    """A dictionary of parameters and their settings, each of which is checked when it is set.

    Its keys are ``"params"``, the names of the settings, ``"param_names"`` where parameters were given with names, and
    ``"initial_lr"``, the base of the learning rate, after `scale_lr`.

    Arguments:
        optimizer: the class of its optimizer, whose checks apply.
        called: what errors call it: ``"SGD"``, or ``"SGD: group 1"``.
        params: the parameters.
        names: their names, if they were given with names.
        settings: the values of all settings.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> group = nn.optim.SGD([w], lr=0.1).param_groups[0]
    >>> group["lr"] /= 2
    >>> group["lr"]
    0.05
    """

    def __init__(
        self,
        optimizer: type[Optimizer],
        called: str,
        params: tuple[mg.Tensor, ...],
        names: tuple[str, ...] | None,
        settings: Mapping[str, Any],
    ) -> None:
        self._optimizer = optimizer
        self._called = called
        self.params = params
        self.names = names
        self.initial_lr: float | None = None
        self.settings = self.checked(called, settings)

    def checked(self, called: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """These settings, if each makes sense and they fit one another."""
        checks = {name: getattr(self._optimizer, name, None) for name in settings}
        checked = {
            name: check.check(f"{called}: {name}", settings[name]) if isinstance(check, Setting) else settings[name]
            for name, check in checks.items()
        }
        self._optimizer._check_settings(called, checked)
        return checked

    def scale_lr(self, factor: float) -> None:
        """Set the learning rate to `factor` times its base: the one that was set last, in another way than this."""
        if self.initial_lr is None:
            self.initial_lr = self.settings["lr"]
        self.settings["lr"] = factor * self.initial_lr

    def replace(self, settings: dict[str, Any], initial_lr: float | None) -> None:
        """Take these settings, which were checked."""
        self.settings = settings
        self.initial_lr = initial_lr

    def named_parameters(self) -> Iterator[tuple[str | None, mg.Tensor]]:
        """The parameters, with the names by which errors call them."""
        names = self.names or [p.name for p in self.params]
        return zip(names, self.params, strict=True)

    # ------------------------------------------------------------------ as a dictionary

    def __getitem__(self, key: str) -> Any:
        items = self._items()
        if key not in items:
            close = mg.unsupported.closest(key, items)
            raise KeyError(f"{self._called} has no {key!r}{f'; did you mean {close!r}?' if close else ''}")
        return items[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if key in ("params", "param_names"):
            raise TypeError(f"{self._called}: {key} of a group stay; optimizer.add_param_group(…) adds a group")
        if key == "initial_lr":
            self.initial_lr = finite_number(f"{self._called}: {key}", value)
            return
        check_known(self._called, key, self.settings)
        self.settings = self.checked(self._called, {**self.settings, key: value})
        if key == "lr":
            self.initial_lr = None

    def __delitem__(self, key: str) -> None:
        raise TypeError(f"{self._called}: {key!r} cannot be deleted, only set")

    def __iter__(self) -> Iterator[str]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())

    __eq__ = object.__eq__  # that of a dictionary would compare parameters element by element
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        settings = ", ".join(f"{key}={value!r}" for key, value in self.settings.items())
        return f"<ParameterGroup({settings}) of {self.size_text()}>"

    def size_text(self) -> str:
        """As in ``"61,706 numbers in 10 parameters"``."""
        numbers, count = sum(p.size for p in self.params), len(self.params)
        return f"{numbers:,} number{'s' * (numbers != 1)} in {count} parameter{'s' * (count != 1)}"

    def _items(self) -> dict[str, Any]:
        items = {"params": self.params, **self.settings}
        if self.names is not None:
            items["param_names"] = self.names
        if self.initial_lr is not None:
            items["initial_lr"] = self.initial_lr
        return items
