"""What the estimators take of scikit-learn, and what stands in its place where it is not installed.

So the estimators can be looked at without it, by `help` and in an editor; to construct one is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["BaseEstimator", "ClassifierMixin", "RegressorMixin", "available_if", "require_scikit_learn"]

Method = TypeVar("Method", bound=Callable[..., Any])

_is_installed = True

if TYPE_CHECKING:  # scikit-learn has no types
    from typing import Self

    class BaseEstimator:
        def get_params(self, deep: bool = True) -> dict[str, Any]: ...
        def set_params(self, **params: Any) -> Self: ...
        def __sklearn_tags__(self) -> Any: ...

    class ClassifierMixin:
        def score(self, X: Any, y: Any, sample_weight: Any = None) -> float: ...

    class RegressorMixin:
        def score(self, X: Any, y: Any, sample_weight: Any = None) -> float: ...

    def available_if(check: Callable[[Any], bool]) -> Callable[[Method], Method]: ...

else:
    try:
        from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
        from sklearn.utils.metaestimators import available_if
        from sklearn.utils.validation import validate_data  # noqa: F401, since scikit-learn 1.6
    except ImportError:
        _is_installed = False

        class BaseEstimator: ...

        class ClassifierMixin: ...

        class RegressorMixin: ...

        def available_if(_):
            return lambda method: method


def require_scikit_learn(name: str) -> None:
    """Raise an ImportError if scikit-learn is not installed, or is too old."""
    if not _is_installed:
        raise ImportError(
            f'nn.{name} needs scikit-learn, 1.6 or newer: pip install "minigrad-autograd[sklearn]"; nn.fit trains a '
            "model without it"
        )
