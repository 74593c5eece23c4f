"""The loss as a function of two parameters, or over a plane through all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

import numpy as np

import minigrad as mg
from nn.analysis.surface.directions import principal_directions, random_directions
from nn.analysis.surface.varied import named_tensors, varied
from nn.callbacks.parameter_path import ParameterPath, parameter_vector
from nn.hyperparameters import whole_number
from nn.module import Module
from nn.typing import Array
from nn.unsupported import explains_calls

__all__ = ["LossSurface", "loss_surface"]

REST = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
MARGIN = 0.25  # around a path, as a fraction of its range
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, eq=False, repr=False)
class LossSurface:
    """The loss at the points of a grid in a plane of parameter space. `nn.plot.loss_surface` draws it.

    Attributes:
        kind: what the plane is: ``"parameters"``, of the only two there are; ``"path"``, the closest to a path; or
            ``"random"``.
        model: the name of the model, or ``""``.
        names: of the two coordinates.
        x: the first coordinate of the grid, shape (n,): of two parameters the values of the first; else multiples of
            ``directions[0]``, and the centre is at 0.
        y: likewise the second, shape (n,).
        loss: shape (n, n): ``loss[i, j]`` is that at ``y[i]``, ``x[j]``.
        centre: the parameters as they are, shape (P,).
        centre_loss: the loss there.
        directions: shape (2, P).
        path: the points of the path as projected onto the plane, shape (K, 2); ``None`` without a path.
        explained: for each coordinate its share of the path's squared distances from the centre; their sum is 1 if the
            path lies in the plane. ``None`` unless the plane was chosen for a path.
    """

    kind: str
    model: str
    names: tuple[str, str]
    x: Any
    y: Any
    loss: Any
    centre: Any
    centre_loss: float
    directions: Any
    path: Any = None
    explained: tuple[float, float] | None = None

    @property
    def origin(self) -> tuple[float, float]:
        """The coordinates of the centre."""
        return (float(self.centre[0]), float(self.centre[1])) if self.kind == "parameters" else (0.0, 0.0)

    def __repr__(self) -> str:
        finite = self.loss[np.isfinite(self.loss)]
        ends = f"{finite.min():.3g} to {finite.max():.3g}".replace("-", "−")
        words = f"LossSurface({len(self.x)} × {len(self.y)} points over {' and '.join(self.names)}, loss from {ends}"
        if self.explained is not None:
            words += f"; the plane has {sum(self.explained):.1%} of the path".replace("%", " %")
        return words + ")"


@explains_calls
def loss_surface(
    loss: Callable[[], Any],
    parameters: Module | Mapping[str, mg.Tensor] | Iterable[mg.Tensor],
    *,
    path: ParameterPath | Array = None,
    limits: Any = None,
    points: int = 25,
    rng: Any = None,
) -> LossSurface:
    """The loss around the parameters as they are now, over two directions.

    If there are only two numbers, the coordinates are these: the surface is J(w, b) itself. Of more, only a plane can
    be shown: with a `path` the plane through the parameters that is closest to it; without one, a plane of two random
    directions in which each filter is as long as the network's (Li et al., 2018). At 1, each filter has then changed by
    its own length. Biases and frozen parameters stay.

    The parameters are moved to each point, and afterwards they are as before, also after an error. A model is in
    evaluation mode meanwhile, and its buffers stay: a batch normalization uses the running means of the centre
    everywhere. To use those of the batch instead, let `loss` call ``model.train()`` first.

    Arguments:
        loss: a function without arguments that computes the loss from the parameters, as a number: ``lambda:
            nn.evaluate(model, x, t)["loss"]``. It is called once for each point.
        parameters: a model, or Tensors: ``[w, b]``, or ``{"w": w, "b": b}`` with the names for the picture.
        path: a `ParameterPath`, or points of shape (K, P), for two parameters a list of pairs.
        limits: ``((low, high), (low, high))``, the ends of the two coordinates; if not given, the path with a margin,
            or 1 to both sides, for two parameters up to their size if that is larger.
        points: the number of points along each coordinate: the loss is computed points² times.
        rng: a seed or a generator of the random directions.

    Raises:
        TypeError: if `loss` is not a function, or does not return a single number; if parameters are not Tensors of
            floating-point numbers.
        ValueError: if the loss is the same everywhere, as if it did not depend on the parameters; if the path has
            another number of parameters, is not finite, or is a straight line; if `limits` are not two intervals.

    Source: H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein, "Visualizing the Loss Landscape of Neural Nets", 2018.

    >>> import minigrad as mg
    >>> w, b = mg.Tensor(0.0, requires_grad=True), mg.Tensor(0.0, requires_grad=True)
    >>> def J():
    ...     return (w - 1) ** 2 + 4 * (b + 1) ** 2
    >>> surface = loss_surface(J, {"w": w, "b": b}, limits=((-1, 3), (-2, 0)), points=5)
    >>> surface.loss[:, 2]  # at w = 1
    array([4., 1., 0., 1., 4.])
    """
    _check_function(loss)
    points = whole_number("loss_surface: points", points, least=2)
    named = named_tensors(parameters)
    tensors = list(named.values())
    centre = parameter_vector("loss_surface", tensors).astype(np.float64)
    given = None if path is None else _path(path, len(centre))
    two = len(centre) == 2
    if two:
        kind, directions, origin = "parameters", np.eye(2), np.zeros(2)
    elif given is not None:
        kind, directions, origin = "path", principal_directions(given, centre), centre
    else:
        kind, origin = "random", centre
        directions = random_directions(_trained(tensors), np.random.default_rng(rng))
    projected = None if given is None else (given - origin) @ directions.T
    (left, right), (low, high) = _limits(limits, projected, centre if two else np.zeros(2))
    x, y = np.linspace(left, right, points), np.linspace(low, high, points)
    values = np.empty((points, points))
    with varied(parameters, tensors) as move, np.errstate(all="ignore"):  # far away the loss may overflow
        centre_loss = _number(loss)
        for i, j in np.ndindex(points, points):
            move(origin + np.array([x[j], y[i]]) @ directions)
            values[i, j] = _number(loss)
    _check(values)
    return LossSurface(
        kind=kind,
        model=type(parameters).__name__ if isinstance(parameters, Module) else "",
        names=_names(named) if two else (f"{kind} direction 1", f"{kind} direction 2"),
        x=x,
        y=y,
        loss=values,
        centre=centre,
        centre_loss=centre_loss,
        directions=directions,
        path=projected,
        explained=_explained(given - centre, directions) if given is not None and not two else None,
    )


def _check_function(loss: Any) -> None:
    if not callable(loss) or isinstance(loss, Module):
        raise TypeError(
            f"loss_surface: loss is a {type(loss).__name__}, expected a function without arguments that computes the "
            'loss: lambda: nn.evaluate(model, x, t)["loss"]'
        )
    try:
        needed = [p.name for p in signature(loss).parameters.values() if p.default is p.empty and p.kind not in REST]
    except ValueError:  # a function of C has no signature
        return
    if needed:
        name = getattr(loss, "__name__", "loss").replace("<lambda>", "loss")
        raise TypeError(
            f"loss_surface: loss takes the arguments {', '.join(needed)}, expected a function without arguments: "
            f"lambda: {name}({', '.join(needed)})"
        )


def _path(path: Any, size: int) -> Any:
    points = np.asarray(path.points if isinstance(path, ParameterPath) else path, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != size or not len(points):
        raise ValueError(
            f"loss_surface: the path has shape {points.shape}, expected (K, {size}): "
            f"K points of all {size:,} parameters"
        )
    if not np.isfinite(points).all():
        first = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        raise ValueError(
            f"loss_surface: point {first} of the path is not finite: the training diverged; give path[:{first}]"
        )
    return points


def _trained(tensors: list[mg.Tensor]) -> list[Any]:
    """The arrays of the parameters, with zeros for frozen ones, so that directions leave these as they are."""
    frozen = [not tensor.requires_grad for tensor in tensors]
    arrays = [np.asarray(mg.to(tensor.data, "cpu")) for tensor in tensors]
    return arrays if all(frozen) else [a * 0 if still else a for a, still in zip(arrays, frozen, strict=True)]


def _limits(given: Any, path: Any, origin: Any) -> Any:
    if given is not None:
        limits = np.asarray(given, dtype=np.float64)
        if limits.shape != (2, 2) or not np.isfinite(limits).all() or not (limits[:, 0] < limits[:, 1]).all():
            raise ValueError(
                f"loss_surface: limits are {given!r:.80}, expected two intervals ((low, high), (low, high))"
            )
        return limits
    if path is None:
        size = np.maximum(1, np.abs(origin))
        return np.stack([origin - size, origin + size], axis=1)
    shown = np.vstack([path, origin])
    low, high = shown.min(axis=0), shown.max(axis=0)
    margin = MARGIN * np.maximum(high - low, (high - low).max() / 2)
    return np.stack([low - margin, high + margin], axis=1)


def _number(loss: Callable[[], Any]) -> float:
    value = loss()
    if value is None:
        raise TypeError("loss_surface: the loss is None, expected a number; does the function end with return?")
    if np.size(value) != 1:
        raise TypeError(f"loss_surface: the loss has shape {np.shape(value)}, expected a single number, as its mean")
    return float(value.item() if hasattr(value, "item") else value)


def _check(values: Any) -> None:
    if not np.isfinite(values).any():
        raise ValueError("loss_surface: the loss is infinite or NaN everywhere; choose narrower limits=")
    if np.ptp(values[np.isfinite(values)]) == 0:
        raise ValueError(
            f"loss_surface: the loss is {values.flat[0]:.4g} at all points; does the function compute it anew from "
            "these parameters? lambda: mg.mse_loss(model(x), t) does, and lambda: L does not"
        )


def _explained(away: Any, directions: Any) -> tuple[float, float]:
    """The share that each of two orthonormal directions has of the squared distances."""
    total = (away**2).sum()
    across, up = ((away @ directions.T) ** 2).sum(axis=0) / (total or 1)
    return float(across), float(up)


def _names(named: Mapping[str, mg.Tensor]) -> tuple[str, str]:
    """The names of two numbers: those of two Tensors, or the elements of one."""
    names = [
        name if tensor.size == 1 else f"{name}{str(i).translate(SUBSCRIPTS)}"
        for name, tensor in named.items()
        for i in range(1, tensor.size + 1)
    ]
    return names[0], names[1]
