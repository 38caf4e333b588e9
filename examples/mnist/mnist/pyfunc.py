"""For `mlflow.pyfunc.load_model("runs:/<run>/model")`, where this package is there."""

from __future__ import annotations

from pathlib import Path

from .model import TrainedModel, load_model


class Predictor:
    def __init__(self, model: TrainedModel) -> None:
        self.model = model

    def predict(self, images, params=None):  # type: ignore[no-untyped-def] # MLflow reads the signature
        """From an array (images, 28, 28) to one of (images, 10)."""
        return self.model.probabilities(images)


def _load_pyfunc(path: str) -> Predictor:
    return Predictor(load_model(Path(path)))
