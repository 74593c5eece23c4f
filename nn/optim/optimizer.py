"""The base of all optimizers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

import minigrad as mg
from nn.hyperparameters import finite_number, true_or_false
from nn.optim.groups.parameter_group import GroupSetting, ParameterGroup, check_known
from nn.optim.groups.parameters import read_groups, read_parameters
from nn.optim.groups.state_dict import array_from, load_state, on_cpu, refuse_differences, state_of, step_from
from nn.optim.groups.written_out import write_step
from nn.typing import Array
from nn.unsupported import Explained, explains_calls, is_ours

__all__ = ["Closure", "Optimizer", "Parameters"]

#: What an optimizer is constructed with: parameters, pairs of names and parameters, or groups.
Parameters = Iterable[mg.Tensor] | Iterable[tuple[str, mg.Tensor]] | Iterable[Mapping[str, Any]]

#: Resets the gradients, computes the loss, calls its `backward`, and returns it.
Closure = Callable[[], Any]

_array = np.ndarray
_BLOCK = 1 << 18  # numbers: what a step computes from so many stays in the processor's cache


class Optimizer(Explained):
    """Holds parameters and changes them, by one `step` after each backward pass.

    A setting, like the learning rate, can be read and set as an attribute, ``sgd.lr *= 0.5``. Parameters may be given
    in groups, each with settings of its own; what a group leaves out is as for the others::

        nn.optim.SGD([{"params": model.encoder.parameters(), "lr": 0.01}, {"params": model.head.parameters()}], lr=0.1)

    An optimizer of one's own is a subclass with another `step`::

        class SignDescent(nn.optim.Optimizer):
            def __init__(self, params, lr):
                super().__init__(params, {"lr": lr})

            def step(self):
                for group in self.param_groups:
                    for w in group["params"]:
                        w.data -= group["lr"] * np.sign(w.grad)

    Arguments:
        params: ``model.parameters()``, a list of Tensors with ``requires_grad=True``, or of pairs of a name and a
            Tensor, as ``model.named_parameters()`` gives; or a list of groups: dictionaries with the key ``"params"``
            and settings. A parameter that is there twice, as tied weights are, counts once. A frozen parameter of a
            model, whose ``requires_grad`` is ``False``, keeps its value until it is set to ``True`` again.
        defaults: the settings of all groups, by name.

    Attributes:
        param_groups: the groups, a tuple of dictionaries: ``sgd.param_groups[0]["lr"] = 0.01``. There is one, if no
            groups were given.
        state: what it remembers of each parameter between steps, by PyTorch's names.

    Raises:
        ValueError: if there are no parameters, all are frozen, one was computed, one is in two groups, or a setting is
            out of its range.
        TypeError: if `params` is not a list or iterator of Tensors with requires_grad=True, a setting is not a number,
            or a group has a setting that this optimizer does not have.
    """

    lr = GroupSetting(finite_number)
    weight_decay = GroupSetting(finite_number)
    maximize = GroupSetting(true_or_false)

    #: Whether weight decay shrinks the parameter itself, and not through its gradient.
    _decoupled_weight_decay = False

    #: The symbols of what its state consists of, in programs; empty if its code does not compute with stand-ins.
    _symbols: ClassVar[Mapping[str, str]] = {}

    def __init__(self, params: Parameters, defaults: Mapping[str, Any]) -> None:
        if not isinstance(defaults, Mapping):
            raise TypeError(
                f"{type(self).__name__}: got a {type(defaults).__name__}, expected the settings as a dictionary; write "
                "super().__init__(params, {'lr': lr})"
            )
        self._groups: tuple[ParameterGroup, ...] = ()
        self._defaults = dict(defaults)
        self.state: dict[mg.Tensor, dict[str, Any]] = {}
        name = type(self).__name__
        in_groups, given = read_groups(name, params)
        for i, group in enumerate(given):
            self._add(f"{name}: group {i}" if in_groups else name, group)
        if not any(p.requires_grad for p in self.params):
            raise ValueError(
                f"{name}: all {len(self.params)} parameters are frozen (requires_grad=False), nothing is left to "
                "train; set requires_grad = True for those that should be trained"
            )

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name.startswith("_") or hasattr(type(self), name) or name == "state") and is_ours(type(self)):
            close = mg.unsupported.closest(name, self._defaults)
            hint = f"did you mean {close}?" if close else f"its settings are {', '.join(self._defaults)}"
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r} to set; {hint}")
        super().__setattr__(name, value)

    # ------------------------------------------------------------------ parameters and settings

    @property
    def param_groups(self) -> tuple[ParameterGroup, ...]:
        """The groups of parameters, dictionaries with their settings."""
        return self._groups

    @property
    def params(self) -> list[mg.Tensor]:
        """All parameters, in the order of the groups."""
        return [p for group in self._groups for p in group.params]

    @explains_calls
    def add_param_group(self, param_group: Mapping[str, Any]) -> None:
        """Add a group of parameters, ``{"params": layer.parameters(), "lr": 0.01}``.

        Settings that it leaves out are those with which the optimizer was constructed.

        Raises:
            ValueError, TypeError: as the constructor.
        """
        called = f"{type(self).__name__}: group {len(self._groups)}"
        if not isinstance(param_group, Mapping):
            raise TypeError(
                f"{called}: got a {type(param_group).__name__}, expected a dictionary; write "
                "add_param_group({'params': layer.parameters()})"
            )
        self._add(called, param_group)

    def _add(self, called: str, given: Mapping[str, Any]) -> None:
        named = read_parameters(called, given)
        for i, group in enumerate(self._groups):
            held = set(group.params)
            for j, (name, p) in enumerate(named):
                if p in held:
                    text = f"number {j}{f', {name or p.name!r}' if name or p.name else ''}, of shape {p.shape}"
                    raise ValueError(
                        f"{called}: its parameter {text} is in group {i}, too; leave it out of one of the two"
                    )
            if (named[0][0] is None) != (group.names is None):
                raise ValueError(f"{called}: give names to the parameters of all groups, or of none")
        own = {key: value for key, value in given.items() if key not in ("params", "param_names")}
        for key in own:
            check_known(called, key, self._defaults)
        params = tuple(p for _, p in named)
        names = tuple(name for name, _ in named if name is not None) or None
        self._groups = (*self._groups, ParameterGroup(type(self), called, params, names, {**self._defaults, **own}))

    @explains_calls
    def scale_lr(self, factor: float) -> None:
        """Set the learning rate of every group to `factor` times its base, for a schedule: ``scale_lr(schedule(t))``.

        The base of a group is the learning rate that was set last in another way: in the constructor, as
        ``optimizer.lr = …``, or as ``group["lr"] = …``. So two calls with 0.5 halve it once, and a call with 1 restores
        it. ``group["initial_lr"]`` is the base, and `state_dict` holds it, as PyTorch's does.

        >>> import minigrad as mg, nn
        >>> sgd = nn.optim.SGD([mg.Tensor(1.0, requires_grad=True)], lr=0.1)
        >>> for factor in (0.5, 0.25, 1):
        ...     sgd.scale_lr(factor)
        ...     print(sgd.lr)
        0.05
        0.025
        0.1
        """
        factor = finite_number(f"{type(self).__name__}.scale_lr: factor", factor)
        for group in self._groups:
            group.scale_lr(factor)

    @classmethod
    def _check_settings(cls, called: str, settings: Mapping[str, Any]) -> None:
        """Raise a ValueError if settings do not fit one another."""

    # ------------------------------------------------------------------ training

    @explains_calls
    def zero_grad(self) -> None:
        """Reset the gradients of all parameters."""
        for group in self._groups:
            for p in group.params:
                p.grad = None

    @explains_calls
    def step(self, closure: Closure | None = None) -> Any:
        """Change every parameter that has a gradient.

        Arguments:
            closure: a function that resets the gradients, computes the loss, calls its ``backward()`` and returns it;
                it is called first.

        Returns:
            What the closure returned; ``None`` without one.

        Raises:
            RuntimeError: if no parameter has a gradient: `backward` was not called, or `zero_grad` after it; or if one
                has another shape than in the steps before.
        """
        loss = None if closure is None else self._loss(closure)
        gradients = [p.grad for group in self._groups for p in group.params]
        if mg.recorder.writer() is None:
            self._step_by(gradients)
        else:
            write_step(self, gradients)
        return loss

    def _step_by(self, gradients: Sequence[Any]) -> None:
        """Change every parameter that has a gradient here; they are in the order of the groups."""
        changed, states, update, rest = False, self.state, self._update, iter(gradients)
        for group in self._groups:
            settings = group.settings
            plain = not (settings.get("maximize") or settings.get("weight_decay"))
            for p, w_bar in zip(group.params, rest, strict=False):
                if w_bar is None or not p.requires_grad:  # a frozen one may have a gradient from before
                    continue
                if type(w_bar) is not _array and isinstance(w_bar, mg.Tensor):
                    w_bar = w_bar.data
                w, state = p.data, states.get(p)
                if state is None:
                    state = states[p] = {}
                elif state:
                    self._follow(p, state, w_bar)
                if w.size > _BLOCK:
                    p.data = self._move_in_blocks(w, w_bar, state, settings)
                elif plain and w_bar.itemsize > 2:  # `_move` without its questions: a tenth of a step of small arrays
                    w -= update(w_bar, state, settings)
                    p.data = w
                else:
                    p.data = self._move(w, w_bar, state, settings)
                changed = True
        if not changed:
            self._refuse_no_gradient()

    def _refuse_no_gradient(self) -> None:
        trained = [p for p in self.params if p.requires_grad]
        if trained and all(p.grad is None for p in trained):
            raise RuntimeError(
                f"{type(self).__name__}.step: none of the parameters has a gradient; call zero_grad(), loss.backward() "
                "with its brackets, and step(), in this order"
            )

    def _loss(self, closure: Closure) -> Any:
        if not callable(closure):
            raise TypeError(
                f"{type(self).__name__}.step: expected a closure, a function that resets the gradients, computes the "
                f"loss, calls its backward() and returns it; got {type(closure).__name__}"
            )
        return closure()

    def _move(self, w: Array, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        """The parameter after a step, which changes its array in place; weight decay is the same for all optimizers."""
        if w_bar.itemsize == 2:  # the range of float16 is too small for squares and for eps
            w_bar = w_bar.astype(np.float32)
        if settings.get("maximize"):
            w_bar = -w_bar
        decay = settings.get("weight_decay")
        if decay and self._decoupled_weight_decay:
            w *= 1 - settings["lr"] * decay
        elif decay:
            w_bar = w_bar + decay * w
        w -= self._update(w_bar, state, settings)
        return w

    def _move_in_blocks(self, w: Array, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        """The same, some rows at a time: intermediate arrays stay in the cache."""
        names = self._state_names(settings)
        if type(w) is not np.ndarray or names is None or not state.keys() >= set(names):  # as in the first step
            return self._move(w, w_bar, state, settings)
        rows = max(1, _BLOCK * len(w) // w.size)
        part: dict[str, Any] = {}
        for start in range(0, len(w), rows):
            block = slice(start, start + rows)
            part = {name: value if name == "step" else value[block] for name, value in state.items()}
            self._move(w[block], w_bar[block], part, settings)
        if "step" in part:
            state["step"] = part["step"]
        return w

    def _update(self, w_bar: Array, state: dict[str, Any], settings: Mapping[str, Any]) -> Array:
        """The array to subtract from a parameter with this gradient.

        It changes the arrays of `state` in place, and adds those that are missing: in the first step, all.
        """
        raise NotImplementedError

    @classmethod
    def _state_names(cls, settings: Mapping[str, Any]) -> tuple[str, ...] | None:  # noqa: ARG003
        """What the state of a parameter consists of after a step with these settings; ``None`` if it is not known."""
        return None

    def _follow(self, p: mg.Tensor, state: dict[str, Any], w_bar: Array) -> None:
        """Let the state of a parameter follow one that was moved, or got another dtype."""
        for name, array in state.items():
            if name == "step" or _alike(array, w_bar):
                continue
            if array.shape != w_bar.shape:
                raise RuntimeError(
                    f"{type(self).__name__}.step: a parameter{f', {p.name!r},' if p.name else ''} has shape "
                    f"{w_bar.shape}, and had {array.shape} in the steps before, to which {name} belongs; make a new "
                    "optimizer for it"
                )
            state[name] = mg.to(array, p.device).astype(np.promote_types(w_bar.dtype, np.float32), copy=False)

    # ------------------------------------------------------------------ saving

    @explains_calls
    def state_dict(self) -> dict[str, Any]:
        """Copies of state and settings, in PyTorch's layout; parameters are numbered in the order of the groups.

        >>> import minigrad as mg, nn
        >>> w = mg.Tensor([1.0, 2.0], requires_grad=True)
        >>> sgd = nn.optim.SGD([w], lr=0.1, momentum=0.9)
        >>> (w * w).sum().backward()
        >>> sgd.step()
        >>> state = sgd.state_dict()
        >>> state["state"]
        {0: {'momentum_buffer': array([2., 4.])}}
        >>> state["param_groups"][0]["params"], state["param_groups"][0]["lr"]
        ([0], 0.1)
        """
        return state_of(self)

    @explains_calls
    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take settings and state from what `state_dict` returned; training goes on as it would have there.

        That of a PyTorch optimizer fits, too, once its Tensors are arrays. Arrays are copied, to the device of their
        parameter. Everything is checked before anything is changed.

        Raises:
            TypeError: if it is not such a dictionary, or something in it is of another type.
            ValueError: if it is that of another optimizer, or of other parameters.
        """
        load_state(self, state_dict)

    def _checked_state(
        self, called: str, p: mg.Tensor, given: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The state of one parameter, as arrays of its own, in the dtype and on the device of the parameter."""
        names = self._state_names(settings)
        if names is None:
            return {name: on_cpu(value) for name, value in given.items()}
        given = {name: value for name, value in given.items() if value is not None}
        always = self._state_names(dict.fromkeys(settings, 0)) or ()
        # The rest belongs to a setting. If it was turned on after the last step, the next step adds it.
        wanted = [name for name in names if given and (name in given or name in always)]
        refuse_differences(called, "state", type(self).__name__, wanted, given)
        return {
            name: step_from(f"{called}: {name}", value)
            if name == "step"
            else array_from(f"{called}: {name}", value, p.shape, p)
            for name, value in given.items()
        }

    # ------------------------------------------------------------------ repr

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for i, group in enumerate(self._groups):
            lines.append(f"Parameter Group {i}: {group.size_text()}")
            lines += [f"    {name}: {value}" for name, value in group.settings.items()]
        return "\n".join([*lines, ")"])


def _alike(array: Array, other: Array) -> bool:
    """Whether two arrays agree in dtype, shape and device; two numbers of the same class do."""
    return type(array) is type(other) and (
        isinstance(other, np.generic)
        or (array.dtype == other.dtype and array.shape == other.shape and array.device == other.device)
    )
