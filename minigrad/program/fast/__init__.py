"""What the fast style of a program adds: fewer passes over large arrays, less memory, and numbers without calls."""
