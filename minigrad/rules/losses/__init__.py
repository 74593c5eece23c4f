"""Losses: of classes, of probabilities, of numbers to predict, and with margins."""
