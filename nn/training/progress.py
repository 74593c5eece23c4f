"""The progress of an epoch on the screen."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from nn.metrics.running_metrics import metric_text

__all__ = ["Progress"]

_BAR = "{desc} {percentage:3.0f} %|{bar}| {remaining} left{postfix}"
_UNKNOWN = "{desc} {n_fmt} batches, {elapsed}{postfix}"  # the number of batches is not known


class Progress:
    """The progress of one epoch: a tqdm bar while it runs, on a terminal or in a notebook, and a line after it.

    Arguments:
        title: what stands before it.
        steps: the number of batches, ``None`` if it is not known.
        done: the number of those that are done, by a run that was resumed.
        verbose: whether to show anything.
    """

    def __init__(self, title: str, steps: int | None, done: int, verbose: bool) -> None:
        self.title = title
        self.verbose = verbose
        self.bar = _bar(title, steps, done) if verbose else None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: Any) -> None:
        if self.bar is not None:
            self.bar.close()

    def step(self, means: dict[str, Any]) -> None:
        """Show the means after another batch."""
        if self.bar is not None:
            self.bar.set_postfix_str(_formatted(means), refresh=False)
            self.bar.update()

    def validation(self, batches: Iterable[Any], steps: int | None) -> Iterator[Any]:
        """The batches of the validation, with a bar of their own in place of that of the epoch."""
        self.__exit__()
        self.bar = _bar(f"{self.title} validation", steps, 0) if self.verbose else None
        for batch in batches:
            yield batch
            if self.bar is not None:
                self.bar.update()

    def done(self, means: dict[str, Any], seconds: float) -> None:
        """Replace the bar by a line."""
        self.__exit__()
        if self.verbose:
            print(f"{self.title}  {_formatted(means)}  {seconds:.1f} s", flush=True)


def _bar(title: str, steps: int | None, done: int) -> Any:
    """A bar of tqdm, if it is installed and there is somebody to see it.

    A notebook shows every stream in a block of its own, and what goes to the standard error in red. So its bar is a
    widget, or without ipywidgets text among the lines of the epochs, which takes no place once it is cleared.
    """
    notebook = _in_notebook()
    if not (sys.stderr.isatty() or notebook):
        return None
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    widgets = notebook and importlib.util.find_spec("ipywidgets") is not None
    bar: Any = importlib.import_module("tqdm.notebook").tqdm if widgets else tqdm
    return bar(
        total=steps,
        initial=done,
        desc=title,
        bar_format=_UNKNOWN if steps is None else _BAR,
        dynamic_ncols=True,
        leave=False,
        file=sys.stdout if notebook else sys.stderr,
    )


def _in_notebook() -> bool:
    """Whether a notebook's kernel runs this: it has IPython loaded, and no terminal of its own."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell is not None and shell.has_trait("kernel")


def _formatted(means: dict[str, Any]) -> str:
    return "  ".join(f"{name} {metric_text(name, value)}" for name, value in means.items())
