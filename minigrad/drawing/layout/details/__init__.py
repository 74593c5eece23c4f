"""Which details a picture has: as many as leave its text large enough to read."""
