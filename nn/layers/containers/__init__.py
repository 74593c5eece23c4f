"""Containers: modules that consist of other modules."""
