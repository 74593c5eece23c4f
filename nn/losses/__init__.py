"""Losses as modules: `classification` compares outputs with classes, `regression` with numbers."""
