"""Checkpoints of a training: the last two, so that one that is broken is not the end of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .faults import ModelFault, VolumeFault
from .files import checksum_path, make_folder, read_checked, remove_quietly, write_checked
from .model import from_bytes, to_bytes

NAME = re.compile(r"checkpoint-(\d{9})\.pt")


class Checkpoints:
    """
    The checkpoints in a folder. `settings` are all that decides a training's result: a checkpoint of other settings is of
    another training, and is not gone on from.
    """

    def __init__(self, folder: Path, settings: dict[str, Any], keep: int = 2) -> None:
        self.folder = folder
        self.settings = settings
        self.keep = keep
        make_folder(folder)

    def save(self, step: int, state: dict[str, Any]) -> Path:
        """Writes one after so many steps, and removes those that are no longer needed."""
        path = self.folder / f"checkpoint-{step:09d}.pt"
        write_checked(path, to_bytes({"settings": json.dumps(self.settings), "step": step, "state": state}))
        self._remove(self._paths()[self.keep :])
        return path

    def latest(self) -> dict[str, Any] | None:
        """The state of the last good one; says what it passes over, and removes it. None: a training from the start."""
        for path in self._paths():
            try:
                kept = from_bytes(read_checked(path, patience=0), path)
                settings, step, state = json.loads(kept["settings"]), int(kept["step"]), dict(kept["state"])
            except (ModelFault, KeyError, TypeError, ValueError) as error:
                said = str(error) if isinstance(error, ModelFault) else f"{path} is no checkpoint of this program"
                print(f"{said}; going back to the one before", flush=True)
                self._remove([path])
                continue
            if settings != self.settings:
                print(f"{path} is of a training with other settings ({self._other(settings)}): not used", flush=True)
                self._remove([path])
                continue
            print(f"going on from {path} (step {step})", flush=True)
            return state
        return None

    def clear(self) -> None:
        """After the end: the next training is another one, and starts from the start."""
        self._remove(self._paths())

    def _paths(self) -> list[Path]:
        """The newest first."""
        try:
            found = [path for path in self.folder.iterdir() if NAME.fullmatch(path.name)]
        except OSError as error:
            raise VolumeFault(f"{self.folder} cannot be read: {error.strerror}") from error
        return sorted(found, key=lambda path: path.name, reverse=True)

    def _remove(self, paths: list[Path]) -> None:
        for path in paths:
            remove_quietly(path)
            remove_quietly(checksum_path(path))

    def _other(self, settings: object) -> str:
        theirs = settings if isinstance(settings, dict) else {}
        names = sorted(name for name in self.settings if theirs.get(name) != self.settings[name])
        return ", ".join(f"{name}: {theirs.get(name)!r}, now {self.settings[name]!r}" for name in names) or "more of them"
