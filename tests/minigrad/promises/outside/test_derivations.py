"""What derivations and drawings write of values, and of constants."""

from __future__ import annotations

import io
import weakref

import numpy as np
import pytest

import minigrad as mg
import nn
from minigrad.cli.main import main


def loss_of(constant: object) -> mg.Tensor:
    w = mg.Tensor([2.0, 3.0], requires_grad=True, name="w")
    return mg.sum(constant * w).named("L")


def test_constants() -> None:
    """`1 - t` of a constant Tensor with a name"""
    t = mg.Tensor([1.0, 0.0], name="t")
    assert mg.explain(loss_of(1 - t)).forward[0].formula == "Σ (1 − t) ∘ w"
    large = mg.Tensor(np.zeros(1 << 18))  # 2 MiB
    alive = weakref.ref(large)
    result = large + 1.0
    del large
    assert alive() is None
    assert result.size == 1 << 18


def test_constants_that_are_not_kept() -> None:
    """the same after `t` was written into, or under `no_grad`"""
    t = mg.Tensor([1.0, 0.0], name="t")
    loss = loss_of(1 - t)
    t.data[0] = 7.0
    with mg.no_grad():
        unrecorded = 1 - t
    for text in (str(mg.explain(loss)), str(mg.explain(loss_of(+unrecorded.numpy())))):
        assert "L = Σ c₁ ∘ w" in text
        assert "no name in the program for c₁" in text


def test_arrays_of_numpy() -> None:
    """an array that NumPy computed"""
    assert "(no name in the program for c₁: " in str(mg.explain(loss_of(1 - np.array([1.0, 0.0]))))


def test_helpers() -> None:
    """`mg.explain(t)` in a helper function"""

    def helper(t: mg.Tensor) -> mg.Walkthrough:
        return mg.explain(t)

    w = mg.Tensor(2.0, requires_grad=True)
    cost = w**2
    assert helper(cost).forward[0].target == "cost"


def test_recording() -> None:
    """within `mg.record()` and `nn.draw`"""
    model = nn.Sequential(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4, 3, rng=0))
    x = np.random.default_rng(0).normal(size=(1, 1, 4, 4)).astype(np.float32)
    expected = model(x)
    with mg.record():
        y = model(x)
        constant = mg.sum(mg.exp(x))
    np.testing.assert_array_equal(y, expected)
    assert isinstance(constant, mg.Tensor)
    for drawing in (mg.draw(y, level="operations"), nn.draw(model, x, level="operations")):
        assert all(word in str(drawing) for word in ("max", "reshape", "linear"))


def test_what_was_not_computed() -> None:
    """what is drawn and was not computed"""

    def derivation() -> mg.Walkthrough:
        w, x, t = mg.Tensor([2.0, 1.0], requires_grad=True), np.array([1.0, 3.0]), np.float64(1.0)
        return mg.explain(((w * x).sum() - t) ** 2 + (w * np.array([5.0, 6.0])).sum())

    text = str(mg.draw(derivation(), level="operations"))
    assert all(f"{name}  {kind}" in text for name, kind in (("w", "parameter"), ("x", "given"), ("t", "given")))
    assert text.count("given") == 2
    assert "c₁  constant" in text
    norm = nn.Sequential(nn.BatchNorm1d(2)).eval()
    text = str(nn.draw(norm, np.ones((1, 2), np.float32), level="operations"))
    assert all(word in text for word in ("x  given", "parameter", "buffer"))


def test_what_is_not_recorded() -> None:
    """what was computed elsewhere and is not known"""
    with mg.no_grad():
        unrecorded = mg.Tensor([1.0, 0.0]) ** 2
    assert "computed, not recorded" in str(mg.draw(loss_of(unrecorded)))


def test_errors_within_recording() -> None:
    """an error within `mg.record()` or `nn.draw`"""
    with pytest.raises(ValueError, match=r"^linear: input has shape") as caught:
        nn.draw(nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 2)), np.ones((1, 2), np.float32))
    assert "✗ linear" in str(caught.value.drawing)  # type: ignore[attr-defined]


def test_the_model_after_drawing() -> None:
    """`nn.draw(model, x)`"""
    model = nn.Sequential(nn.BatchNorm1d(2), nn.Dropout(0.5, rng=0))
    x = np.array([[1.0, 2.0], [3.0, 5.0]], np.float32)
    model(x)
    before = {name: np.array(value) for name, value in model.state_dict().items()}
    nn.draw(model, x)
    assert model.training
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_walkthroughs_after_the_update() -> None:
    """a walkthrough after `backward()` and updates in place"""
    W, x = mg.Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True), mg.Tensor([1.0, -1.0])
    V = W.T
    y = V @ x
    L = mg.sum(y**2)
    step = mg.explain(L)
    before = str(step), step.check(), step.player().html
    L.backward()
    W.data -= 0.1 * W.grad
    assert (str(step), step.check(), step.player().html) == before
    assert L._inputs is None  # its graph is as free as it was
    assert W.data[0, 0] != 1


def test_films() -> None:
    """`mg.animate(steps, lr=…)` of a training"""
    w, steps = mg.Tensor(1.0, requires_grad=True), []
    for _ in range(3):
        L = w**2
        steps.append(mg.explain(L))
        w.data = w.data - 0.25 * 2 * w.data
    assert "<mo>←</mo>" in mg.animate(steps, lr=0.25).html
    with pytest.raises(ValueError, match=r"with lr=0\.1, w would go from 1 to 0\.8 in step 1, but it goes to 0\.5"):
        mg.animate(steps, lr=0.1)


def test_small_arrays() -> None:
    """arrays of up to 6 × 6 numbers"""
    w = mg.Tensor(np.random.default_rng(0).normal(size=(1, 6, 6)), requires_grad=True)
    assert "norm" not in str(mg.explain(mg.sum(w**2)))
    assert "6×6" in str(mg.explain(mg.sum(w**2), max_shown=5))


def test_the_quiz(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """the quiz on the command line"""
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n9\n2\n"))
    assert main(["explain", "L = w*x", "w=3", "x=2", "--quiz"]) == 0
    out = capsys.readouterr().out
    assert "--ask x asks for them" in out
    assert out.endswith("2 of 2 right\n")
