"""What the tests have in common: folders as volumes, programs as processes, and one model that is trained once."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

import pytest

from tests.programs import USER, Program, may_be_user

#: A training of some seconds, of 10 epochs with 32 steps each.
SHORT = {"DATA": "generated", "EPOCHS": "10", "BATCH_SIZE": "16", "HIDDEN": "48", "LEARNING_RATE": "0.02", "DEVICE": "cpu"}

Start = Callable[..., Program]


@pytest.fixture(scope="session")
def as_user() -> bool:
    return may_be_user()


@pytest.fixture(scope="session")
def volumes(as_user: bool) -> Iterator[Callable[[], Path]]:
    """Makes folders that the programs' user owns. Not pytest's own, which no other user may look into."""
    top = Path(tempfile.mkdtemp(prefix="mnist-tests-"))
    top.chmod(0o755)
    count = iter(range(1000))

    def make() -> Path:
        folder = top / str(next(count))
        folder.mkdir()
        if as_user:
            os.chown(folder, USER, USER)
        return folder

    yield make
    shutil.rmtree(top, ignore_errors=True)


@pytest.fixture()
def volume(volumes: Callable[[], Path]) -> Path:
    return volumes()


def starter(as_user: bool, programs: list[Program]) -> Start:
    folder = Path(tempfile.mkdtemp(prefix="mnist-logs-"))
    folder.chmod(0o755)

    def start(module: list[str], user: bool = True, **environment: str) -> Program:
        program = Program([sys.executable, "-m", *module], environment, folder, as_user and user)
        programs.append(program)
        return program

    return start


@pytest.fixture(scope="session")
def start_once(as_user: bool) -> Iterator[Start]:
    """Programs that several tests talk to."""
    programs: list[Program] = []
    yield starter(as_user, programs)
    for program in programs:
        program.end()
        shutil.rmtree(program.log.parent, ignore_errors=True)


@pytest.fixture()
def start(as_user: bool) -> Iterator[Start]:
    programs: list[Program] = []
    yield starter(as_user, programs)
    for program in programs:
        program.end()
        shutil.rmtree(program.log.parent, ignore_errors=True)


@dataclass(frozen=True)
class Trained:
    #: The volume.
    folder: Path
    said: str
    #: MLflow's run, and the folder that a server is pointed at.
    run_id: str
    artifacts: Path

    @property
    def model(self) -> Path:
        return self.folder / "model.pt"


@pytest.fixture(scope="session")
def trained(start_once: Start, volumes: Callable[[], Path]) -> Trained:
    """A training that nobody disturbs, logged by MLflow in a folder."""
    folder = volumes()
    trainer = start_once(
        ["trainer"], MODEL_DIR=str(folder), MLFLOW_TRACKING_URI=(folder / "mlruns").as_uri(), TMPDIR=str(volumes()), **SHORT
    )
    assert trainer.wait() == 0, trainer.said()
    found = list(folder.glob("mlruns/*/*/artifacts/model/data/model"))
    assert len(found) == 1
    return Trained(folder, trainer.said(), found[0].parents[3].name, found[0])
