"""Why a picture cannot be laid out."""

__all__ = ["TooLargeError"]


class TooLargeError(RuntimeError):
    """The picture has too many boxes, or could not be laid out in time: a coarser grouping is needed."""
