"""
The API: `gunicorn -c python:server.gunicorn_conf server.main:APP`. Each worker has a model of its own, which it loads
before it takes a request.
"""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import numpy as np
import torch
from fastapi import FastAPI
from pydantic import BaseModel, Field

from mnist.faults import Fault, ModelFault
from mnist.model import TrainedModel, load_model
from mnist.pixels import SIDE

from .settings import Settings, read_settings

Pixel = Annotated[float, Field(ge=0, le=255)]
Row = Annotated[list[Pixel], Field(min_length=SIDE, max_length=SIDE)]


class Picture(BaseModel):
    """28 rows of 28 pixels, as MNIST has them: 0 is the dark ground, 255 the light of the digit, in the middle."""

    id: int | str = Field(description="Comes back with the answer.")
    pixels: Annotated[list[Row], Field(min_length=SIDE, max_length=SIDE)]


class Question(BaseModel):
    images: Annotated[list[Picture], Field(min_length=1, max_length=64)]


class Digit(BaseModel):
    id: int | str
    digit: int
    probabilities: list[float] = Field(description="How likely each digit is, from 0 to 9.")


class Answer(BaseModel):
    data: list[Digit]


class Health(BaseModel):
    # Pydantic keeps names that begin with model_ for itself, unless it is told otherwise.
    model_config = {"protected_namespaces": ()}

    status: str
    model_uuid: str
    model_sha256: str


def make_app(settings: Settings, model: TrainedModel) -> FastAPI:
    app = FastAPI(
        title="Handwritten digits",
        description="Says which digit a picture of 28 by 28 pixels shows.",
        version="1",
        docs_url="/docs" if settings.docs else None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs else None,
    )

    # Not `async`: the model's work is done by threads, beside the loop that answers the probes.
    @app.post("/api/v1/model/predict")
    def predict(question: Question) -> Answer:
        images = np.array([picture.pixels for picture in question.images], dtype=np.float32) / 255
        rows = model.probabilities(images).tolist()
        return Answer(
            data=[
                Digit(id=picture.id, digit=row.index(max(row)), probabilities=row)
                for picture, row in zip(question.images, rows)
            ]
        )

    @app.get("/healthz")
    async def healthz() -> Health:
        return Health(status="ok", model_uuid=settings.model_uuid, model_sha256=model.checksum)
    return app


class QuietProbes(logging.Filter):
    """Probes ask every few seconds; the log is for the rest."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "/healthz" not in record.getMessage()


def start() -> FastAPI:
    # A worker is a process: with threads for all cores in each, they would stand in each other's way.
    torch.set_num_threads(1)
    logging.getLogger("uvicorn.access").addFilter(QuietProbes())
    try:
        settings = read_settings()
        model = load_model(settings.model_path)
    except Fault as fault:
        # Of a worker that ends with this number gunicorn starts no other: it ends itself, with the same one. A stack trace
        # of each worker would hide what is wrong.
        print(fault, file=sys.stderr, flush=True)
        sys.exit(ModelFault.exit_code)
    return make_app(settings, model)


#: Only where a server asks for it, so that tests and tools can import this file without a model.
def __getattr__(name: str) -> FastAPI:
    if name != "APP":
        raise AttributeError(name)
    globals()["APP"] = start()
    app: FastAPI = globals()["APP"]
    return app
