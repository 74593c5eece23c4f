"""What the pictures of the gallery say, exactly; where it stands, under one version of Graphviz.

After a change that is meant: python -m tests.helpers.drawing.golden, then read the diff.
"""

import pytest

from tests.helpers.drawing.gallery import PICTURES
from tests.helpers.drawing.golden import FOLDER, PLACED, PYGRAPHVIZ, is_pinned, places, structure


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_says_what_the_golden_file_says(name):
    assert structure(name) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(not is_pinned(), reason=f"positions are those of the Graphviz in pygraphviz {PYGRAPHVIZ}")
@pytest.mark.parametrize("name", PLACED)
def test_everything_is_where_the_golden_file_says(name):
    assert places(name) == (FOLDER / f"{name}.places.txt").read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    expected = {f"{name}.txt" for name in PICTURES} | {f"{name}.places.txt" for name in PLACED}
    assert {path.name for path in FOLDER.iterdir()} == expected
