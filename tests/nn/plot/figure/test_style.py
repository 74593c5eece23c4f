"""What all figures share: their style, how they are shown, and Matplotlib, which stays optional."""

import builtins
import subprocess
import sys
import textwrap
from io import BytesIO

import numpy as np
import pytest

from nn import plot
from nn.plot.figure.style import MARGIN, blank_figure, draw_title, title_width
from tests.helpers.figures import history

matplotlib = pytest.importorskip("matplotlib")
pytest.importorskip("matplotlib.figure")


def test_figures_save_on_white_and_show_in_notebooks():
    figure = plot.filters(np.ones((1, 1, 3, 3)))
    assert figure._repr_png_().startswith(b"\x89PNG")
    svg = BytesIO()
    figure.savefig(svg, format="svg")
    assert svg.getvalue().count(b"<image") >= 1
    assert figure.get_facecolor() == (1, 1, 1, 1)


def test_a_title_has_the_margin_on_both_sides():
    for texts in (("Feature maps of Sequential", ""), ("Filters", "orange: negative, white: 0, purple: positive")):
        figure, axes = blank_figure(title_width(*texts), 1)
        draw_title(axes, *texts)
        figure.draw_without_rendering()
        boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
        left, right = min(box.x0 for box in boxes), figure.bbox.width - max(box.x1 for box in boxes)
        assert [left / figure.dpi, right / figure.dpi] == pytest.approx([MARGIN, MARGIN], abs=0.09)


def test_of_the_users_style_its_darkness_alone_matters():
    from matplotlib import style

    def png(*styles):
        with style.context([*styles]):
            figure = plot.curves(history(loss=[2.0, 1.0, 0.5]))
        return figure._repr_png_()

    plain, dark = png(), png("dark_background")
    assert png("ggplot", {"figure.facecolor": "0.5", "text.color": "red", "font.size": 30}) == plain
    assert png({"figure.facecolor": "black"}) == dark != plain


def test_a_file_has_the_background_of_the_figure():
    from matplotlib import style
    from matplotlib.image import imread

    figure = plot.filters(np.ones((1, 1, 3, 3)))
    with style.context(["dark_background", {"savefig.facecolor": "red"}]):
        np.testing.assert_array_equal(imread(BytesIO(figure._repr_png_()))[0, 0], [1, 1, 1, 1])
        np.testing.assert_array_equal(imread(BytesIO(plot.filters(np.ones((1, 1, 3, 3)))._repr_png_()))[0, 0, :3], 0)


@pytest.mark.parametrize(
    ("ax", "said"),
    [
        (lambda figure: figure, r"ax is a Figure, expected Matplotlib's Axes; make some in the figure: ax=figure\.add"),
        (
            lambda figure: figure.subplots(1, 2),
            r"ax is a ndarray, expected Matplotlib's Axes; give one of them: ax=",
        ),
        (lambda figure: 1, "ax is a int, expected Matplotlib's Axes$"),
    ],
)
def test_axes_that_are_none(ax, said):
    with pytest.raises(TypeError, match=f"^confusion_matrix: {said}"):
        plot.confusion_matrix([0, 1], [1, 1], ax=ax(matplotlib.figure.Figure()))


def test_axes_that_have_no_figure():
    ax = matplotlib.figure.Figure().add_subplot()
    ax.remove()
    with pytest.raises(ValueError, match="ax was removed from its figure"):
        plot.confusion_matrix([0, 1], [1, 1], ax=ax)


def test_nothing_global_is_touched():
    program = """
        import sys
        import numpy as np
        import nn

        assert "matplotlib" not in sys.modules
        nn.plot.curves(nn.History([1], {"loss": [1.0]}))
        nn.plot.confusion_matrix([0, 1], [1, 1])
        nn.plot.misclassified(np.zeros((2, 8, 8)), [0, 1], [1, 1])
        nn.plot.augmented(np.zeros((2, 8, 8)), nn.data.Flip())
        nn.plot.filters(np.ones((1, 1, 3, 3)))
        nn.plot.feature_maps(nn.Conv2d(1, 1, 3, rng=0), np.ones((8, 8)))
        assert "matplotlib.pyplot" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)


def test_without_matplotlib_the_error_names_the_package(monkeypatch):
    real_import = builtins.__import__

    def without_matplotlib(name, *args, **options):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real_import(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without_matplotlib)
    with pytest.raises(ImportError, match=r'curves .* pip install "minigrad-autograd\[plot\]"'):
        plot.curves(history(loss=[1.0, 2.0, 3.0]))
