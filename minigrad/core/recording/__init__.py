"""What is kept of how constants were computed: a little always, everything within ``mg.record()``."""
