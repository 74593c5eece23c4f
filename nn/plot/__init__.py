"""Pictures of a model: how it learned, where it errs, what its filters are and what they see.

Each function returns a Matplotlib figure: a notebook shows it, ``figure.savefig("name.svg")`` saves it. No
window opens and no figure is kept anywhere else.
"""

from nn.plot.confusion_matrix import confusion_matrix as confusion_matrix
from nn.plot.feature_maps import feature_maps as feature_maps
from nn.plot.filters import filters as filters
from nn.plot.learning_curves import curves as curves
from nn.plot.misclassified import misclassified as misclassified

__all__ = [
    "confusion_matrix",
    "curves",
    "feature_maps",
    "filters",
    "misclassified",
]


def __dir__() -> list[str]:
    return __all__
