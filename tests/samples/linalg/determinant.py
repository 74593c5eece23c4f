"""TODO"""

from __future__ import annotations

from tests.samples.registry import anywhere, unary

unary("sign", anywhere)
