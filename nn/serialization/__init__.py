"""Files of weights and of a training: `save`, `load`, and checkpoints.

`safetensors` writes and reads the format, with `header` and `dtypes` for its parts, and `npz` reads NumPy's; a file
that is not in order is a `DamagedFileError`. `nested_state` turns the state of a training into arrays and a text, and
`checkpoint` keeps it in a file, so that it can go on after the process was killed. `minigrad.files` writes them.
`pretrained` writes a model as a folder, and `pytorch` reads the files of ``torch.save``.
"""
