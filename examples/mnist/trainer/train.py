"""The training: step by step, from wherever a checkpoint left it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Any

# cuBLAS is only deterministic with this, and reads it once (PyTorch's notes on reproducibility).
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import torch
from torch import Tensor, nn
from torch.nn.utils.clip_grad import clip_grad_norm_

from mnist.checkpoints import Checkpoints
from mnist.faults import SettingFault, Stop, Stopped
from mnist.files import make_folder
from mnist.model import FILE_NAME, DigitRnn, model_bytes, save_model

from .data import Data, load_data
from .settings import Settings
from .tracking import Tracking


@dataclass
class Progress:
    """How far it is: the next batch to look at, and what this epoch's batches lost so far."""

    epoch: int = 0
    batch: int = 0
    loss: float = 0
    #: MLflow's run, so that a training that goes on is logged as one.
    run_id: str = ""


class Training:
    """All that changes while it goes on, so that all of it can be kept."""

    def __init__(self, settings: Settings, data: Data, device: torch.device) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        self.device = device
        self.network = DigitRnn(settings.hidden).to(device)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=settings.learning_rate)
        self.progress = Progress()
        self.images = torch.from_numpy(data.images).to(device)
        self.labels = torch.from_numpy(data.labels).to(device)
        self.batches = -(-len(data.labels) // settings.batch_size)

    @property
    def steps(self) -> int:
        return self.progress.epoch * self.batches + self.progress.batch

    def order(self) -> Tensor:
        """This epoch's order of the images: it follows from the seed, so that no checkpoint has to hold it."""
        generator = torch.Generator().manual_seed(self.settings.seed * 100_003 + self.progress.epoch)
        return torch.randperm(len(self.labels), generator=generator)

    def step(self, order: Tensor) -> None:
        first = self.progress.batch * self.settings.batch_size
        chosen = order[first : first + self.settings.batch_size].to(self.device)
        self.network.train()
        self.optimiser.zero_grad()
        loss = nn.functional.cross_entropy(self.network(self.images[chosen]), self.labels[chosen])
        loss.backward()  # type: ignore[no-untyped-call]
        clip_grad_norm_(self.network.parameters(), 1.0)
        for group in self.optimiser.param_groups:
            # Ever smaller steps, down to none: a schedule that needs no memory of its own.
            group["lr"] = self.settings.learning_rate * (1 - self.steps / (self.settings.epochs * self.batches))
        self.optimiser.step()
        self.progress.loss += float(loss.detach())
        self.progress.batch += 1

    def state(self) -> dict[str, Any]:
        """
        Of the optimiser what it remembers; the rest follows from the settings. Random numbers are drawn by the dropout: on
        the GPU, by a generator of its own.
        """
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict()["state"],
            "progress": json.dumps(asdict(self.progress)),
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state() if self.device.type == "cuda" else None,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        groups = self.optimiser.state_dict()["param_groups"]
        self.optimiser.load_state_dict({"state": state["optimiser"], "param_groups": groups})
        self.progress = Progress(**json.loads(state["progress"]))
        torch.set_rng_state(state["random"])
        if self.device.type == "cuda" and state["random_cuda"] is not None:
            torch.cuda.set_rng_state(state["random_cuda"])


def train(settings: Settings, stop: Stop) -> None:
    """To the end, or to a checkpoint where it is told to stop: then `Stopped` is raised."""
    make_folder(settings.model_dir)
    device = find_device(settings.device)
    data = load_data(settings)
    checkpoints = Checkpoints(settings.checkpoint_dir, {**settings.deciding(), "source": data.source})
    training = Training(settings, data, device)
    kept = checkpoints.latest()
    if kept is not None:
        training.restore(kept)
    progress = training.progress
    print(f"training on {device}, with {len(data.labels)} images of {data.source}, {settings.epochs} epochs", flush=True)
    tracking = Tracking(progress.run_id, {**settings.deciding(), "source": data.source, "device": str(device)})
    progress.run_id = tracking.run_id

    while progress.epoch < settings.epochs:
        order = training.order()
        while progress.batch < training.batches:
            if stop.asked:
                path = checkpoints.save(training.steps, training.state())
                tracking.end("KILLED")
                raise Stopped(f"stopped by SIGTERM; the next start goes on from {path}")
            training.step(order)
            if training.steps % settings.checkpoint_every == 0 and progress.batch < training.batches:
                checkpoints.save(training.steps, training.state())
        accuracy = measure(training, data)
        loss = progress.loss / training.batches
        print(f"epoch {progress.epoch + 1}/{settings.epochs}: loss {loss:.4f}, accuracy {accuracy:.4f}", flush=True)
        tracking.metrics(progress.epoch + 1, {"loss": loss, "accuracy": accuracy})
        progress.epoch, progress.batch, progress.loss = progress.epoch + 1, 0, 0
        checkpoints.save(training.steps, training.state())

    facts = {**settings.deciding(), "source": data.source, "accuracy": measure(training, data)}
    content = model_bytes(training.network, facts)
    # First what may fail for a reason that passes: a retry then has no more to do than this.
    tracking.model(content)
    path = settings.model_dir / FILE_NAME
    save_model(path, content)
    tracking.end("FINISHED")
    checkpoints.clear()
    print(f"done: {path}", flush=True)


def measure(training: Training, data: Data) -> float:
    """The part of the test's images that it names rightly. Draws no random numbers."""
    training.network.eval()
    with torch.no_grad():
        found = training.network(torch.from_numpy(data.test_images).to(training.device)).argmax(dim=1).cpu()
    return float((found == torch.from_numpy(data.test_labels)).float().mean())


def find_device(wanted: str) -> torch.device:
    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise SettingFault('DEVICE: got "cuda", and no GPU is there that this build of PyTorch can use; allowed: auto, cpu')
    torch.use_deterministic_algorithms(True)  # type: ignore[no-untyped-call]
    return torch.device("cuda" if there and wanted != "cpu" else "cpu")
