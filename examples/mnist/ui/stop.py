"""The end of the UI by SIGTERM, which the first process of a container heeds only by a handler of its own."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def end_at_sigterm() -> None:
    """There is nothing to keep: the program ends at once, with 0."""

    def end(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
