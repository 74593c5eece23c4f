"""Groups of parameters: which parameters an optimizer was given, their settings, and its state, saved and loaded."""
