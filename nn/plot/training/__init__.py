"""Pictures of a training: learning curves, the loss surface, a film of filters or feature maps."""
