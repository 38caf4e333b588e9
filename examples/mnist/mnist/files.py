"""
Files on a volume that may be full, may be a bucket, and may lose its node at any time: a file is there whole or not at
all, and beside it `NAME.sha256` says what is in it, as `sha256sum -c` reads it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from pathlib import Path

from .faults import ModelFault, VolumeFault


def checksum_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def make_folder(folder: Path) -> None:
    """Makes the folder, and tries whether it can be written: better now than after hours."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"1")
        probe.unlink()
    except OSError as error:
        remove_quietly(probe)
        raise volume_fault(folder, error, 1) from error


def remove_quietly(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        pass


def write_checked(path: Path, content: bytes) -> None:
    """
    Writes a file and its checksum. The checksum goes first, so that a file which is there has one; who reads between the
    two moves finds that they differ, and reads again (`read_checked`).
    """
    line = f"{sha256(content)}  {path.name}\n".encode()
    write_whole(checksum_path(path), line)
    write_whole(path, content)


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside, then moves into place: nobody sees a part of it."""
    part = path.with_name(f".{path.name}.part")
    try:
        with open(part, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        sync_folder(path.parent)
    except OSError as error:
        remove_quietly(part)
        raise volume_fault(path, error, len(content)) from error


def sync_folder(folder: Path) -> None:
    """Has the move survive a crash of the node. A bucket that is mounted as a folder knows no such thing, nor needs it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        pass


def read_checked(path: Path, patience: float = 2) -> bytes:
    """
    What is in a file, after a look at its checksum. One without a checksum is taken as it is: it may come from elsewhere.
    A file that does not match is read again after `patience` seconds, for it may just be written.
    """
    content, said = read_both(path)
    if said is None or said == sha256(content):
        return content
    time.sleep(patience)
    content, said = read_both(path)
    if said is None or said == sha256(content):
        return content
    raise ModelFault(
        f"{path} is corrupt: its SHA-256 is {sha256(content)[:12]}…, and {checksum_path(path).name} says {said[:12]}…"
    )


def read_both(path: Path) -> tuple[bytes, str | None]:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelFault(f"{path} is not there") from error
    except OSError as error:
        raise VolumeFault(f"{path} cannot be read: {error.strerror}") from error
    try:
        words = checksum_path(path).read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return content, None
    return content, words[0] if words else "nothing"


def volume_fault(path: Path, error: OSError, size: int) -> VolumeFault:
    """What the volume will not do, in one line."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return VolumeFault(
            f"The volume is full: {path} needs {mib(size)}, and {free_space(path)} free. Give the volume more room."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return VolumeFault(
            f"{path} cannot be written by user {os.getuid()}, group {os.getgid()}: {error.strerror}. "
            "Is the volume mounted there, for writing, and for this user (fsGroup)?"
        )
    return VolumeFault(f"{path} cannot be written: {error.strerror}")


def free_space(path: Path) -> str:
    try:
        return f"{mib(shutil.disk_usage(path.parent).free)} are"
    except OSError:
        return "not so much is"


def mib(size: int) -> str:
    return f"{size / 2**20:.2f} MiB"
