"""What can be set, by flags or by variables of the environment; a flag goes first."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Callable, Mapping, Sequence

SOURCES = ("auto", "mnist", "digits", "generated")
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Settings:
    model_dir: Path
    checkpoint_dir: Path
    data: str
    data_dir: Path
    images: int
    epochs: int
    batch_size: int
    learning_rate: float
    hidden: int
    seed: int
    checkpoint_every: int
    device: str

    def deciding(self) -> dict[str, Any]:
        """Those that decide the result: a checkpoint of a training with others is not gone on from."""
        places = {"model_dir", "checkpoint_dir", "data_dir", "checkpoint_every", "device"}
        return {name: value for name, value in asdict(self).items() if name not in places}


def read_settings(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Faults end the program with 2 and a line that says what is allowed."""
    parser = argparse.ArgumentParser(
        prog="trainer",
        description="Trains a recurrent network on handwritten digits, and writes MODEL_DIR/model.pt.",
        epilog="Each can be given as a variable too: --batch-size as BATCH_SIZE. Exit codes: 0 done, 2 a setting is "
        "wrong, 3 the volume is full or cannot be written, 4 data or model are corrupt, 5 MLflow cannot be reached, "
        "143 stopped by SIGTERM, after a checkpoint was written.",
    )

    def add(name: str, default: object, kind: Callable[[str], Any], text: str, **more: Any) -> None:
        variable = name.upper().replace("-", "_")
        # A text, so that argparse checks it as it checks a flag. An empty variable is none.
        value = environment.get(variable) or str(default)
        parser.add_argument(f"--{name}", default=value, type=kind, help=f"{text} [{default}]", **more)

    add("model-dir", "/models", Path, "where the model goes")
    add("checkpoint-dir", "", str, "where checkpoints go; without, MODEL_DIR/checkpoints")
    add("data", "auto", one_of(SOURCES), "the images; auto: those of DATA_DIR, else the small set of scikit-learn")
    add("data-dir", "/data", Path, "a folder with MNIST's four files, as they are or with .gz")
    add("images", 0, whole(0), "train with at most so many; 0: with all")
    add("epochs", 10, whole(1), "how often each image is looked at")
    add("batch-size", 32, whole(1), "images in one step")
    add("learning-rate", 0.01, positive, "Adam's")
    add("hidden", 64, whole(1), "numbers that the network remembers")
    add("seed", 1, whole(0), "of all that is random")
    add("checkpoint-every", 200, whole(1), "steps from one checkpoint to the next")
    add("device", "auto", one_of(DEVICES), "auto: a GPU where there is one")
    found = vars(parser.parse_args(arguments))
    found["checkpoint_dir"] = Path(found["checkpoint_dir"] or found["model_dir"] / "checkpoints")
    return Settings(**found)


def one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in allowed:
            raise argparse.ArgumentTypeError(f'got "{text}"; allowed: {", ".join(allowed)}')
        return text

    return check


def whole(least: int) -> Callable[[str], int]:
    def check(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(f'got "{text}"; allowed: a whole number from {least}')
        return value

    return check


def positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f'got "{text}"; allowed: a number above 0')
    return value
