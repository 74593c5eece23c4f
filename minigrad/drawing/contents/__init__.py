"""What stands in boxes and beside arrows: names, formulas, values, error signals, maps, marks."""
