"""Pictures of what is inside a network: filters, feature maps and error signals, switches, histograms."""
