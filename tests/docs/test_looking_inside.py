"""The page "Looking inside": a picture of each function of nn.plot, made by a cell."""

from __future__ import annotations

import re
from pathlib import Path

import nn

PAGE = (Path(__file__).parents[2] / "docs/tutorials/looking_inside.md").read_text(encoding="utf-8")
CELLS = re.findall(r"^```\{code-cell\}.*\n((?:.*\n)*?)```$", PAGE, flags=re.MULTILINE)


def test_it_has_a_picture_of_each_function() -> None:
    ends = [cell.rstrip().splitlines()[-1] for cell in CELLS]
    shown = {name for end in ends for name in re.findall(r"^nn\.plot\.(\w+)\(", end)}
    assert set(nn.plot.__all__) - shown == set()
    assert shown <= set(nn.plot.__all__)
