"""The progress of an epoch on the screen."""

from __future__ import annotations

import sys
from typing import Any

from nn.metrics.running_metrics import metric_text

__all__ = ["Progress"]


class Progress:
    """The progress of one epoch: a tqdm bar while it runs, if on a terminal, and one line of text after it."""

    def __init__(self, title: str, steps: int, verbose: bool) -> None:
        self.title = title
        self.verbose = verbose
        self.bar: Any = None
        if verbose and sys.stderr.isatty():
            try:
                from tqdm import tqdm
            except ImportError:
                return
            bar_format = "{desc} {percentage:3.0f} %|{bar}| {remaining} left{postfix}"
            self.bar = tqdm(total=steps, desc=title, bar_format=bar_format, dynamic_ncols=True, leave=False)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: Any) -> None:
        if self.bar is not None:
            self.bar.close()

    def step(self, means: dict[str, float]) -> None:
        """Show the means after another batch."""
        if self.bar is not None:
            self.bar.set_postfix_str(_formatted(means), refresh=False)
            self.bar.update()

    def done(self, means: dict[str, float], seconds: float) -> None:
        """Replace the bar by a line."""
        self.__exit__()
        if self.verbose:
            print(f"{self.title}  {_formatted(means)}  {seconds:.1f} s", flush=True)


def _formatted(means: dict[str, float]) -> str:
    return "  ".join(f"{name} {metric_text(name, value)}" for name, value in means.items())
