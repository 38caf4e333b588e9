"""The images: MNIST's own files, the small set that scikit-learn ships, or digits that are drawn here."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist.faults import ModelFault, SettingFault, VolumeFault
from mnist.pixels import SIDE, centred, resized

from .settings import Settings

Images = NDArray[np.float32]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Data:
    """Images, 28 by 28, 0 to 1, light on dark; some to train with, and others to look how well that went."""

    source: str
    images: Images
    labels: Labels
    test_images: Images
    test_labels: Labels


def load_data(settings: Settings) -> Data:
    source = settings.data
    if source == "auto":
        source = "mnist" if mnist_file(settings.data_dir, "train-images-idx3-ubyte") else "digits"
    loaders = {"mnist": lambda: from_mnist(settings.data_dir), "digits": from_scikit_learn, "generated": drawn}
    data = loaders[source]()
    if settings.images == 0:
        return data
    return replace(data, images=data.images[: settings.images], labels=data.labels[: settings.images])


def from_mnist(folder: Path) -> Data:
    def part(name: str) -> tuple[Images, Labels]:
        images = read_idx(folder, f"{name}-images-idx3-ubyte", 3).astype(np.float32) / 255
        labels = read_idx(folder, f"{name}-labels-idx1-ubyte", 1).astype(np.int64)
        if len(images) != len(labels) or images.shape[1:] != (SIDE, SIDE):
            raise ModelFault(f"{folder}: {name} has {len(labels)} labels for images of shape {images.shape}")
        return images, labels

    return Data("mnist", *part("train"), *part("t10k"))


def mnist_file(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


def read_idx(folder: Path, name: str, dimensions: int) -> NDArray[np.uint8]:
    """One of MNIST's files: two zeros, the kind of its numbers (8: bytes), how many dimensions, each one's size."""
    path = mnist_file(folder, name)
    if path is None:
        raise SettingFault(f"{folder / name} is not there, nor with .gz; allowed: DATA_DIR with MNIST's four files")
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ModelFault(f"{path} is corrupt: {error}") from error
    except OSError as error:
        raise VolumeFault(f"{path} cannot be read: {error.strerror}") from error
    head = 4 + 4 * dimensions
    shape = tuple(int(size) for size in np.frombuffer(content[4:head], dtype=">u4"))
    values = np.frombuffer(content[head:], dtype=np.uint8)
    if content[:4] != bytes([0, 0, 8, dimensions]) or values.size != int(np.prod(shape)):
        raise ModelFault(f"{path} is corrupt, or is not MNIST's")
    return values.reshape(shape)


def from_scikit_learn() -> Data:
    """1797 digits, 8 by 8 pixels, made as large as MNIST's."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.stack([centred(resized((image / 16).astype(np.float32), 20, 20)) for image in digits.images])
    data = split("digits", images.astype(np.float32), digits.target.astype(np.int64))
    copies = [data.images, *(varied(data.images, np.random.default_rng(seed)) for seed in (1, 2))]
    return replace(data, images=np.concatenate(copies), labels=np.tile(data.labels, len(copies)))


def varied(images: Images, random: np.random.Generator) -> Images:
    """Each a little turned, slanted, narrower and bolder: the set is small, and other people's hands are others."""
    from scipy.ndimage import affine_transform, grey_dilation

    def vary(image: Images) -> Images:
        turn, slant, narrow = random.uniform(-0.2, 0.2), random.uniform(-0.3, 0.3), random.uniform(1, 1.6)
        matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn) + slant, np.cos(turn) * narrow]])
        middle = np.full(2, (SIDE - 1) / 2)
        moved = affine_transform(image, matrix, offset=middle - matrix @ middle, order=1)
        return centred(grey_dilation(moved, size=(2, 2)) if random.random() < 0.5 else moved)

    return np.stack([vary(image) for image in images])


#: Which of seven strokes a digit has, as a pocket calculator shows it: top, the upper two, the middle, the lower two, bottom.
STROKES = ("1110111", "0010010", "1011101", "1011011", "0111010", "1101011", "1101111", "1010010", "1111111", "1111011")
#: Where they are: rows and columns.
PLACES = ((3, 5, 9, 19), (4, 14, 8, 10), (4, 14, 18, 20), (13, 15, 9, 19), (14, 24, 8, 10), (14, 24, 18, 20), (23, 25, 9, 19))


def drawn(count: int = 600, seed: int = 7) -> Data:
    """Digits of a pocket calculator, a little to the side and with noise: for tests, and to try a machine."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 10, count)
    images = random.random((count, SIDE, SIDE), dtype=np.float32) * 0.2
    for image, label in zip(images, labels):
        down, right = random.integers(-2, 3, 2)
        for stroke, (top, bottom, left, end) in zip(STROKES[label], PLACES):
            if stroke == "1":
                image[top + down : bottom + down, left + right : end + right] += 0.8
    return split("generated", images, labels.astype(np.int64))


def split(source: str, images: Images, labels: Labels) -> Data:
    """One of six is for the test, always the same ones."""
    order = np.random.default_rng(0).permutation(len(labels))
    test, train = order[: len(order) // 6], order[len(order) // 6 :]
    return Data(source, images[train], labels[train], images[test], labels[test])
