"""The model: a recurrent network that reads a digit row by row; and the file that it is kept in."""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .faults import ModelFault
from .files import read_checked, sha256, write_checked
from .pixels import SIDE

CLASSES = 10
#: Of the file's layout. A program refuses files of a layout that it does not know.
FORMAT = 1
FILE_NAME = "model.pt"


class DigitRnn(nn.Module):
    """Rows of pixels, one after the other, into an LSTM; what it remembers at the end, into ten numbers."""

    def __init__(self, hidden: int = 64) -> None:
        super().__init__()
        self.hidden = hidden
        self.rows = nn.LSTM(input_size=SIDE, hidden_size=hidden, batch_first=True)  # type: ignore[no-untyped-call]
        self.dropout = nn.Dropout(0.2)
        self.digit = nn.Linear(hidden, CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        """From (images, 28 rows, 28 pixels), each 0 to 1, to (images, 10) logits."""
        remembered, _ = self.rows(images)
        logits: Tensor = self.digit(self.dropout(remembered[:, -1]))
        return logits


@dataclass(frozen=True)
class TrainedModel:
    """A model that is ready to be asked, and what is known of it."""

    network: DigitRnn
    #: Of its file: tells one training's model from another's.
    checksum: str
    #: How it came about: the data, the epochs, the accuracy on images that it was not trained with.
    facts: dict[str, Any]

    def probabilities(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """From (images, 28, 28), each 0 to 1, to (images, 10): how likely each digit is."""
        with torch.no_grad():
            logits = self.network(torch.from_numpy(np.ascontiguousarray(images, dtype=np.float32)))
            found: NDArray[np.float32] = torch.softmax(logits, dim=1).numpy()
        return found


def model_bytes(network: DigitRnn, facts: dict[str, Any]) -> bytes:
    """What the model's file holds: tensors, numbers and texts, and nothing that would be run by who loads it."""
    state = {name: tensor.detach().cpu() for name, tensor in network.state_dict().items()}
    return to_bytes({"format": FORMAT, "hidden": network.hidden, "facts": json.dumps(facts), "state": state})


def save_model(path: Path, content: bytes) -> None:
    write_checked(path, content)


def load_model(path: Path) -> TrainedModel:
    """
    The model of a file, or of a folder with `model.pt`, on the CPU. Raises `ModelFault` where it is not there, is corrupt,
    or is something else; `VolumeFault` where it cannot be read.
    """
    file = path / FILE_NAME if path.is_dir() else path
    content = read_checked(file)
    kept = from_bytes(content, file)
    try:
        if kept["format"] != FORMAT:
            raise ModelFault(f"{file} has layout {kept['format']!r}; this program reads layout {FORMAT}")
        network = DigitRnn(int(kept["hidden"]))
        network.load_state_dict(kept["state"])
        facts = json.loads(kept["facts"])
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelFault(f"{file} is not a model of this program: {first_line(error)}") from error
    network.eval()
    return TrainedModel(network, sha256(content), facts)


def to_bytes(content: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()


def from_bytes(content: bytes, path: os.PathLike[str]) -> dict[str, Any]:
    """
    Only tensors and plain values are taken: a file of someone else's cannot run code here. PyTorch 1.13 takes no number with
    a fraction so, which is why such numbers are kept as JSON's text.
    """
    try:
        kept = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises errors of a dozen kinds for a file that it did not write
        raise ModelFault(f"{os.fspath(path)} is not a file of PyTorch's: {first_line(error)}") from error
    if not isinstance(kept, dict):
        raise ModelFault(f"{os.fspath(path)} is not a model of this program: it holds a {type(kept).__name__}")
    return kept


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
