"""The UI for OSCAR: its login asks OSCAR, and its answers come from a service there."""

from __future__ import annotations

import base64
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Iterator

import httpx
import pytest

from tests.conftest import Start
from tests.test_ui import ask, environment, picture, serve

__all__ = ["picture"]

BASIC = "Basic " + base64.b64encode(b"oscar:right").decode()
ANSWER = json.dumps({"digit": 3, "probabilities": [0, 0, 0, 0.9, 0, 0, 0, 0, 0.1, 0]}).encode()


class StubbedOscar(BaseHTTPRequestHandler):
    """What the UI asks of OSCAR: who someone is, a service's token, and the service."""

    def do_GET(self) -> None:
        if self.headers["Authorization"] != BASIC:
            return self._answer(401, b"")
        if self.path == "/system/services/mnist":
            return self._answer(200, json.dumps({"name": "mnist", "token": "t" * 64}).encode())
        self._answer(200, b'{"version": "3.6.1"}')

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        is_png = base64.b64decode(sent).startswith(b"\x89PNG")
        allowed = self.headers["Authorization"] == "Bearer " + "t" * 64
        if self.path == "/run/mnist" and is_png and allowed:
            return self._answer(200, base64.b64encode(ANSWER))
        self._answer(400, b"")

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture()
def oscar() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), StubbedOscar)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_people_log_in_with_what_they_have_at_oscar(
    start: Start, volume: Path, oscar: str, picture: tuple[Path, int]
) -> None:
    program, url = serve(start, environment(volume, oscar_endpoint=oscar), "ui.oscar")
    with httpx.Client(base_url=url) as client:
        assert client.post("/login", data={"username": "oscar", "password": "wrong"}).status_code == 400
        assert client.post("/login", data={"username": "oscar", "password": "right"}).status_code == 200
        answer = ask(client, picture[0])
    assert "event: complete" in answer and '"label": "3", "confidence": 0.9' in answer, answer + program.said()
    assert program.terminate() == 0


def test_without_an_endpoint_it_says_so(start: Start, volume: Path) -> None:
    program = start(["ui.oscar"], **environment(volume))
    assert program.wait() == 2
    assert "oscar_endpoint: got \"\"; allowed: https://…, or http://… within OSCAR's own cluster\n" == program.said()
