"""Scenes, from which writers of formats draw."""
