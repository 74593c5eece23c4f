"""Sphinx: the tutorials, whose cells run at every build, and the reference, from the docstrings."""

from __future__ import annotations

import os
import re
import shutil
import sys
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from sphinx.util import logging

import minigrad
import nn
from minigrad.notation import Symbolic, bar, write

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]  # for tests/ and operations.py
import lecture_items  # noqa: E402
import operations  # noqa: E402

project = "minigrad"
author = copyright = "the minigrad authors"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "minigrad"
html_static_path = ["_static"]
html_css_files = ["minigrad.css"]
html_show_sourcelink = False

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
os.environ["TQDM_DISABLE"] = "1"  # nobody watches the cells: a page shows every state of a bar

default_role = "literal"  # docstrings write `x` for an argument
add_module_names = False  # users write mg.exp, whatever the module of its table
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # docstrings describe the arguments
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False


def describe(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:  # noqa: ARG001
    """Keep the introductions of sections short, and show the rules of a primitive as formulas."""
    if what == "module":
        del lines[lines.index("") if name.startswith("minigrad.rules") else 0 :]
    elif name.startswith("minigrad.rules") and isinstance(obj, minigrad.Unary | minigrad.Binary):
        branching = obj in (minigrad.power, minigrad.matmul, minigrad.ldexp)  # rules that depend on values or shapes
        lines += [] if branching else ["", "Error signals: " + ", ".join(f"``{rule}``" for rule in rules_of(obj)), ""]


@np.errstate(invalid="ignore")  # arcsin of 1.5
def rules_of(primitive: minigrad.Primitive) -> list[str]:
    """``x̄ = …`` for each argument: the formula of its rule, called with symbolic values."""
    names = list(signature(primitive).parameters)
    inputs = [Symbolic.symbol(name, np.float64(value)) for name, value in zip(names, (1.5, 2.5), strict=False)]
    result = "yz"[len(names) - 1]
    output = Symbolic.symbol(result, primitive(*[x.data for x in inputs]))
    signal = Symbolic.symbol(bar(result), np.float64(1.0))
    formulas = [write(rule(signal, output, *inputs).expression) for rule in primitive.rules]
    return [f"{bar(name)} = {formula}" for name, formula in zip(names, formulas, strict=True)]


def every_public_name_is_in_the_reference(app: Any, env: Any) -> None:  # noqa: ARG001
    documented = {name.rpartition(".")[2] for name in env.domains["py"].objects}
    for package in (minigrad, nn, nn.data, nn.init, nn.plot, nn.optim):
        for name in package.__all__:
            if not (isinstance(getattr(package, name), ModuleType) or name in documented):
                logging.getLogger(__name__).warning("docs/reference.md lacks %s.%s", package.__name__, name)


def fill_in_the_tables(app: Any, docname: str, source: list[str]) -> None:  # noqa: ARG001
    tables = {"operations": operations, "lectures/index": lecture_items}
    if module := tables.get(docname):
        source[0] = re.sub(r"<!-- (\w+) -->", lambda found: getattr(module, found[1])(), source[0])


def offer_a_notebook(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:  # noqa: ARG001
    """Below the title of a page with cells: the page as a notebook, in which a line can be changed."""
    notebook = Path(app.env.mystnb_config.output_folder, f"{pagename}.ipynb")
    if pagename in app.env.found_docs and notebook.exists():
        file, page = f"_notebooks/{pagename}.ipynb", context["pathto"]("install")
        target = Path(app.outdir, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, target)
        links = f'<a href="{context["pathto"](file, 1)}" download>This page as a notebook</a>'
        links += f' · <a href="{page}#run-a-page">how to run it and change a line</a>'
        context["body"] = context["body"].replace("</h1>", f'</h1>\n<p class="notebook">{links}</p>', 1)


def setup(app: Any) -> None:
    app.connect("autodoc-process-docstring", describe)
    app.connect("source-read", fill_in_the_tables)
    app.connect("html-page-context", offer_a_notebook)
    app.connect("env-check-consistency", every_public_name_is_in_the_reference)
