"""The command line: ``minigrad explain "0.5*(sigmoid(w*x + b) - t)**2" w=0.5 x=2 b=-1 t=1``."""
