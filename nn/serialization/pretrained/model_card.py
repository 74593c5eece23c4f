"""README.md, the model card: what is in the folder, how to load it, and what its author should add."""

from __future__ import annotations

import json
from typing import Any

from nn.module import Module
from nn.printed_text import printable
from nn.serialization.pretrained.config import Config
from nn.unsupported import is_ours

__all__ = ["model_card"]

_LONGEST = 60  # characters of a value in the table


def model_card(model: Module, config: Config) -> str:
    """The text of the card."""
    name = config.name
    where = f"nn.{name}" if is_ours(type(model)) else name
    imports = "import nn" if is_ours(type(model)) else f"from my_project import {name}  # where the class is defined"
    count = sum(parameter.size for parameter in model.parameters())
    lines = [
        *("---", "library_name: minigrad", "tags:", "- minigrad", "---", "", f"# {name}", ""),
        f"A model of minigrad with {count:,} parameters, of the class `{where}`.",
        *("", "## How to load it", "", "```python", imports, ""),
        *(f'model = {where}.from_pretrained("folder")', "```", ""),
        "You name the class; nothing in this folder is run. The weights are also PyTorch's:",
        *("", "```python", "import safetensors.torch", ""),
        *('state = safetensors.torch.load_file("folder/model.safetensors")', "```", ""),
    ]
    if config.arguments:
        lines += ["## Arguments of the constructor", "", "| argument | value |", "|---|---|"]
        lines += [f"| `{key}` | {_code(value)} |" for key, value in config.arguments.items()] + [""]
    if model.classes:
        lines += ["## Classes", "", ", ".join(map(printable, model.classes)), ""]
    if model.preprocessing is not None:
        lines += ["## Images", "", "An image becomes an input by these settings, which `nn.predict` applies:", ""]
        lines += [f"- {key}: {_code(value)}" for key, value in model.preprocessing.as_dict().items()] + [""]
    lines += [
        *("## Files", "", "- `config.json`: the class and its arguments", "- `model.safetensors`: the weights", ""),
        *("## To be added by the author", ""),
        "- the data that it was trained on, and their license",
        "- how well it does on data that it has not seen",
        "- what it is meant for, and where it fails",
        "",
    ]
    return "\n".join(lines)


def _code(value: Any) -> str:
    text = printable(json.dumps(value, ensure_ascii=False)).replace("`", "'").replace("|", "\\|")
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"
