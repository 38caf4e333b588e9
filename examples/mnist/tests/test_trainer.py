"""The trainer, as a process: the model on the volume, stopped and gone on from, and clear words for what goes wrong."""

from __future__ import annotations

import gzip
import os
import struct
import time
from pathlib import Path
from typing import Callable

import numpy as np
import pytest
import torch

from mnist.faults import Stopped
from mnist.files import checksum_path, sha256
from mnist.model import from_bytes, load_model
from tests.conftest import SHORT, Start, Trained
from trainer.settings import Settings, read_settings
from trainer.train import train

STEPS_PER_EPOCH = 32


def same_weights(one: Path, other: Path) -> bool:
    left, right = load_model(one).network.state_dict(), load_model(other).network.state_dict()
    return all(torch.equal(left[name], right[name]) for name in left)


def test_leaves_a_model_and_its_checksum_and_nothing_else(trained: Trained) -> None:
    assert sorted(path.name for path in trained.folder.iterdir()) == ["checkpoints", "mlruns", "model.pt", "model.pt.sha256"]
    assert list((trained.folder / "checkpoints").iterdir()) == []
    assert checksum_path(trained.model).read_text() == f"{sha256(trained.model.read_bytes())}  model.pt\n"
    facts = load_model(trained.model).facts
    assert facts["source"] == "generated" and facts["epochs"] == 10
    assert facts["accuracy"] > 0.95


def test_logs_to_mlflow_and_lays_the_model_out_as_mlflow_does(trained: Trained) -> None:
    from mlflow import MlflowClient

    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    client = MlflowClient(tracking_uri=(trained.folder / "mlruns").as_uri())
    run = client.get_run(trained.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params["epochs"] == "10" and run.data.params["source"] == "generated"
    assert [metric.step for metric in client.get_metric_history(trained.run_id, "accuracy")] == list(range(1, 11))
    assert same_weights(trained.artifacts, trained.model)
    assert (trained.artifacts / "model.pt.sha256").is_file()


def test_mlflow_itself_loads_that_model(trained: Trained) -> None:
    pyfunc = pytest.importorskip("mlflow.pyfunc")
    model = pyfunc.load_model(str(trained.artifacts.parents[1]))
    found = model.predict(np.zeros((2, 28, 28), dtype=np.float32))
    assert found.shape == (2, 10)


def test_stopped_by_sigterm_it_ends_with_the_same_model(start: Start, volume: Path, trained: Trained) -> None:
    settings = {**SHORT, "MODEL_DIR": str(volume), "CHECKPOINT_DIR": str(volume / "kept")}
    first = start(["trainer"], **settings)
    first.wait_for_text("epoch 1/10")
    assert first.terminate() == 143, first.said()
    assert f"stopped by SIGTERM; the next start goes on from {volume}/kept/checkpoint-" in first.said()
    assert not (volume / "model.pt").exists()

    second = start(["trainer"], **settings)
    assert second.wait() == 0, second.said()
    assert f"going on from {volume}/kept/checkpoint-" in second.said()
    assert "epoch 1/10" not in second.said()
    assert same_weights(volume, trained.folder)
    assert list((volume / "kept").iterdir()) == []


def test_sigterm_is_heeded_while_pytorch_is_imported(start: Start, volume: Path) -> None:
    trainer = start(["trainer"], MODEL_DIR=str(volume), **{**SHORT, "EPOCHS": "100"})
    maps = Path(f"/proc/{trainer.process.pid}/maps")
    while "libtorch" not in maps.read_text():
        assert trainer.process.poll() is None, trainer.said()
        time.sleep(0.02)
    assert trainer.terminate() == 143, trainer.said()
    assert "goes on from" in trainer.said()


class StopAfter:
    """Asks for the stop before a step, wherever that is in an epoch."""

    def __init__(self, step: int) -> None:
        self.left = step

    @property
    def asked(self) -> bool:
        self.left -= 1
        return self.left < 0


def settings_of(folder: Path) -> Settings:
    return read_settings(["--model-dir", str(folder), "--checkpoint-every", "5", "--epochs", "2"], SHORT)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training in this process, of two epochs."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("undisturbed")
    train(settings_of(folder), StopAfter(1000))  # type: ignore[arg-type]
    return folder


@pytest.mark.parametrize("step", [0, 7, STEPS_PER_EPOCH, STEPS_PER_EPOCH + 3])
def test_stopped_anywhere_it_ends_with_the_same_model(tmp_path: Path, undisturbed: Path, step: int) -> None:
    with pytest.raises(Stopped):
        train(settings_of(tmp_path), StopAfter(step))  # type: ignore[arg-type]
    kept = sorted((tmp_path / "checkpoints").glob("*.pt"))
    assert kept[-1].name == f"checkpoint-{step:09d}.pt"
    torch.manual_seed(99)  # another process has other random numbers
    train(settings_of(tmp_path), StopAfter(1000))  # type: ignore[arg-type]
    assert same_weights(tmp_path, undisturbed)


def test_a_corrupt_checkpoint_costs_only_the_steps_since_the_one_before(
    tmp_path: Path, undisturbed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Stopped):
        train(settings_of(tmp_path), StopAfter(13))  # type: ignore[arg-type]
    last = tmp_path / "checkpoints" / "checkpoint-000000013.pt"
    last.write_bytes(last.read_bytes()[:-100])
    train(settings_of(tmp_path), StopAfter(1000))  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert f"{last} is corrupt" in said
    assert "going on from" in said and "checkpoint-000000010.pt (step 10)" in said
    assert same_weights(tmp_path, undisturbed)


def test_a_checkpoint_holds_nothing_that_runs(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        train(settings_of(tmp_path), StopAfter(2))  # type: ignore[arg-type]
    path = next((tmp_path / "checkpoints").glob("*.pt"))
    assert set(from_bytes(path.read_bytes(), path)) == {"settings", "step", "state"}


def test_reads_mnists_own_files(start: Start, volume: Path, volumes: Callable[[], Path]) -> None:
    data = volumes()
    random = np.random.default_rng(1)
    for name, count in (("train", 40), ("t10k", 10)):
        pictures = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        labels = random.integers(0, 10, count, dtype=np.uint8)
        (data / f"{name}-images-idx3-ubyte").write_bytes(struct.pack(">4B3I", 0, 0, 8, 3, count, 28, 28) + pictures.tobytes())
        packed = gzip.compress(struct.pack(">4BI", 0, 0, 8, 1, count) + labels.tobytes())
        (data / f"{name}-labels-idx1-ubyte.gz").write_bytes(packed)
    trainer = start(["trainer", "--epochs", "1"], MODEL_DIR=str(volume), DATA_DIR=str(data), EPOCHS="7")
    assert trainer.wait() == 0, trainer.said()
    assert "with 40 images of mnist, 1 epochs" in trainer.said()


@pytest.mark.parametrize(
    ("environment", "code", "message"),
    [
        ({"EPOCHS": "none"}, 2, 'argument --epochs: got "none"; allowed: a whole number from 1'),
        ({"DATA": "cats"}, 2, 'argument --data: got "cats"; allowed: auto, mnist, digits, generated'),
        ({"DATA": "mnist", "DATA_DIR": "/nowhere"}, 2, "/nowhere/train-images-idx3-ubyte is not there, nor with .gz"),
        ({"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}, 5, "MLflow at http://127.0.0.1:9 does not take what is logged: "),
    ],
)
def test_faults_are_one_line_and_a_code(
    start: Start, volume: Path, environment: dict[str, str], code: int, message: str
) -> None:
    trainer = start(["trainer"], **{**SHORT, "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0", "MODEL_DIR": str(volume), **environment})
    assert trainer.wait() == code, trainer.said()
    assert message in trainer.said()
    assert "Traceback" not in trainer.said()


def test_a_folder_that_cannot_be_written_is_told_at_once(start: Start, as_user: bool, volumes: Callable[[], Path]) -> None:
    folder = volumes()
    if as_user:
        os.chown(folder, 0, 0)
    elif os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    folder.chmod(0o555)
    trainer = start(["trainer"], MODEL_DIR=str(folder), **SHORT)
    assert trainer.wait() == 3
    assert f"{folder} cannot be written by user " in trainer.said()
    assert "Is the volume mounted there, for writing, and for this user (fsGroup)?" in trainer.said()
    assert "Traceback" not in trainer.said()
