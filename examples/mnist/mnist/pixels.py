"""From whatever a person draws or uploads to what the model was trained on: MNIST's 28 by 28 pixels, light on dark."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 28
#: MNIST's digits fill a box of this size, and have their centre of mass in the middle of the picture.
BOX = 20

Pixels = NDArray[np.float32]


def normalised(picture: NDArray[np.generic]) -> Pixels:
    """
    A digit of any size as the model knows it: 28 by 28, 0 to 1, light on dark, in the middle. Takes (rows, columns),
    (rows, columns, 3) or with alpha (rows, columns, 4), each 0 to 255; what is transparent counts as white.
    """
    grey = to_grey(np.asarray(picture))
    if grey.size == 0:
        return np.zeros((SIDE, SIDE), dtype=np.float32)
    light = on_dark(grey)
    light = np.where(light < 0.15, np.float32(0), light)  # paper is never quite white
    return centred(light)


def to_grey(picture: NDArray[np.generic]) -> Pixels:
    values = picture.astype(np.float32) / 255
    if values.ndim == 2:
        return values
    grey: Pixels = (values[..., :3].mean(axis=-1)).astype(np.float32)
    if values.shape[-1] == 4:
        alpha = values[..., 3]
        grey = grey * alpha + (1 - alpha)
    return grey


def on_dark(grey: Pixels) -> Pixels:
    """Paper is what there is most of, and most of the edge is paper."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return 1 - grey if float(np.median(edge)) > 0.5 else grey


def centred(light: Pixels) -> Pixels:
    """The digit alone, as large as MNIST's are, with its centre of mass in the middle. Of nothing, nothing."""
    rows, columns = np.flatnonzero(light.any(axis=1)), np.flatnonzero(light.any(axis=0))
    whole = np.zeros((SIDE, SIDE), dtype=np.float32)
    if rows.size == 0:
        return whole
    digit = light[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(digit.shape)
    height, width = (max(1, round(size * scale)) for size in digit.shape)
    small = resized(digit, height, width)
    small = small / max(float(small.max()), 1e-6)
    top = place(small.sum(axis=1))
    left = place(small.sum(axis=0))
    whole[top : top + height, left : left + width] = small
    return whole


def place(weights: Pixels) -> int:
    """Where a digit begins whose centre of mass is to be in the middle, as far as it stays in the picture."""
    mean = float((weights * np.arange(weights.size)).sum() / max(float(weights.sum()), 1e-6))
    start = round((SIDE - 1) / 2 - mean)
    return min(max(start, 0), SIDE - weights.size)


def resized(picture: Pixels, height: int, width: int) -> Pixels:
    """Another size: each new pixel is the mean of what it covers of the old ones, or lies between them."""
    return along(along(picture, height).T, width).T


def along(picture: Pixels, size: int) -> Pixels:
    """Another number of rows."""
    old = picture.shape[0]
    if old < size:
        where = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
        low = np.floor(where).astype(int)
        high = np.minimum(low + 1, old - 1)
        part = (where - low).astype(np.float32)[:, None]
        between: Pixels = (picture[low] * (1 - part) + picture[high] * part).astype(np.float32)
        return between
    # The sum of all rows up to each edge; between two of them lies what a new row covers.
    sums = np.concatenate([np.zeros((1, picture.shape[1])), np.cumsum(picture, axis=0, dtype=np.float64)])
    edges = np.linspace(0, old, size + 1)
    low = np.minimum(np.floor(edges).astype(int), old - 1)
    part = (edges - low)[:, None]
    at_edges = sums[low] * (1 - part) + sums[low + 1] * part
    means: Pixels = (np.diff(at_edges, axis=0) * size / old).astype(np.float32)
    return means
