"""Files on a volume: whole or not at all, with a checksum, and clear words where that cannot be."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mnist.checkpoints import Checkpoints
from mnist.faults import ModelFault
from mnist.files import read_checked, write_checked
from mnist.model import DigitRnn, load_model, model_bytes
from tests.programs import variables


def test_the_checksum_is_one_that_sha256sum_reads(tmp_path: Path) -> None:
    write_checked(tmp_path / "model.pt", b"content")
    subprocess.run(["sha256sum", "--check", "--strict", "model.pt.sha256"], cwd=tmp_path, check=True, capture_output=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.pt", "model.pt.sha256"]


def test_a_file_that_is_just_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    write_checked(path, b"new")
    path.write_bytes(b"old")
    threading.Timer(0.2, lambda: path.write_bytes(b"new")).start()
    assert read_checked(path, patience=0.6) == b"new"


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    write_checked(path, model_bytes(DigitRnn(8), {}))
    with open(path, "r+b") as file:
        file.write(b"\0\0\0")
    with pytest.raises(ModelFault, match=r"model\.pt is corrupt: its SHA-256 is .*, and model\.pt\.sha256 says "):
        read_checked(path, patience=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is not a file of PyTorch's"), (b"PK\x03\x04rest", "is not a file of PyTorch's")],
)
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "model.pt").write_bytes(content)
    with pytest.raises(ModelFault, match=message) as raised:
        load_model(tmp_path)
    assert "\n" not in str(raised.value)


def test_a_model_of_another_size_is_refused(tmp_path: Path) -> None:
    network = DigitRnn(8)
    network.hidden = 9
    (tmp_path / "model.pt").write_bytes(model_bytes(network, {}))
    with pytest.raises(ModelFault, match="is not a model of this program: .*size mismatch|is not a model of this program"):
        load_model(tmp_path / "model.pt")


def test_checkpoints_go_back_to_the_last_good_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoints = Checkpoints(tmp_path, {"seed": 1})
    for step in (10, 20, 30):
        checkpoints.save(step, {"step": step})
    assert not (tmp_path / "checkpoint-000000010.pt").exists()
    (tmp_path / "checkpoint-000000030.pt").write_bytes(b"half")
    assert checkpoints.latest() == {"step": 20}
    said = capsys.readouterr().out
    assert "checkpoint-000000030.pt is corrupt" in said and "going back to the one before" in said
    assert not (tmp_path / "checkpoint-000000030.pt").exists()


def test_checkpoints_of_another_training_are_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Checkpoints(tmp_path, {"seed": 1, "epochs": 3}).save(10, {"step": 10})
    assert Checkpoints(tmp_path, {"seed": 2, "epochs": 3}).latest() is None
    assert "other settings (seed: 1, now 2): not used" in capsys.readouterr().out


FULL = """
import sys
from pathlib import Path
from mnist.faults import run
from mnist.files import write_checked
folder = Path(sys.argv[1])
write_checked(folder / "model.pt", b"1" * 10_000)
try:
    run(lambda: write_checked(folder / "model.pt", b"2" * 100_000))
finally:
    print(sorted(path.name for path in folder.iterdir()), (folder / "model.pt").read_bytes()[:1])
"""


def test_a_full_volume_is_told_and_keeps_what_it_had(tmp_path: Path) -> None:
    """A file system of 64 KiB, in a mount namespace of its own."""
    unshare = shutil.which("unshare")
    script = 'mount -t tmpfs -o size=64k none "$1" && exec "$2" -c "$3" "$1"'
    command = ["sh", "-c", script, "sh", str(tmp_path), sys.executable, FULL]
    if unshare is None or subprocess.run([unshare, "-rm", "mount", "-t", "tmpfs", "none", str(tmp_path)], capture_output=True).returncode:
        pytest.skip("this machine allows no mount namespace")
    ran = subprocess.run([unshare, "-rm", *command], env=variables(), capture_output=True, text=True)
    assert ran.returncode == 3, ran.stderr
    assert ran.stderr.startswith(f"The volume is full: {tmp_path}/model.pt needs 0.10 MiB, and 0.0")
    assert ran.stdout == "['model.pt', 'model.pt.sha256'] b'1'\n"
