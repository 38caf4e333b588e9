"""What `ModelServer` tells the server by the environment (components/serving/model-server/)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from mnist.faults import SettingFault


@dataclass(frozen=True)
class Settings:
    #: MLflow's run that the model is of; only told to who asks.
    model_uuid: str
    #: The model's file, or a folder with `model.pt`.
    model_path: Path
    docs: bool
    host: str
    port: int
    workers: int


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    `PRED_MODEL_PATH` is the folder `…/artifacts/model/data/model` of a run, or a file; without it, the run's below
    /models, and without `PRED_MODEL_UUID` /models/model.pt. `WEB_CONCURRENCY` is gunicorn's own word for its workers.
    """
    run = environment.get("PRED_MODEL_UUID", "")
    default = f"/models/{run}/artifacts/model/data/model" if run else "/models/model.pt"
    docs = environment.get("DOCS_ENABLED") or "true"
    if docs not in ("true", "false"):
        raise SettingFault(f'DOCS_ENABLED: got "{docs}"; allowed: true, false')
    return Settings(
        model_uuid=run,
        model_path=Path(environment.get("PRED_MODEL_PATH") or default),
        docs=docs == "true",
        host=environment.get("HOST") or "0.0.0.0",
        port=whole(environment, "PORT", 8080, 65535),
        workers=whole(environment, "WEB_CONCURRENCY", 4, 1000),
    )


def whole(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise SettingFault(f'{name}: got "{text}"; allowed: a whole number from 1 to {most}')
    return int(text)
