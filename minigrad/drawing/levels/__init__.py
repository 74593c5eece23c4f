"""How much is folded: one box for each line of a derivation, for each stage, module, or operation."""
