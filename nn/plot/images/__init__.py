"""Pictures of the images themselves: before and after a transform, versions one below the other."""
