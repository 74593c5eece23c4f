"""From a call of a function to lines: its arguments are replaced by objects that write down what is done with them."""
