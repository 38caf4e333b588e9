"""`python -m trainer`: see `python -m trainer --help`."""

from __future__ import annotations

from mnist.faults import Stop, run

# Before torch is imported, which takes seconds.
stop = Stop()


def main() -> None:
    from .settings import read_settings
    from .train import train

    train(read_settings(), stop)


run(main)
