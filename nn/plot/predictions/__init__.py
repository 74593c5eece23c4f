"""Pictures of what a classifier answers: confusion matrix, mistakes, decision regions, attribution."""
