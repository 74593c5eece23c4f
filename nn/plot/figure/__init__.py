"""What all figures share: their style and class, and the checks of images and labels."""
