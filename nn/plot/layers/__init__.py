"""Pictures of what is inside a network: activation functions, receptive fields, filters, feature maps
and error signals, switches, histograms."""
