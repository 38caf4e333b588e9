"""The UI, as a process: its page with and without a login, and what it says of drawings."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Callable, Iterator

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.conftest import Start, Trained
from tests.programs import Program, free_port
from trainer.data import drawn


def environment(volume: Path, **more: str) -> dict[str, str]:
    """As `InferenceUi` sets it (components/serving/ui-environment.ts), but for the folder of uploads."""
    return {
        "HOME": "/tmp",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "USER": "app",
        "GRADIO_SERVER_NAME": "0.0.0.0",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_TEMP_DIR": str(volume / "gradio"),
        **more,
    }


def serve(start: Start, settings: dict[str, str], module: str = "ui") -> tuple[Program, str]:
    port = str(free_port())
    program = start([module], **settings, GRADIO_SERVER_PORT=port, port=port)
    url = f"http://127.0.0.1:{port}"
    assert program.wait_for_page(url).status_code == 200
    return program, url


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A digit as a person would upload it: dark on paper, and larger."""
    data = drawn()
    path = tmp_path_factory.mktemp("picture") / "digit.png"
    dark = 255 - (data.test_images[0] * 255).clip(0, 255)
    Image.fromarray(np.kron(np.where(dark < 128, 0, 255), np.ones((8, 8))).astype(np.uint8)).save(path)
    return path, int(data.test_labels[0])


def ask(client: httpx.Client, picture: Path | None) -> str:
    """As the page does it: uploads the picture, asks, and reads the answer from the stream of events."""
    file = None
    if picture is not None:
        uploaded = client.post("/gradio_api/upload", files={"files": picture.read_bytes()})
        assert uploaded.status_code == 200, uploaded.text
        file = {"path": uploaded.json()[0], "meta": {"_type": "gradio.FileData"}}
    drawing: dict[str, Any] = {"background": None, "layers": [], "composite": file}
    asked = client.post("/gradio_api/call/predict", json={"data": [drawing]})
    assert asked.status_code == 200, asked.text
    return client.get(f"/gradio_api/call/predict/{asked.json()['event_id']}", timeout=30).text


@pytest.fixture(scope="module")
def open_ui(start_once: Start, volumes: Callable[[], Path]) -> Iterator[tuple[str, Path]]:
    """Without a login, and started before the model is there."""
    volume = volumes()
    program, url = serve(start_once, environment(volume, MODEL_PATH=str(volume / "model.pt"), GRADIO_ROOT_PATH="/demo"))
    assert f"The model is not there yet: {volume}/model.pt; the page says so until it is mended" in program.said()
    yield url, volume
    assert program.terminate() == 0, program.said()


def test_says_that_the_model_is_not_there_then_finds_it(
    open_ui: tuple[str, Path], trained: Trained, picture: tuple[Path, int]
) -> None:
    url, volume = open_ui
    with httpx.Client(base_url=url) as client:
        assert "event: error" in ask(client, picture[0])
        for name in ("model.pt.sha256", "model.pt"):
            shutil.copy(trained.folder / name, volume / name)
            os.chmod(volume / name, 0o444)
        answer = ask(client, picture[0])
    assert "event: complete" in answer, answer
    assert f'"label": "{picture[1]}"' in answer or f'"label":"{picture[1]}"' in answer, answer
    assert answer.count('"confidence"') == 10


def test_of_an_empty_drawing_it_says_so(open_ui: tuple[str, Path]) -> None:
    with httpx.Client(base_url=open_ui[0]) as client:
        assert "event: error" in ask(client, None)


def test_knows_the_path_that_its_proxy_has_it_under(open_ui: tuple[str, Path]) -> None:
    assert "/demo" in httpx.get(f"{open_ui[0]}/config").json()["root"]


def test_fetches_nothing_from_elsewhere(open_ui: tuple[str, Path]) -> None:
    page = httpx.get(open_ui[0]).text
    assert "fonts.googleapis.com/css" not in page


def test_honours_its_login(start: Start, volume: Path, trained: Trained, picture: tuple[Path, int]) -> None:
    login = {"UI_USERNAME": "ada", "UI_PASSWORD": "0123456789abcdef"}
    program, url = serve(start, environment(volume, MODEL_PATH=str(trained.model), **login))
    assert f"model {trained.model} (" in program.said()
    with httpx.Client(base_url=url) as client:
        assert client.get("/").status_code == 200, "the probe's path, without a login"
        assert client.post("/gradio_api/call/predict", json={"data": [None]}).status_code == 401
        wrong = client.post("/login", data={"username": "ada", "password": "wrong"})
        assert wrong.status_code == 400
        assert client.get("/config").status_code == 401
        right = client.post("/login", data={"username": "ada", "password": login["UI_PASSWORD"]})
        assert right.status_code == 200 and right.json() == {"success": True}
        assert "event: complete" in ask(client, picture[0])
    assert login["UI_PASSWORD"] not in program.said()


def test_half_a_login_is_no_login_and_is_refused(start: Start, volume: Path) -> None:
    program = start(["ui"], **environment(volume, UI_USERNAME="ada"))
    assert program.wait() == 2
    assert program.said() == "UI_PASSWORD: is not set; allowed: UI_USERNAME and UI_PASSWORD both, or neither for no login\n"


def test_asks_a_model_server(start: Start, volume: Path, trained: Trained, picture: tuple[Path, int]) -> None:
    from tests.test_server import serve as serve_model

    server, url_of_model = serve_model(start, trained.model)
    server.wait_for_page(f"{url_of_model}/healthz")
    program, url = serve(start, environment(volume, MODEL_SERVER_URL=f"{url_of_model}/"))
    with httpx.Client(base_url=url) as client:
        answer = ask(client, picture[0])
        assert "event: complete" in answer and f'"label": "{picture[1]}"' in answer, answer
        server.end()
        assert "event: error" in ask(client, picture[0])
    assert f"The model server does not answer as it should: {url_of_model}/api/v1/model/predict" in program.said()
