"""Write what the derivations print into ``golden/``: python -m tests.helpers.walkthrough.golden

Then read the diff.
"""

from pathlib import Path

from tests.helpers.walkthrough.lecture_graphs import DERIVATIONS

FOLDER = Path(__file__).parents[2] / "minigrad" / "walkthrough" / "golden"


def texts():
    """The content of every file by its name."""
    for derivation in DERIVATIONS:
        walkthrough = derivation()
        yield f"{derivation.__name__}.txt", f"{walkthrough}\n"
        yield f"{derivation.__name__}.tex", f"{walkthrough.latex()}\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts():
        (FOLDER / name).write_text(text, encoding="utf-8")
