"""Pictures of a model: how it learned, where it errs, what its filters are and what they see.

Each function returns a Matplotlib figure: a notebook shows it, ``figure.savefig("name.svg")`` saves it. No
window opens and no figure is kept anywhere else.
"""

from nn.look.confusion import confusion_matrix as confusion_matrix
from nn.look.curves import curves as curves
from nn.look.feature_maps import feature_maps as feature_maps
from nn.look.filters import filters as filters
from nn.look.misclassified import misclassified as misclassified
