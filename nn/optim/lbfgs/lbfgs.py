"""L-BFGS."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

import minigrad as mg
from nn.hyperparameters import finite_number, whole_number
from nn.optim.groups.parameter_group import GroupSetting
from nn.optim.groups.state_dict import array_from, number_from, refuse_differences, step_from
from nn.optim.lbfgs.strong_wolfe import Point, strong_wolfe
from nn.optim.optimizer import Closure, Optimizer, Parameters
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["LBFGS"]

_LEAST_CURVATURE = 1e-10  # of steps along which the gradient hardly changes, rounding would decide


def _line_search(what: str, value: Any) -> str | None:
    if value is not None and not (isinstance(value, str) and value == "strong_wolfe"):
        raise ValueError(f"{what} is {value!r}, expected 'strong_wolfe' or None")
    return value


class LBFGS(Optimizer):
    """A quasi-Newton method: how the gradient changed in the last steps tells how the loss is curved.

    The step is − H ḡ, with H an approximation of the inverse of the Hessian: of the last pairs of a step s and the
    change y of the gradient in it, so that H y = s. It converges in few steps where the loss is smooth and is computed
    from all data; noise of small batches, or of dropout, misleads it. A step evaluates the loss several times, and so
    needs a closure::

        def closure():
            optimizer.zero_grad()
            loss = nn.CrossEntropyLoss()(model(x), t)
            loss.backward()
            return loss

        for _ in range(10):
            loss = optimizer.step(closure)

    Arguments:
        params: the parameters, as for `Optimizer`; in one group.
        lr: how far to go along − H ḡ, at least 0; with a line search, where it begins.
        max_iter: the number of iterations in a step, at least 1.
        max_eval: the number of evaluations in a step, after which no iteration begins; 1¼ `max_iter` if not given.
        tolerance_grad: a step ends when no component of the gradient is larger.
        tolerance_change: a step ends when neither loss nor parameters change more.
        history_size: the number of pairs that are remembered, at least 1.
        line_search_fn: ``"strong_wolfe"`` for a line search, which makes it robust; ``None`` for steps of `lr`.

    Raises:
        ValueError, TypeError: as `Optimizer`, if there are several groups, and if a setting is not a number in its
            range.

    Source: Nocedal, Wright, "Numerical Optimization", 2nd ed., section 7.2, as in Schmidt's minFunc and in PyTorch.

    >>> import minigrad as mg, nn
    >>> w = mg.Tensor([-1.0, 1.0], requires_grad=True)
    >>> opt = nn.optim.LBFGS([w], line_search_fn="strong_wolfe", max_iter=50)
    >>> def closure():
    ...     opt.zero_grad()
    ...     loss = (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2  # Rosenbrock's valley, with its minimum at (1, 1)
    ...     loss.backward()
    ...     return loss
    >>> float(opt.step(closure))  # the loss before the step
    4.0
    >>> w.data.round(3).tolist()
    [1.0, 1.0]
    """

    max_iter = GroupSetting(partial(whole_number, least=1))
    max_eval = GroupSetting(partial(whole_number, least=1))
    tolerance_grad = GroupSetting(finite_number)
    tolerance_change = GroupSetting(finite_number)
    history_size = GroupSetting(partial(whole_number, least=1))
    line_search_fn = GroupSetting(_line_search)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        if max_eval is None:
            max_eval = max(1, whole_number("LBFGS: max_iter", max_iter, least=1) * 5 // 4)
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)

    def _add(self, called: str, given: Mapping[str, Any]) -> None:
        if self._groups:
            raise ValueError(f"{called}: LBFGS moves all parameters in one direction; give them to it in one group")
        super()._add(called, given)

    @explains_calls
    def step(self, closure: Closure | None = None) -> Any:
        """Iterate, up to `max_iter` times.

        Arguments:
            closure: a function that resets the gradients, computes the loss, calls its ``backward()`` and returns it.

        Returns:
            What the closure returned first: the loss before the step.

        Raises:
            TypeError: without a closure, or if it does not return a number.
            RuntimeError: if no parameter has a gradient after it.
        """
        if closure is None:
            raise TypeError(
                "LBFGS.step: it evaluates the loss several times, and needs a closure: a function that resets the "
                "gradients, computes the loss, calls its backward() and returns it; write optimizer.step(closure)"
            )
        group, tolerance = self._groups[0], self.tolerance_change
        state = self.state.setdefault(group.params[0], {"func_evals": 0, "n_iter": 0})
        before = self._loss(closure)
        loss, g = self._number(before), self._gradient()
        self._follow_parameters(state, g)
        evaluations = 1
        state["func_evals"] += 1
        if self._optimal(g):
            return before
        for iteration in range(1, self.max_iter + 1):
            state["n_iter"] += 1
            d = self._direction(state, g)
            last, state["prev_loss"], state["prev_flat_grad"] = loss, loss, g
            t = self.lr * (min(1.0, 1.0 / float(abs(g).sum())) if state["n_iter"] == 1 else 1.0)
            state["d"], state["t"] = d, t
            slope = float(g @ d)
            if slope > -tolerance:
                break
            if self.line_search_fn is not None:
                point, tried = strong_wolfe(
                    partial(self._evaluate, closure, d),
                    Point(0.0, loss, g, slope),
                    t,
                    largest=float(abs(d).max()),
                    tolerance=tolerance,
                    most=self.max_eval - evaluations,
                )
                t, loss, g = point.t, point.loss, point.grad
                state["t"] = t
                self._go(t, d)
            else:
                self._go(t, d)
                if iteration == self.max_iter:  # the next step will begin with this evaluation
                    break
                loss, g, tried = self._number(self._loss(closure)), self._gradient(), 1
            evaluations += tried
            state["func_evals"] += tried
            little_change = t * float(abs(d).max()) <= tolerance or abs(loss - last) < tolerance
            if evaluations >= self.max_eval or self._optimal(g) or little_change:
                break
        return before

    # ------------------------------------------------------------------ the direction

    def _direction(self, state: dict[str, Any], g: Array) -> Array:
        """− H ḡ, from the pairs that are remembered; at first − ḡ."""
        if state["n_iter"] == 1:
            state.update(old_dirs=[], old_stps=[], ro=[], H_diag=1.0)
            return -g
        s, y = state["t"] * state["d"], g - state["prev_flat_grad"]
        curvature = float(y @ s)
        if curvature > _LEAST_CURVATURE:
            pairs = (("old_dirs", y), ("old_stps", s), ("ro", 1 / curvature))
            for name, value in pairs:
                state[name] = [*state[name], value][-self.history_size :]
            state["H_diag"] = curvature / float(y @ y)
        remembered = list(zip(state["old_dirs"], state["old_stps"], state["ro"], strict=True))
        d, alphas = -g, []
        for y, s, rho in reversed(remembered):
            alphas.append(rho * float(s @ d))
            d = d - alphas[-1] * y
        d = state["H_diag"] * d
        for (y, s, rho), alpha in zip(remembered, reversed(alphas), strict=True):
            d = d + (alpha - rho * float(y @ d)) * s
        return d

    def _optimal(self, g: Array) -> bool:
        return bool(abs(g).max() <= self.tolerance_grad)

    # ------------------------------------------------------------------ all parameters as one vector

    def _parts(self) -> Iterator[tuple[mg.Tensor, slice]]:
        """The parameters, each with its place in the vector."""
        start = 0
        for p in self._groups[0].params:
            yield p, slice(start, start + p.size)
            start += p.size

    def _gradient(self) -> Array:
        """ḡ as a vector; 0 for parameters that are frozen, or have no gradient."""
        parts = []
        for p, _ in self._parts():
            grad = p.grad if p.requires_grad else None
            grad = grad.data if isinstance(grad, mg.Tensor) else grad
            value = np.zeros_like(p.data) if grad is None else grad
            parts.append(np.reshape(value, -1).astype(np.promote_types(value.dtype, np.float32), copy=False))
        self._refuse_no_gradient()
        return np.concatenate(parts)

    def _go(self, t: float, d: Array) -> None:
        for p, part in self._parts():
            if p.requires_grad:
                w = p.data
                w += (t * d[part]).reshape(w.shape)
                p.data = w

    def _evaluate(self, closure: Closure, d: Array, t: float) -> Point:
        """Loss and gradient at t; the parameters stay where they are."""
        values = [p.data.copy() for p, _ in self._parts()]
        self._go(t, d)
        try:
            loss, g = self._number(self._loss(closure)), self._gradient()
        finally:
            for (p, _), value in zip(self._parts(), values, strict=True):
                w = p.data
                if w.ndim:
                    w[...] = value
                p.data = w if w.ndim else value
        return Point(t, math.inf if math.isnan(loss) else loss, g, float(g @ d))

    def _number(self, loss: Any) -> float:
        if not hasattr(loss, "item") and not isinstance(loss, float | int):
            raise TypeError(
                f"LBFGS.step: the closure returned {type(loss).__name__}, expected the loss; it has to end with "
                "return loss"
            )
        return float(loss)

    # ------------------------------------------------------------------ its state

    @classmethod
    def _state_names(cls, settings: Mapping[str, Any]) -> tuple[str, ...]:  # noqa: ARG003
        last = ("d", "t", "prev_flat_grad", "prev_loss")
        return ("func_evals", "n_iter", *last, "old_dirs", "old_stps", "ro", "H_diag")

    def _follow_parameters(self, state: dict[str, Any], g: Array) -> None:
        """Let the state follow parameters that were moved, or got another dtype."""
        for name in ("d", "prev_flat_grad", "old_dirs", "old_stps"):
            if name in state:
                value = state[name]
                arrays = [self._following(array, g) for array in (value if isinstance(value, list) else [value])]
                state[name] = arrays if isinstance(value, list) else arrays[0]

    def _following(self, array: Array, g: Array) -> Array:
        if array.shape != g.shape:
            raise RuntimeError(
                f"LBFGS.step: the parameters have {g.size} numbers, and had {array.size} in the steps before; make a "
                "new optimizer for them"
            )
        return mg.to(array, g.device).astype(g.dtype, copy=False)

    def _checked_state(
        self, called: str, p: mg.Tensor, given: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> dict[str, Any]:
        if p is not self._groups[0].params[0]:
            raise ValueError(f"{called} has a state, expected all of it with the first parameter, as LBFGS keeps it")
        counts, vectors, lists = ("func_evals", "n_iter"), ("d", "prev_flat_grad"), ("old_dirs", "old_stps")
        wanted = self._state_names(settings) if given.get("n_iter") else counts
        kept = [name for name in given if name != "al"]  # where PyTorch computes
        refuse_differences(called, "state", "LBFGS", wanted, kept)
        shape = (sum(p.size for p in self.params),)

        def loaded(name: str, value: Any) -> Any:
            what = f"{called}: {name}"
            if name in counts:
                return step_from(what, value)
            if name in lists:
                return [array_from(what, array, shape, p) for array in value]
            if name == "ro":
                return [number_from(what, number) for number in value]
            return array_from(what, value, shape, p) if name in vectors else number_from(what, value)

        state = {name: loaded(name, given[name]) for name in wanted}
        if len({len(state.get(name, ())) for name in (*lists, "ro")}) > 1:
            raise ValueError(f"{called}: old_dirs, old_stps and ro differ in length")
        return state
