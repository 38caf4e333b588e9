"""What `InferenceUi` tells the UI by the environment (components/serving/ui-environment.ts)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

from mnist.faults import SettingFault

Environment = Mapping[str, str]


@dataclass(frozen=True)
class Listen:
    """Where the UI listens. The path that its proxy has it under, `GRADIO_ROOT_PATH`, Gradio reads by itself."""

    host: str
    port: int


def read_listen(environment: Environment) -> Listen:
    """Gradio's own variables, else `port`, which the UIs of the OSCAR project read, else Gradio's defaults."""
    text = environment.get("GRADIO_SERVER_PORT") or environment.get("port") or "7860"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingFault(f'GRADIO_SERVER_PORT, port: got "{text}"; allowed: a number from 1 to 65535')
    return Listen(environment.get("GRADIO_SERVER_NAME") or "0.0.0.0", int(text))


def read_login(environment: Environment) -> tuple[str, str] | None:
    """The one name and its password; none where there is neither. One alone is refused: it would be an open door."""
    username, password = environment.get("UI_USERNAME", ""), environment.get("UI_PASSWORD", "")
    if username == "" and password == "":
        return None
    if username == "" or password == "":
        missing = "UI_PASSWORD" if password == "" else "UI_USERNAME"
        raise SettingFault(f"{missing}: is not set; allowed: UI_USERNAME and UI_PASSWORD both, or neither for no login")
    return username, password


def read_oscar(environment: Environment) -> tuple[str, str]:
    """The cluster's address, as pods reach it, and the service that is asked."""
    endpoint = environment.get("oscar_endpoint", "")
    if not endpoint.startswith(("http://", "https://")):
        raise SettingFault(f'oscar_endpoint: got "{endpoint}"; allowed: https://…, or http://… within OSCAR\'s own cluster')
    return endpoint.rstrip("/"), environment.get("OSCAR_SERVICE") or "mnist"
