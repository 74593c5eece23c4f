"""The content security policy of a page: its one script and its one style sheet, by their hashes, and nothing else."""

from __future__ import annotations

import base64
import hashlib

__all__ = ["policy"]


def policy(script: str, style: str) -> str:
    """What the page may do: run this script, use this style sheet, and show the pixels that it contains."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
