"""Trainings that films are made of, and a film's picture as the script makes it."""

import re
from html import escape

import numpy as np

import minigrad as mg
import nn


def parameter(data):
    return mg.Tensor(data, requires_grad=True)


def logistic_steps(count=20, lr=0.5):
    """The lecture's L_reg, gradient descent by hand, in place."""
    x, t, lam = mg.Tensor(2.0), mg.Tensor(1.0), mg.Tensor(0.1)
    w, b = parameter(0.5), parameter(-1.5)
    steps = []
    for _ in range(count):
        z = w * x + b
        y = mg.sigmoid(z)
        L = 0.5 * (y - t) ** 2
        R = 0.5 * w**2
        L_reg = L + lam * R
        steps.append(mg.explain(L_reg))
        w.grad = b.grad = None
        L_reg.backward()
        for p in (w, b):
            p.data -= lr * p.grad
    return steps


def mlp_steps(count=20, lr=0.5):
    """Two layers with matrices, a bias that starts at 0, and a view of a parameter."""
    X = mg.Tensor([[1.0, -2.0, 0.5], [0.0, 1.0, -1.0], [2.0, 1.0, 1.0], [-1.0, 0.5, 0.0]])
    T = mg.Tensor(np.eye(2)[[0, 1, 1, 0]])
    W1, b1 = parameter(np.linspace(-1, 1, 9).reshape(3, 3).round(2)), parameter(np.zeros(3))
    W2 = parameter(np.array([[0.5, -1.0, 0.25], [1.0, 0.0, -0.75]]))
    optimizer = nn.optim.SGD([W1, b1, W2], lr=lr)
    steps = []
    for _ in range(count):
        H = mg.sigmoid(X @ W1 + b1)
        Y = H @ W2.T
        L = mg.mean((Y - T) ** 2)
        steps.append(mg.explain(L))
        optimizer.zero_grad()
        L.backward()
        optimizer.step()
    return steps


def diverging_steps(count=9):
    """A learning rate that is too large: values overflow, and NaN follows."""
    w = parameter(3.0)
    steps = []
    with np.errstate(all="ignore"):
        for _ in range(count):
            L = w**4
            steps.append(mg.explain(L))
            w.grad = None
            L.backward()
            w.data -= w.grad
    return steps


_TAG = re.compile(r"<([\w:]+)((?: [\w:-]+=\"[^\"]*\")*)(/?)>([^<]*)")
_ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')

FILMS = {
    "film_logistic": lambda: mg.animate(logistic_steps(), lr=0.5),
    "film_mlp": lambda: mg.animate(mlp_steps(6)),
    "film_diverging": lambda: mg.animate(diverging_steps()),
}


def applied(picture, changed, step):
    """The picture of a step, as the script makes it."""
    elements = [*_TAG.finditer(picture)][1:]
    parts = {}
    for element, attribute, values in changed:
        parts.setdefault(element, {})[attribute] = escape(values[step])
    for n, new in sorted(parts.items(), reverse=True):
        match = elements[n]
        text = new.pop("", match[4])
        own = dict(_ATTRIBUTE.findall(match[2])) | new
        written = "".join(f' {name}="{value}"' for name, value in own.items())
        picture = f"{picture[: match.start()]}<{match[1]}{written}{match[3]}>{text}{picture[match.end() :]}"
    return picture


def shown_texts(picture):
    """What can be read in a picture: the texts of the groups that are not hidden, without blanks."""
    groups = re.findall(r"<g[ >].*?</g>", picture, re.DOTALL)
    texts = [re.findall(r"<text[^>]*>([^<]*)</text>", group) for group in groups if " hide" not in group.split(">")[0]]
    return [text.replace("\u00a0", "").replace(" ", "") for group in texts for text in group]
