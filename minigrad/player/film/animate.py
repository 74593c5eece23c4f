"""``mg.animate``: from the walkthroughs of a training to a page that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from minigrad.player.player import Player
    from minigrad.walkthrough.walkthrough import Walkthrough

__all__ = ["animate"]


def animate(walkthroughs: Iterable[Walkthrough], *, lr: float | None = None) -> Player:
    """A film of a training: a page with the graph, its values and error signals at each step, and the loss.

    Collect ``mg.explain(L)`` in each step, before ``backward()``. The page has a slider over the steps; at each, it
    shows all values and error signals in the graph, what the update makes of each parameter, and the loss as a curve.
    `Walkthrough.player` goes through a single step.

    Arguments:
        walkthroughs: what `explain` returned in successive steps of one program.
        lr: the learning rate η of gradient descent: then the page shows w ← w − η w̄ with numbers. Without it, it shows
            the values before and after, which is all that can be said of momentum or Adam.

    Returns:
        A `Player`, which notebooks show, and whose ``save("film.html")`` writes it.

    Raises:
        TypeError: if these are not walkthroughs, or if `lr` is not a number.
        ValueError: if there are none, or too many for a page; if they are of different programs; if a parameter does
            not change by −lr w̄, though `lr` is given.

    >>> import minigrad as mg
    >>> w = mg.Tensor(1.0, requires_grad=True)
    >>> steps = []
    >>> for _ in range(3):
    ...     L = w**2
    ...     steps.append(mg.explain(L))
    ...     w.grad = None
    ...     L.backward()
    ...     w.data -= 0.25 * w.grad
    >>> print(mg.animate(steps, lr=0.25))
    step  L       w     w̄
    0     1       1     2
    1     0.25    0.5   1
    2     0.0625  0.25  0.5
    """
    from minigrad.notation.values import showing  # training does not need any of it
    from minigrad.player.film.page import film_page, film_static, film_text
    from minigrad.player.film.training import training_of
    from minigrad.player.player import Player

    with np.errstate(all="ignore"):
        training = training_of(walkthroughs, lr)
        with showing(training.steps[0].max_shown):
            return Player(film_page(training), film_static(training), film_text(training), "the training, step by step")
