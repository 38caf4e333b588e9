"""The programs as processes, as pods run them: a user without a name, no home, and a working directory that is read-only."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, TypeVar

import httpx

ROOT = Path(__file__).resolve().parents[1]
#: The components' own (components/kubernetes/security.ts).
USER = 10001
T = TypeVar("T")


def may_be_user() -> bool:
    """Whether programs can run as that user here: only root can change to it, and it must be able to read them."""
    if os.geteuid() != 0:
        return False
    tried = subprocess.run(
        [sys.executable, "-c", "import mnist.model"], env=variables(), user=USER, group=USER, extra_groups=[], capture_output=True
    )
    return tried.returncode == 0


def variables(**more: str) -> dict[str, str]:
    """Nothing of this process's environment, and no HOME."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        # On a machine of two cores with other work; results do not hang on it.
        "OMP_NUM_THREADS": "1",
        **more,
    }


class Program:
    """A process, and what it said so far."""

    def __init__(self, arguments: list[str], environment: dict[str, str], folder: Path, as_user: bool) -> None:
        self.log = folder / f"{time.monotonic_ns()}.log"
        self.readonly = folder / "read-only"
        self.readonly.mkdir(mode=0o555, exist_ok=True)
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(
                arguments,
                env=variables(**environment),
                cwd=self.readonly,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                user=USER if as_user else None,
                group=USER if as_user else None,
                extra_groups=[] if as_user else None,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait(self, seconds: float = 60) -> int:
        return self.process.wait(seconds)

    def wait_for_text(self, pattern: str, seconds: float = 60) -> str:
        def look() -> str | None:
            found = re.search(pattern, self.said())
            return None if found is None else found.group(0)

        return self._until(look, f"text {pattern!r}", seconds)

    def wait_for_page(self, url: str, seconds: float = 60) -> httpx.Response:
        def look() -> httpx.Response | None:
            try:
                return httpx.get(url, timeout=5)
            except httpx.TransportError:
                return None

        return self._until(look, url, seconds)

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.wait(20)

    def end(self) -> None:
        """With all processes that it started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def _until(self, look: Callable[[], T | None], what: str, seconds: float) -> T:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = look()
            if found is not None:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"no {what}; exit code {self.process.poll()}; it said:\n{self.said()}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
