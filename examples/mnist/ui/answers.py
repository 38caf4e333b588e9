"""Who says what a digit is: the model of the volume, or a server that has one."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Mapping, Protocol

import httpx
import numpy as np

from mnist.faults import Fault, ModelFault, SettingFault
from mnist.pixels import Pixels

if TYPE_CHECKING:
    from mnist.model import TrainedModel


class Answers(Protocol):
    def told(self) -> str:
        """For the log, at the start."""

    def probabilities(self, pixels: Pixels) -> list[float]:
        """How likely each digit is, of one picture of 28 by 28. Raises `ModelFault` with a line for the page."""


def find_answers(environment: Mapping[str, str]) -> Answers:
    url = environment.get("MODEL_SERVER_URL", "")
    if url == "":
        return ModelOfVolume(Path(environment.get("MODEL_PATH") or "/models/model.pt"))
    if not url.startswith(("http://", "https://")):
        raise SettingFault(f'MODEL_SERVER_URL: got "{url}"; allowed: http://… or https://…')
    return ModelServer(url.rstrip("/"))


class ModelOfVolume:
    """
    The model's file, which may come after the UI, and may be replaced by a later training: it is looked for at each
    question, and loaded where it is another one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = Lock()
        self.seen: tuple[int, int] | None = None
        self.model: TrainedModel | None = None

    def told(self) -> str:
        try:
            model = self._current()
        except Fault as fault:
            return f"{fault}; the page says so until it is mended"
        return f"model {self.path} ({model.checksum[:12]}…): {model.facts}"

    def probabilities(self, pixels: Pixels) -> list[float]:
        return [float(value) for value in self._current().probabilities(pixels[None])[0]]

    def _current(self) -> TrainedModel:
        with self.lock:
            try:
                found = self.path.stat()
            except FileNotFoundError as error:
                raise ModelFault(f"The model is not there yet: {self.path}") from error
            except OSError as error:
                raise ModelFault(f"The model cannot be read: {self.path}: {error.strerror}") from error
            now = (found.st_mtime_ns, found.st_size)
            if self.model is None or self.seen != now:
                import torch

                from mnist.model import load_model

                # The pod reserves a part of a CPU; as many threads as the node has cores would stand in each other's way.
                torch.set_num_threads(1)
                self.model = load_model(self.path)
                self.seen = now
            return self.model


class ModelServer:
    """`POST /api/v1/model/predict` of a server (server/main.py)."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/api/v1/model/predict"

    def told(self) -> str:
        return f"asking the model server at {self.url}"

    def probabilities(self, pixels: Pixels) -> list[float]:
        images = np.clip(np.rint(pixels * 255), 0, 255).astype(int).tolist()
        try:
            answer = httpx.post(self.url, json={"images": [{"id": 0, "pixels": images}]}, timeout=30)
            answer.raise_for_status()
            return [float(value) for value in answer.json()["data"][0]["probabilities"]]
        except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
            raise ModelFault(f"The model server does not answer as it should: {self.url}: {error}") from error
