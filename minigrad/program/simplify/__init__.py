"""From recorded lines to those of a program: constants folded, nothing computed twice, nothing that is not needed."""
