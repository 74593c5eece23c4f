"""check_grads: derivatives compared with differences.

The backward pass, forward mode, and differences between values at nearby arguments must agree. For higher orders
the function to check is the recorded gradient itself, so that every rule is differentiated, too.

If a function accepts complex numbers, the step is imaginary: f(x + ih) = f(x) + ih f′(x) + … gives f′ to the
last digit, because nothing is subtracted (Squire & Trapp, "Using complex variables to estimate
derivatives of real functions", 1998). For functions that are not analytic, such as |x|, and for complex arguments,
central differences of fourth order are taken. A complex argument is varied along both axes of the plane.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from minigrad.core.graph import identity, sweep
from minigrad.core.implicit_exits.lost_gradient_warning import differentiating
from minigrad.core.tensor import Tensor, leaf
from minigrad.core.validation import as_numbers
from minigrad.device import to_host
from minigrad.transforms.derivatives import jvp
from minigrad.transforms.traced_function import argument, as_output

__all__ = ["check_grads"]

_SMALL = 64  # up to this many elements, each is varied by itself
_DIRECTIONS = 8  # random directions for larger arrays
_OF_HIGHER_ORDERS = 3  # random directions; if they fail, each element is varied, to name the one that is wrong


def check_grads(
    f: Callable[..., Any], *args: Any, order: int = 2, rtol: float = 1e-6, atol: float = 1e-7, seed: int = 0
) -> None:
    """Compare the derivatives of `f`, in reverse and in forward mode, with differences.

    Each element of an argument of at most 64 is varied by itself; larger arguments are varied in random directions. So
    are all arguments for higher orders, and elements only to name the one that is wrong. Complex steps are compared
    where the function is analytic, central differences otherwise.

    Arguments:
        f: takes arrays or Tensors and returns one, of any shape.
        args: numbers, float64 or complex128 arrays, at a point where `f` is smooth: not at a tie or a kink, which may
            be near. Arrays on a GPU are copied to the CPU.
        order: 1 checks the gradient; 2 also the gradient of the gradient, in both modes mixed; and so on.
        rtol, atol: the tolerances: relative to the larger of two values, and absolute.
        seed: for the random error signals of the output, and the directions.

    Raises:
        AssertionError: naming the order, the mode, the argument, the index and both values.
        TypeError: if an argument is not of dtype float64 or complex128, as other types are too imprecise for
            differences, or if `f` does not return one array.

    >>> import minigrad as mg
    >>> check_grads(lambda x, y: mg.tanh(x * y), [0.3, -0.7], 1.5)
    >>> check_grads(lambda z: mg.abs(z) * mg.exp(z), [0.3 + 1.0j, -0.7j])
    """
    arrays = []
    for i, given in enumerate(args):
        given = given.data if isinstance(given, Tensor) else as_numbers(given, f"check_grads: argument {i}")
        arrays.append(a := np.array(to_host(given)))
        if a.dtype not in (np.float64, np.complex128):
            raise TypeError(f"check_grads: argument {i} has dtype {a.dtype}; differences need float64 or complex128")
    _Check(f, arrays, rtol, atol, np.random.default_rng(seed)).run(1, order)


@dataclass
class _Check:
    f: Callable[..., Any]
    arrays: list[Any]
    rtol: float
    atol: float
    rng: np.random.Generator

    def run(self, order: int, orders: int) -> None:
        y = self.f(*[Tensor(a) for a in self.arrays])
        if isinstance(y, list | tuple | dict):
            raise TypeError(f"check_grads: the function returned a {type(y).__name__}, expected one array")
        y_bar = self.normal(y)
        weights = [self.normal(a) for a in self.arrays]

        def loss(*xs: Any) -> Any:
            y = self.f(*xs)
            return _paired(y if isinstance(y, Tensor) else as_output("check_grads", y), y_bar)

        def gradient(*xs: Any) -> Any:
            """A weighted sum of the gradients, to be checked like the loss."""
            signals = _gradient(loss, list(xs))
            return sum((_paired(x_bar, w) for x_bar, w in zip(signals, weights, strict=True)), Tensor(0.0))

        signals = _gradient(loss, [Tensor(a) for a in self.arrays])
        for i, x_bar in enumerate(signals):
            self.check_argument(f"order {order}, argument {i}", loss, i, x_bar.data, each=order == 1)
        if order < orders:
            self.check_mixed(f"order {order + 1}", loss, gradient, weights)
            _Check(gradient, self.arrays, self.rtol, self.atol, self.rng).run(order + 1, orders)

    def check_argument(self, where: str, loss: Callable[..., Any], i: int, x_bar: Any, *, each: bool) -> None:
        a = self.arrays[i]
        if x_bar.shape != a.shape:
            raise AssertionError(f"{where}: error signal has shape {x_bar.shape}, value {a.shape}")
        still = [np.zeros(other.shape) for other in self.arrays]
        for name, direction in self.directions(a, each=each):
            found = float(_paired(x_bar, direction))
            differences = _differences(loss, self.arrays, i, direction)
            expected, method = next(differences)
            if not self.close(found, expected) and not any(self.close(found, other) for other, _ in differences):
                if not each:
                    self.check_argument(where, loss, i, x_bar, each=True)
                raise AssertionError(f"{where}, {name}: the backward pass gives {found!r}, {method} give {expected!r}")
        tangents = [*still[:i], direction, *still[i + 1 :]] if a.size else still
        forward = float(jvp(loss, self.arrays, tangents)[1])
        if a.size and not self.close(forward, found):
            raise AssertionError(f"{where}, {name}: forward mode gives {forward!r}, the backward pass {found!r}")

    def check_mixed(
        self, where: str, loss: Callable[..., Any], gradient: Callable[..., Any], weights: list[Any]
    ) -> None:
        """Σ w ∂(∂loss/∂x · v)/∂x both ways: the tangent of the gradient, and the gradient of the tangent."""
        v = [self.normal(a) for a in self.arrays]
        forward_over_reverse = float(jvp(gradient, self.arrays, v)[1])
        signals = _gradient(lambda *xs: jvp(loss, xs, v)[1], [Tensor(a) for a in self.arrays])
        reverse_over_forward = float(sum(_paired(x_bar.data, w) for x_bar, w in zip(signals, weights, strict=True)))
        if not self.close(forward_over_reverse, reverse_over_forward):
            raise AssertionError(
                f"{where}: the tangent of the gradient is {forward_over_reverse!r}, "
                f"but the gradient of the tangent is {reverse_over_forward!r}"
            )

    def directions(self, a: Any, *, each: bool) -> Iterator[tuple[str, Any]]:
        if a.size > (_SMALL if each else _OF_HIGHER_ORDERS):
            for _ in range(_DIRECTIONS if each else _OF_HIGHER_ORDERS):
                yield "a random direction", self.normal(a)
            return
        for index in np.ndindex(a.shape):
            unit = np.zeros(a.shape, a.dtype)
            unit[index] = 1
            yield f"index {index}", unit
            if np.iscomplexobj(a):
                yield f"index {index}, along i", 1j * unit

    def normal(self, like: Any) -> Any:
        """Normally distributed numbers of the shape of an array or a Tensor, complex if it is."""
        x = self.rng.normal(size=np.shape(like))
        return x + 1j * self.rng.normal(size=x.shape) if np.iscomplexobj(like) else x

    def close(self, a: float, b: float) -> bool:
        return bool(abs(a - b) <= self.atol + self.rtol * max(abs(a), abs(b)))


def _paired(x_bar: Any, x_dot: Any) -> Any:
    """Σ x̄ ẋ: how fast the loss changes; for a complex ẋ its real part."""
    products = x_bar * x_dot
    return (np.real(products) if np.iscomplexobj(x_dot) else products).sum()


def _gradient(loss: Callable[..., Any], xs: list[Any]) -> list[Any]:
    """The error signals of `xs` for the error signal 1 of ``loss(*xs)``; recorded where `xs` require gradients."""
    recorded = any(x.requires_grad for x in xs)
    own = [argument(x if x.requires_grad else leaf(x.data)) for x in xs]
    with differentiating(own):
        y = loss(*own)
    found = sweep(y, Tensor(1.0), inputs=set(own), lift=identity) if recorded and y.requires_grad else {}
    if not recorded and y.requires_grad:
        found = {x: Tensor(x_bar) for x, x_bar in sweep(y, np.float64(1.0), inputs=set(own)).items()}
    return [found.get(x, Tensor(np.zeros(x.shape))) for x in own]


def _differences(
    loss: Callable[..., Any],
    arrays: list[Any],
    i: int,
    direction: Any,
) -> Iterator[tuple[float, str]]:
    """The derivative of `loss` by argument `i` in this direction, and the method that computed it.

    By complex steps, or else by central differences of several steps: the shorter ones may stay on one side of a kink
    that is near. At a kink all of them are wrong alike.
    """

    def at(offset: complex) -> Any:
        return loss(*[Tensor(a + offset * direction) if k == i else Tensor(a) for k, a in enumerate(arrays)]).data

    def is_analytic(central: Any) -> bool:
        """By how far complex steps and central differences are apart: no further than the error of the latter."""
        return imaginary is not None and bool(abs(imaginary - central) <= 1e-7 + 1e-4 * abs(central))

    scale = max(1.0, float(np.max(np.abs(arrays[i]), initial=0.0, where=direction != 0)))
    scale /= max(1.0, float(np.max(np.abs(direction))))
    imaginary = None if np.iscomplexobj(arrays[i]) else _imaginary_step(at)
    for step in (1e-3 * scale, 1e-5 * scale, 1e-7 * scale):
        near = at(step) - at(-step)
        central = near / (2 * step)  # of second order, which mostly is enough to tell
        if not is_analytic(central):
            central = (8 * near - (at(2 * step) - at(-2 * step))) / (12 * step)
        if imaginary is not None and is_analytic(central):
            yield imaginary, "complex steps"
            return
        yield float(central), "central differences"


def _imaginary_step(at: Callable[[complex], Any]) -> float | None:
    """The derivative by an imaginary step; ``None`` if the function does not accept complex numbers."""
    step = 1e-30
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return float(at(1j * step).imag / step)
        except Exception:
            return None
