"""Folders in the manner of model hubs, by `Module.save_pretrained` and `Module.from_pretrained`.

`folder` writes and reads them: the class and its arguments in `config`, the weights as safetensors, and a `model_card`.
`same_model` asks whether the constructor makes the model that is saved.
"""
