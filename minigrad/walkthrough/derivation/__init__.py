"""From a recorded graph to the steps of its derivation: names, formulas, order."""
