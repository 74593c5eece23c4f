"""Where a DataLoader reads from: `arrays`, `samples` of a data set or a list, and `iterables` of batches."""
