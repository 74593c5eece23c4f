"""Which backward arrow runs beside which forward one."""

from minigrad.drawing.layout.arrows.bundles import bundles_of
from minigrad.drawing.picture import Arrow, Picture


def pairs(*arrows):
    found = bundles_of(Picture((), tuple(Arrow(key, *ends, kind) for key, *ends, kind in arrows)))
    return [[arrow.key for arrow in bundle.arrows] for bundle in found]


def test_a_use_and_what_it_carries_back_are_one_bundle():
    assert pairs(("a1", "x", "y", "forward"), ("a2", "y", "x", "backward")) == [["a1", "a2"]]


def test_two_uses_are_two_bundles():
    forward = [("a1", "x", "y", "forward"), ("a2", "x", "y", "forward")]
    backward = [("a3", "y", "x", "backward"), ("a4", "y", "x", "backward")]
    assert pairs(*forward, *backward) == [["a1", "a3"], ["a2", "a4"]]


def test_arrows_without_a_partner_stay_alone():
    assert pairs(("a1", "x", "y", "forward"), ("a2", "z", "x", "backward")) == [["a1"], ["a2"]]
