"""The mock-ups on a screen."""

import pytest

from minigrad.drawing.layout import arrange, fits
from tests.helpers import pictures

pytest.importorskip("pygraphviz", minversion="2.0")


@pytest.mark.parametrize("name", ["lines", "stages"])
def test_text_is_readable_at_1920_by_1080(name):
    assert fits(arrange(getattr(pictures, name)())) >= 18
