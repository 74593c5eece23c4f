"""PyTorch's files: their arrays are read without PyTorch, and without running a pickle.

`read_torch` is what users call. A file is a zip `archive`, or in the `legacy` format of before PyTorch 1.6; both hold a
pickle, a program that builds objects, and the numbers beside it. `pickle_reader` follows the program, but knows only
the names in `allowed_names`, and makes `tensors` from `storages`: arrays whose sizes were compared with the file's.
"""
