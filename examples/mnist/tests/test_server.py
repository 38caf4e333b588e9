"""The model server, as gunicorn runs it: the paths that probes and people ask, and its words for a model that is none."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Iterator

import httpx
import numpy as np
import pytest

from mnist.files import sha256
from tests.conftest import Start, Trained
from tests.programs import Program, free_port
from trainer.data import drawn

#: As the image's entry point has it (server/Dockerfile).
GUNICORN = ["gunicorn", "-c", "python:server.gunicorn_conf", "server.main:APP"]


def serve(start: Start, model: Path, arguments: list[str] = GUNICORN, **environment: str) -> tuple[Program, str]:
    port = free_port()
    more = {"PORT": str(port), "WEB_CONCURRENCY": "1", "PRED_MODEL_UUID": "7251ac", "PRED_MODEL_PATH": str(model)}
    told = {name: value.replace("PORT", str(port)) for name, value in environment.items()}
    return start(arguments, **{**more, **told}), f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def server(start_once: Start, trained: Trained) -> Iterator[str]:
    program, url = serve(start_once, trained.artifacts)
    program.wait_for_page(f"{url}/healthz")
    yield url
    assert program.terminate() == 0, program.said()
    assert "/healthz" not in program.said(), "probes fill the log"


def ask(url: str, images: list[dict[str, Any]]) -> httpx.Response:
    return httpx.post(f"{url}/api/v1/model/predict", json={"images": images}, timeout=20)


def test_says_that_it_is_well(server: str, trained: Trained) -> None:
    answer = httpx.get(f"{server}/healthz")
    assert answer.status_code == 200
    sum_of_it = sha256(trained.model.read_bytes())
    assert answer.json() == {"status": "ok", "model_uuid": "7251ac", "model_sha256": sum_of_it}


def test_predicts_right(server: str) -> None:
    data = drawn()
    pictures = [{"id": f"n{i}", "pixels": (data.test_images[i] * 255).clip(0, 255).tolist()} for i in range(40)]
    answer = ask(server, pictures)
    assert answer.status_code == 200, answer.text
    found = answer.json()["data"]
    assert [each["id"] for each in found] == [f"n{i}" for i in range(40)]
    assert np.mean([each["digit"] == label for each, label in zip(found, data.test_labels)]) > 0.95
    for each in found:
        assert sum(each["probabilities"]) == pytest.approx(1, abs=1e-4)
        assert int(np.argmax(each["probabilities"])) == each["digit"]


@pytest.mark.parametrize(
    "images",
    [[], [{"id": 1, "pixels": [[0] * 28] * 27}], [{"id": 1, "pixels": [[256] * 28] * 28}], [{"pixels": [[0] * 28] * 28}]],
)
def test_what_is_no_picture_is_refused(server: str, images: list[dict[str, Any]]) -> None:
    assert ask(server, images).status_code == 422


def test_has_documentation(server: str) -> None:
    assert "swagger" in httpx.get(f"{server}/docs").text.lower()
    assert "/api/v1/model/predict" in httpx.get(f"{server}/openapi.json").json()["paths"]


@pytest.mark.parametrize(
    ("command", "worker_class"),
    [(GUNICORN, ""), (["gunicorn", "server.main:APP"], "--worker-class uvicorn.workers.UvicornWorker")],
)
def test_as_modelserver_starts_it(start: Start, trained: Trained, command: list[str], worker_class: str) -> None:
    """By the image's own command, and by the seed's, where `ModelServer` is told the app (components/serving/model-server/)."""
    flags = f"--bind 0.0.0.0:PORT --workers 1 {worker_class} --worker-tmp-dir /dev/shm --graceful-timeout 50"
    program, url = serve(start, trained.model, command, DOCS_ENABLED="false", HOME="/tmp", USER="app", GUNICORN_CMD_ARGS=flags)
    assert program.wait_for_page(f"{url}/healthz").status_code == 200
    assert httpx.get(f"{url}/docs").status_code == 404
    assert httpx.get(f"{url}/openapi.json").status_code == 404
    assert program.terminate() == 0


def test_a_corrupt_model_ends_it_with_a_line(start: Start, trained: Trained, volume: Path) -> None:
    shutil.copytree(trained.artifacts, volume / "model")
    with open(volume / "model" / "model.pt", "ab") as file:
        file.write(b"x")
    program, _ = serve(start, volume / "model")
    assert program.wait() == 4
    assert f"{volume}/model/model.pt is corrupt: its SHA-256 is " in program.said()
    assert "Traceback" not in program.said()


def test_a_model_that_is_not_there_ends_it_with_a_line(start: Start, volume: Path) -> None:
    program, _ = serve(start, volume / "none")
    assert program.wait() == 4
    assert f"{volume}/none is not there" in program.said()
    assert "Traceback" not in program.said()


def test_a_wrong_setting_ends_it_with_a_line(start: Start, volume: Path) -> None:
    program, _ = serve(start, volume, DOCS_ENABLED="maybe")
    assert program.wait() == 2
    assert program.said() == 'DOCS_ENABLED: got "maybe"; allowed: true, false\n'
