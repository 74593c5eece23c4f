"""Memory that a process takes."""
