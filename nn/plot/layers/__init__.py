"""Pictures of what is inside a network: its filters, its feature maps."""
