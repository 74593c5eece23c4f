"""TODO"""

from __future__ import annotations

import sys
from typing import Any


class Progress:
    """One epoch's progress: a tqdm bar while it runs, on a terminal, and one plain line when it is done."""

    def __init__(self, title: str, steps: int, verbose: bool) -> None:
        self.title = title
        self.verbose = verbose
        self.bar: Any = None
        if verbose and sys.stderr.isatty():
            try:
                from tqdm import tqdm
            except ImportError:
                return
            form = "{desc} {percentage:3.0f} %|{bar}| {remaining} left{postfix}"
            self.bar = tqdm(total=steps, desc=title, bar_format=form, dynamic_ncols=True, leave=False)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: Any) -> None:
        if self.bar is not None:
            self.bar.close()

    def step(self, measured: dict[str, float]) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(_spelt(measured), refresh=False)
            self.bar.update()

    def done(self, measured: dict[str, float], seconds: float) -> None:
        self.__exit__()
        if self.verbose:
            print(f"{self.title}  {_spelt(measured)}  {seconds:.1f} s", flush=True)


def _spelt(measured: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.4f}" for name, value in measured.items())
