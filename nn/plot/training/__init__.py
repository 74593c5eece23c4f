"""Pictures of a training: learning curves."""
