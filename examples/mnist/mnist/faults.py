"""Faults that a person has to mend, each told in one line and by an exit code of its own."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Callable, NoReturn


class Fault(Exception):
    """Ends a program with its message, without a stack trace."""

    exit_code = 1


class SettingFault(Fault):
    """A variable or an argument has a value that means nothing. (argparse exits with 2 as well.)"""

    exit_code = 2


class VolumeFault(Fault):
    """The volume is full, or cannot be written or read."""

    exit_code = 3


class ModelFault(Fault):
    """The model is not there, or is not what was written."""

    exit_code = 4


class TrackingFault(Fault):
    """MLflow's server or folder does not take what is logged."""

    exit_code = 5


class Stopped(Fault):
    """
    Was told to stop, and has kept what it had. Not 0: Kubernetes would take a training that was stopped for one that is
    done. 143 is what a shell calls the end by SIGTERM (128 + 15).
    """

    exit_code = 128 + signal.SIGTERM


def run(main: Callable[[], None]) -> NoReturn:
    """Runs a program to its end; of a fault only the message is shown."""
    try:
        main()
    except Fault as fault:
        print(fault, file=sys.stderr, flush=True)
        sys.exit(fault.exit_code)
    sys.exit(0)


class Stop:
    """
    Whether SIGTERM has come. To be made before anything slow, such as `import torch`: the first process of a container
    heeds no signal that it has no handler for.
    """

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
