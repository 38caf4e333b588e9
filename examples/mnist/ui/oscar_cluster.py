"""An OSCAR cluster as the UI sees it: who may log in, and what a service there says of a drawing."""

from __future__ import annotations

import base64
import binascii
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from oscar_python.client import Client
from PIL import Image
from requests import HTTPError, RequestException

from mnist.faults import ModelFault
from mnist.pixels import Pixels


class Oscar:
    """An OSCAR cluster, and who is logged in: what one may do, another may not."""

    def __init__(self, endpoint: str, service: str) -> None:
        self.endpoint = endpoint
        self.service = service
        self.clients: dict[str, Any] = {}

    def login(self, user: str, password: str) -> bool:
        client = Client(
            {"cluster_id": "oscar", "endpoint": self.endpoint, "user": user, "password": password, "ssl": True}
        )
        try:
            # GET /system/info: 401 is a refusal, and unlike /system/config it answers with no keys.
            client.get_cluster_info()
        except HTTPError as error:
            if error.response is not None and error.response.status_code == 401:
                return False
            raise
        self.clients[user] = client
        return True

    def probabilities(self, user: str, pixels: Pixels) -> list[float]:
        client = self.clients.get(user)
        if client is None:  # another pod, or the one before, has let this person in
            raise ModelFault("Log in again, please.")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "digit.png"
            Image.fromarray(np.rint(pixels * 255).astype(np.uint8)).save(path)
            try:
                answer = client.run_service(self.service, input=str(path)).text
            except RequestException as error:
                raise ModelFault(f"OSCAR's service {self.service} does not answer as it should: {error}") from error
        return read_answer(self.service, answer)


def read_answer(service: str, text: str) -> list[float]:
    """A script's output: as it is, or in base64, as OSCAR's supervisor sends files."""
    try:
        plain = text if text.lstrip().startswith("{") else base64.b64decode(text, validate=True).decode()
        return [float(value) for value in json.loads(plain)["probabilities"]]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise ModelFault(f'OSCAR\'s service {service} answered with something else than probabilities: "{text[:80]}"') from error
