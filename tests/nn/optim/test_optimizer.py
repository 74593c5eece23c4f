"""What all optimizers share: PyTorch's numbers, dtypes, arrays and errors."""

from __future__ import annotations

from inspect import signature

import numpy as np
import pytest

import minigrad as mg
import nn
from tests.helpers.networks.optimizers import OPTIMIZERS, RICH, minimize
from tests.helpers.parametrized.for_each import for_each

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
all_but_lbfgs = pytest.mark.parametrize("optimizer", [cls for cls in OPTIMIZERS.values() if cls is not nn.optim.LBFGS])


@every_optimizer
def test_float32_stays_float32_and_the_array_stays_the_same(optimizer):
    w = nn.Parameter(np.ones(3), dtype=np.float32)
    array = w.data
    minimize(optimizer([w], lr=0.1), lambda: (w * w).sum())
    assert w.data is array
    assert w.data.dtype == np.float32
    assert (w.data < 1).all()


def test_a_parameter_without_gradient_is_left_alone():
    w, v = mg.Tensor(1.0, requires_grad=True), mg.Tensor(1.0, requires_grad=True)
    (v * v).backward()
    nn.optim.Adam([w, v], lr=0.1, weight_decay=1.0).step()
    assert w.data == 1.0


# ---------------------------------------------------------------- parameters


def leaf(*shape, requires_grad=True):
    return mg.Tensor(np.ones(shape), requires_grad=requires_grad)


def used_up():
    parameters = nn.Linear(1, 1).parameters()
    list(parameters)
    return parameters


def frozen():
    layer = nn.Linear(1, 1)
    for p in layer.parameters():
        p.requires_grad = False
    return layer


@every_optimizer
def test_a_parameter_given_twice_is_stepped_once(optimizer):
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=1))
    model[1].weight = model[0].weight
    w, v = leaf(2), leaf(2)
    once, twice = optimizer([w], lr=0.1), optimizer([v, v, *model[0].parameters(), *model[1].parameters(), v], lr=0.1)
    assert len(twice.params) == 4  # v, the weight, two biases
    for p, opt in ((w, once), (v, twice)):
        minimize(opt, lambda p=p: (p * p).sum())
    assert w.data.tolist() == v.data.tolist()


@every_optimizer
def test_frozen_parameters_keep_their_value_until_they_are_thawed(optimizer):
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=1))
    model(np.ones((1, 2))).sum().backward()  # gradients from before
    for p in model[0].parameters():
        p.requires_grad = False
    before = model.state_dict()
    opt = optimizer(model.parameters(), lr=0.1)
    minimize(opt, lambda: (model(np.ones((1, 2))) ** 2).sum())
    changed = [name for name, array in model.state_dict().items() if (array != before[name]).any()]
    assert changed == ["1.weight", "1.bias"]
    model[0].weight.requires_grad = True
    minimize(opt, lambda: (model(np.ones((1, 2))) ** 2).sum())
    assert (model[0].weight.data != before["0.weight"]).all()


@every_optimizer
@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        (lambda: leaf(2, 2), TypeError, r"got a single Tensor; write \w+\(\[w\]\), with brackets"),
        (lambda: np.ones(2), TypeError, "got a single ndarray"),
        (lambda: nn.Linear(1, 1), TypeError, r"got a Linear; write \w+\(model.parameters\(\)\)"),
        (lambda: nn.Linear(1, 1).parameters, TypeError, "got a function; call it"),
        (lambda: nn.Linear, TypeError, "got a function; call it"),
        (lambda: {"w": leaf(2)}, TypeError, r"got a dict; write \w+\(parameters.values\(\)\)"),
        (lambda: nn.Linear(1, 1).state_dict(), TypeError, "got a dict"),
        (lambda: None, TypeError, "got NoneType"),
        (lambda: 3, TypeError, "got int"),
        (lambda: "w", TypeError, "got str"),
        (list, ValueError, r"got no parameters; pass model.parameters\(\)$"),
        (used_up, ValueError, "got no parameters.*call it again"),
        (lambda: frozen().parameters(), ValueError, "all 2 parameters are frozen"),
        (lambda: [leaf(2) * 2], ValueError, r"number 0 of shape \(2,\) was computed.*nn.Parameter\(w.data\)"),
        (lambda: [leaf(2)[0]], ValueError, "was computed"),
        (
            lambda: [leaf(2), leaf(3, requires_grad=False)],
            TypeError,
            r"number 1 of shape \(3,\) has requires_grad=False",
        ),
        (lambda: [leaf(2).detach()], TypeError, "has requires_grad=False"),
        (lambda: [mg.Tensor(1, name="n")], TypeError, r"Tensors with requires_grad=True.*number 0, 'n',"),
        (lambda: [np.ones(2)], TypeError, r"got ndarray as number 0; pass model.parameters\(\)"),
        (lambda: [leaf(2), 1.0], TypeError, "got float as number 1"),
        (lambda: [leaf(2), None], TypeError, "got NoneType as number 1"),
        (lambda: [("w", leaf(2), "v")], TypeError, r"got tuple as number 0.*as model.named_parameters\(\) gives"),
        (lambda: {leaf(2), leaf(2)}, TypeError, "got a set, whose order changes from run to run; write a list"),
        (lambda: [nn.Linear(1, 1)], TypeError, r"got Linear as number 0; pass their parameters: \[\*layer1"),
        (lambda: [[leaf(2)], [leaf(2)]], TypeError, r"got list as number 0; join the lists: \[\*list1, \*list2\]"),
        (lambda: [nn.Linear(1, 1).parameters()], TypeError, "got generator as number 0; join the lists"),
    ],
)
def test_what_is_no_list_of_parameters_is_refused_with_the_mend(optimizer, params, error, message):
    with pytest.raises(error, match=rf"^{optimizer.__name__}: .*{message}"):
        optimizer(params())


# ---------------------------------------------------------------- settings

NONSENSE = [np.nan, np.inf, -np.inf, -0.1, -1, "0.1", None, 1j, [0.1], np.ones(2), np.array(0.1), mg.Tensor(0.1), len]
NO_NUMBER = [True, np.True_]
NO_BOOL = [0, 1, 0.0]
SETTINGS_OF = {
    name: [
        (cls, setting, value)
        for setting, parameter in list(signature(cls).parameters.items())[1:]
        for value in [*NONSENSE, *(NO_BOOL if isinstance(parameter.default, bool) else NO_NUMBER)]
        if value is not None or parameter.default is not None
    ]
    for name, cls in OPTIMIZERS.items()
}


@for_each("of", SETTINGS_OF, group="name")
def test_no_optimizer_takes_nonsense_for_a_setting(of):
    optimizer, setting, value = of
    default = signature(optimizer).parameters[setting].default
    if isinstance(default, tuple):
        value = (default[0], value)
    with pytest.raises((TypeError, ValueError), match=rf"^{optimizer.__name__}: {setting} is .*(expected|negative)"):
        optimizer([leaf(2)], **{setting: value})
    opt = optimizer([leaf(2)])
    before = getattr(opt, setting)
    with pytest.raises((TypeError, ValueError), match=f"^{optimizer.__name__}: {setting} is "):
        setattr(opt, setting, value)
    with pytest.raises((TypeError, ValueError), match=f"^{optimizer.__name__}: {setting} is "):
        opt.param_groups[0][setting] = value
    assert getattr(opt, setting) == before


def test_settings_have_upper_bounds_where_training_would_explode():
    with pytest.raises(ValueError, match="momentum is 5, expected at most 1"):
        nn.optim.SGD([leaf(2)], momentum=5)
    for optimizer, setting in ((nn.optim.RMSprop, "alpha"), (nn.optim.RMSprop, "momentum"), (nn.optim.Adadelta, "rho")):
        with pytest.raises(ValueError, match=f"{setting} is 1.5, expected at most 1"):
            optimizer([leaf(2)], **{setting: 1.5})
    with pytest.raises(TypeError, match=r"lr is a Tensor of shape \(\), expected a number; write .item\(\)"):
        nn.optim.SGD([leaf(2)], lr=mg.Tensor(0.1))


@every_optimizer
@pytest.mark.parametrize("number", [np.float64, np.float32, np.float16, np.int64, int])
def test_settings_of_numpy_do_not_change_the_dtype_of_a_parameter(optimizer, number):
    for value in (1.0, [1.0, 2.0]):
        w = mg.Tensor(value, requires_grad=True, dtype=np.float32)
        opt = optimizer([w], lr=number(1))
        opt.lr *= np.float64(0.5)
        minimize(opt, lambda w=w: (w * w).sum())
        assert w.data.dtype == np.float32


def test_a_recorded_gradient_moves_the_value_and_is_not_recorded_further():
    w = mg.Tensor(3.0, requires_grad=True)
    (w * w).backward(create_graph=True)
    nn.optim.SGD([w], lr=0.1).step()
    assert w.data == pytest.approx(2.4)
    assert not isinstance(w.data, mg.Tensor)


@pytest.mark.parametrize("forgotten", ["backward", "its brackets", "the order"])
def test_a_step_without_gradients_is_refused(forgotten):
    w = mg.Tensor([1.0, 2.0], requires_grad=True)
    optimizer = nn.optim.SGD([w], lr=0.1)
    loss = mg.sum(w * w)
    if forgotten == "its brackets":
        loss.backward  # noqa: B018
    elif forgotten == "the order":
        loss.backward()
        optimizer.zero_grad()
    with pytest.raises(RuntimeError, match=r"^SGD.step: none of the parameters has a gradient; call zero_grad"):
        optimizer.step()


# ---------------------------------------------------------------- closures, dtypes, moves, blocks


@every_optimizer
def test_a_step_returns_what_the_closure_returns(optimizer):
    w = leaf(2)
    losses = []

    def closure():
        w.grad = None
        losses.append((w * w).sum())
        losses[-1].backward()
        return losses[-1]

    assert optimizer([w], lr=0.1).step(closure) is losses[0]
    assert (w.data < 1).all()


def test_a_loss_in_place_of_a_closure_is_refused():
    w = leaf(2)
    with pytest.raises(TypeError, match=r"SGD.step: expected a closure, a function that resets .*; got Tensor"):
        nn.optim.SGD([w]).step((w * w).sum())


@all_but_lbfgs
@pytest.mark.parametrize("size", [1e-6, 1e-3, 200])
def test_float16_is_neither_nan_nor_stuck(optimizer, size):
    """Its squares underflow, and so does eps: the steps are computed in float32."""
    w = nn.Parameter(np.full(4, 0.5), dtype=np.float16)
    twin = nn.Parameter(np.full(4, 0.5), dtype=np.float32)
    for p in (w, twin):
        opt = optimizer([p], lr=1e-2)
        for _ in range(3):
            minimize(opt, lambda p=p: (np.float16(size) * p).sum())
    assert w.dtype == np.float16
    np.testing.assert_allclose(w.data, twin.data, rtol=5e-3)


@every_optimizer
def test_the_state_follows_a_parameter_that_got_another_dtype(optimizer):
    start = np.random.default_rng(0).normal(size=5).astype(np.float32)

    def train(p, opt):
        for _ in range(2):
            minimize(opt, lambda: (p**2).sum())

    w = nn.Parameter(start)
    opt = optimizer([w], lr=0.1)
    train(w, opt)
    w._data = w.data.astype(np.float64)  # as model.to(np.float64) does
    w.grad = None
    twin = nn.Parameter(w.data, dtype=np.float64)
    again = optimizer([twin], lr=0.1)
    again.load_state_dict(opt.state_dict())
    train(w, opt)
    train(twin, again)
    assert w.dtype == np.float64
    np.testing.assert_array_equal(w.data, twin.data)


def test_a_parameter_of_another_shape_needs_a_new_optimizer():
    w = mg.Tensor(np.ones(3), requires_grad=True, name="w")
    opt = nn.optim.Adam([w])
    minimize(opt, lambda: (w * w).sum())
    w.data = np.ones(2)
    with pytest.raises(RuntimeError, match=r"'w', has shape \(2,\), and had \(3,\) .*exp_avg belongs; make a new opt"):
        minimize(opt, lambda: (w * w).sum())


@every_optimizer
@pytest.mark.parametrize("layout", ["C", "F", "strided", "a single row"])
def test_large_parameters_move_in_blocks_as_small_ones_do(optimizer, layout, monkeypatch):
    shape = (1, 60) if layout == "a single row" else (30, 2, 3)
    rng = np.random.default_rng(0)
    start, signals = rng.normal(size=shape), rng.normal(size=(3, *shape))
    found = []
    for block in (10**9, 20):
        monkeypatch.setattr("nn.optim.optimizer._BLOCK", block)
        array = np.array(start, order="F" if layout == "F" else "C")
        if layout == "strided":
            array = np.repeat(array, 2, axis=0)[::2]
        w = mg.Tensor(np.zeros(shape), requires_grad=True)
        w.data = array
        opt = optimizer([w], lr=0.1, **RICH.get(optimizer.__name__, {}))
        for signal in signals:
            minimize(opt, lambda w=w, signal=signal: (signal * w + w * w).sum())
        assert w.data is array
        state = opt.state_dict()["state"][0] if optimizer is not nn.optim.LBFGS else {}
        found.append([w.data.tolist(), {name: np.asarray(value).tolist() for name, value in state.items()}])
    assert found[0] == found[1]


@every_optimizer
def test_a_setting_switched_on_later_begins_then(optimizer, monkeypatch):
    monkeypatch.setattr("nn.optim.optimizer._BLOCK", 4)
    for setting, value in RICH.get(optimizer.__name__, {}).items():
        w = leaf(8)
        opt = optimizer([w], lr=0.1)
        minimize(opt, lambda w=w: (w * w).sum())
        setattr(opt, setting, value)
        minimize(opt, lambda w=w: (w * w).sum())
        assert (w.data == w.data[0]).all()
        assert all(np.shape(state) in ((), (8,)) for state in opt.state[w].values())


@all_but_lbfgs
def test_maximize_climbs(optimizer):
    w, v = leaf(3), leaf(3)
    for p, sign, maximize in ((w, 1, True), (v, -1, False)):
        opt = optimizer([p], lr=0.1, maximize=maximize, weight_decay=0.1)
        for _ in range(2):
            minimize(opt, lambda p=p, sign=sign: sign * (p**3).sum())
    assert w.data.tolist() == v.data.tolist()
    assert (w.data > 1).all()


# ---------------------------------------------------------------- accumulation


@every_optimizer
def test_gradients_of_small_batches_add_up_to_that_of_the_large_one(optimizer):
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(12, 4)), rng.integers(0, 2, size=12)
    small, large = nn.Linear(4, 2, rng=0, dtype=np.float64), nn.Linear(4, 2, rng=0, dtype=np.float64)

    def accumulated():
        for part in range(0, 12, 3):
            loss = nn.CrossEntropyLoss()(small(x[part : part + 3]), t[part : part + 3])
            (loss / 4).backward()
        return nn.CrossEntropyLoss()(small(x), t)

    of_small, of_large = optimizer(small.parameters(), lr=0.1), optimizer(large.parameters(), lr=0.1)
    for _ in range(3):

        def closure():
            of_small.zero_grad()
            return accumulated()

        of_small.step(closure)
        minimize(of_large, lambda: nn.CrossEntropyLoss()(large(x), t))
    np.testing.assert_allclose(small.weight.data, large.weight.data, rtol=1e-5)


# ---------------------------------------------------------------- defaults

ADAM = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0, "amsgrad": False, "maximize": False}
DEFAULTS = {
    "SGD": {"lr": 1e-3, "momentum": 0, "dampening": 0, "weight_decay": 0, "nesterov": False, "maximize": False},
    "Adagrad": {
        "lr": 1e-2,
        "lr_decay": 0,
        "weight_decay": 0,
        "initial_accumulator_value": 0,
        "eps": 1e-10,
        "maximize": False,
    },
    "RMSprop": {
        "lr": 1e-2,
        "alpha": 0.99,
        "eps": 1e-8,
        "weight_decay": 0,
        "momentum": 0,
        "centered": False,
        "maximize": False,
    },
    "Adadelta": {"lr": 1, "rho": 0.9, "eps": 1e-6, "weight_decay": 0, "maximize": False},
    "Adam": ADAM,
    "AdamW": {**ADAM, "weight_decay": 1e-2},
    "Lion": {"lr": 1e-4, "betas": (0.9, 0.99), "weight_decay": 0, "maximize": False},
    "LBFGS": {
        "lr": 1,
        "max_iter": 20,
        "max_eval": 25,
        "tolerance_grad": 1e-7,
        "tolerance_change": 1e-9,
        "history_size": 100,
        "line_search_fn": None,
    },
}


@every_optimizer
def test_settings_that_are_not_given_are_those_of_pytorch_and_of_lions_paper(optimizer):
    group = dict(optimizer([leaf(1)]).param_groups[0])
    del group["params"]
    assert list(group.items()) == list(DEFAULTS[optimizer.__name__].items())
