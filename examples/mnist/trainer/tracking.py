"""
MLflow, where `MLFLOW_TRACKING_URI` names a server or a folder (`file:///models/mlruns`). The model is logged as MLflow
lays models out, so that a server finds it at `…/<run>/artifacts/model/data/model`.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, TypeVar

from mnist.faults import TrackingFault
from mnist.files import write_checked
from mnist.model import FILE_NAME, first_line

T = TypeVar("T")

#: MLflow's description of a model: what loads it (mnist/pyfunc.py), and where it lies.
DESCRIPTION = """\
artifact_path: model
flavors:
  python_function:
    data: data/model
    loader_module: mnist.pyfunc
run_id: {run_id}
utc_time_created: '{created}'
"""


class Tracking:
    """One run of MLflow's; without `MLFLOW_TRACKING_URI`, nothing at all."""

    def __init__(self, run_id: str, parameters: dict[str, Any]) -> None:
        self.run_id = run_id
        self.uri = os.environ.get("MLFLOW_TRACKING_URI", "")
        if self.uri == "":
            return
        # MLflow's own 7 tries take minutes; the Job starts a pod anew, and the training goes on from its checkpoint.
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "15")
        # MLflow 3 wants a database in place of folders, unless it is told so.
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
        # Where the user has no entry in /etc/passwd, MLflow cannot be imported without.
        os.environ.setdefault("HOME", tempfile.gettempdir())
        # The image has no git, which MLflow would complain of.
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        from mlflow import MlflowClient

        self.client = self._tried(lambda: MlflowClient(tracking_uri=self.uri))
        self.run_id = self._tried(lambda: self._start(run_id, parameters))
        print(f"MLflow at {self.uri}: run {self.run_id}", flush=True)

    def metrics(self, epoch: int, values: dict[str, float]) -> None:
        """A point that is lost is no reason to stop."""
        if self.uri == "":
            return
        try:
            for name, value in values.items():
                self.client.log_metric(self.run_id, name, value, step=epoch)
        except Exception as error:
            print(f"MLflow at {self.uri} did not take a metric: {first_line(error)}", flush=True)

    def model(self, content: bytes) -> None:
        if self.uri == "":
            return
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "data" / "model"
            folder.mkdir(parents=True)
            write_checked(folder / FILE_NAME, content)
            created = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
            (Path(temporary) / "MLmodel").write_text(DESCRIPTION.format(run_id=self.run_id, created=created))
            self._tried(lambda: self.client.log_artifacts(self.run_id, temporary, "model"))

    def end(self, status: str) -> None:
        if self.uri != "":
            try:
                self.client.set_terminated(self.run_id, status)
            except Exception as error:
                print(f"MLflow at {self.uri} was not told of the end: {first_line(error)}", flush=True)

    def _start(self, run_id: str, parameters: dict[str, Any]) -> str:
        if run_id != "":
            self.client.update_run(run_id, status="RUNNING")
            return run_id
        name = os.environ.get("MLFLOW_EXPERIMENT_NAME") or "mnist"
        experiment = self.client.get_experiment_by_name(name)
        experiment_id = experiment.experiment_id if experiment else self.client.create_experiment(name)
        run = self.client.create_run(experiment_id, run_name=os.environ.get("MLFLOW_RUN_NAME") or None)
        for parameter, value in parameters.items():
            self.client.log_param(run.info.run_id, parameter, value)
        return str(run.info.run_id)

    def _tried(self, action: Callable[[], T]) -> T:
        try:
            return action()
        except Exception as error:  # MLflow, its HTTP client and its stores each have errors of their own
            raise TrackingFault(f"MLflow at {self.uri} does not take what is logged: {first_line(error)}") from error
