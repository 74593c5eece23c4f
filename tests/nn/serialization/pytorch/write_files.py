"""``python -m tests.nn.serialization.pytorch.write_files`` writes the files in written_by_pytorch/ anew."""

from __future__ import annotations

from typing import Any

from tests.nn.serialization.pytorch.files import WRITTEN

__all__ = ["checkpoint"]


def checkpoint(torch: Any) -> dict[str, Any]:
    """A checkpoint with all kinds of memory, whose values `test_read_torch` knows."""
    weight = torch.arange(24, dtype=torch.float32).reshape(2, 3, 2, 2)
    model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.BatchNorm1d(1))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(0.5)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.25)
    model(torch.ones(3, 2)).sum().backward()
    optimizer.step()
    milestones = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5])
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "milestones": dict(milestones.state_dict(), _get_lr_called_within_step=False),
        "channels_last": weight.to(memory_format=torch.channels_last),
        "transposed": weight.reshape(6, 4).T,
        "row": weight[1, 0, 1],
        "parameter": torch.nn.Parameter(torch.ones(2)),
        "bfloat16": torch.tensor([[1.0, -2.5, 3.140625]]).bfloat16().T,
        "float16": torch.tensor([0.5, 65504.0]).half(),
        "bool": torch.tensor([True, False]),
        "uint16": torch.tensor([1, 65535], dtype=torch.uint16),
        "complex128": torch.tensor([1 + 2j], dtype=torch.complex128),
        "empty": torch.zeros(0, 3),
        "scalar": torch.tensor(2.5, dtype=torch.float64),
        "others": [1, (2**40, -(2**80)), None, True, 0.5, "ü", {"nested": torch.Size([1, 2])}],
        "device": torch.device("cuda", 1),
        "dtype": torch.float32,
    }


if __name__ == "__main__":
    import torch

    WRITTEN.mkdir(exist_ok=True)
    for called, how in {
        "checkpoint": {},
        "protocol_4": {"pickle_protocol": 4},
        "legacy": {"_use_new_zipfile_serialization": False},
        "legacy_protocol_4": {"_use_new_zipfile_serialization": False, "pickle_protocol": 4},
    }.items():
        torch.save(checkpoint(torch), WRITTEN / f"{called}.pt", **how)
