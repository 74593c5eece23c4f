"""The calculus: one table of derivative rules for each subject."""
