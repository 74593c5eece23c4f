"""Figures of a model: learning curves, loss surface, film, confusion matrix, decision regions, misclassified images,
attribution, augmented images, rows of images, activation functions, receptive fields, filters, feature maps and error
signals, switches, and histograms.

Each function returns a Matplotlib figure: a notebook shows it, and ``figure.savefig("name.svg")`` saves it. No window
opens. Those of one panel draw into axes of yours, too: ``ax=axes[0]``.

Figures are light, or dark where Matplotlib's style is: after ``matplotlib.style.use("dark_background")``, within
``with matplotlib.style.context("dark_background"):``, and in axes of a dark figure.

`images`, `layers`, `predictions` and `training` are what they show; `figure` holds what they share.
"""

from nn.plot.images.augmented import augmented as augmented
from nn.plot.images.image_rows import image_rows as image_rows
from nn.plot.layers.activation import activation as activation
from nn.plot.layers.feature_maps import feature_maps as feature_maps
from nn.plot.layers.filters import filters as filters
from nn.plot.layers.histograms import histograms as histograms
from nn.plot.layers.receptive_field import receptive_field as receptive_field
from nn.plot.layers.switches import switches as switches
from nn.plot.predictions.attribution import attribution as attribution
from nn.plot.predictions.confusion_matrix import confusion_matrix as confusion_matrix
from nn.plot.predictions.decision_regions import decision_regions as decision_regions
from nn.plot.predictions.misclassified import misclassified as misclassified
from nn.plot.training.film import film as film
from nn.plot.training.learning_curves import curves as curves
from nn.plot.training.loss_surface import loss_surface as loss_surface

__all__ = [
    "activation",
    "attribution",
    "augmented",
    "confusion_matrix",
    "curves",
    "decision_regions",
    "feature_maps",
    "film",
    "filters",
    "histograms",
    "image_rows",
    "loss_surface",
    "misclassified",
    "receptive_field",
    "switches",
]


def __dir__() -> list[str]:
    return __all__
