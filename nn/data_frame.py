"""Tables as pandas's data frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["data_frame"]


def data_frame(caller: str, columns: Mapping[str, Sequence[Any]], index: Sequence[Any], index_name: str) -> Any:
    """A data frame with these columns, and `index` as the labels of its rows; a column may be shorter.

    Raises:
        ImportError: if pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError:
        raise ImportError(f'{caller} needs pandas: pip install "minigrad-autograd[pandas]"') from None
    labels = pd.Index(index, name=index_name)
    return pd.DataFrame({name: pd.Series(list(c), labels[: len(c)]) for name, c in columns.items()}, labels)
