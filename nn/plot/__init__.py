"""Figures of a model: learning curves, confusion matrix, decision regions, misclassified images, augmented images,
rows of images, filters and feature maps.

Each function returns a Matplotlib figure: a notebook shows it, and ``figure.savefig("name.svg")`` saves it. No window
opens. `figure` holds what they share.
"""

from nn.plot.augmented import augmented as augmented
from nn.plot.confusion_matrix import confusion_matrix as confusion_matrix
from nn.plot.decision_regions import decision_regions as decision_regions
from nn.plot.feature_maps import feature_maps as feature_maps
from nn.plot.filters import filters as filters
from nn.plot.image_rows import image_rows as image_rows
from nn.plot.learning_curves import curves as curves
from nn.plot.misclassified import misclassified as misclassified

__all__ = [
    "augmented",
    "confusion_matrix",
    "curves",
    "decision_regions",
    "feature_maps",
    "filters",
    "image_rows",
    "misclassified",
]


def __dir__() -> list[str]:
    return __all__
