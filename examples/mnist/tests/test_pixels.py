"""From a drawing to what the model knows."""

from __future__ import annotations

import numpy as np
import pytest

from mnist.pixels import normalised, resized


def test_paper_and_blackboard_are_the_same() -> None:
    board = np.zeros((100, 80), dtype=np.uint8)
    board[20:80, 30:40] = 255
    assert np.allclose(normalised(board), normalised(255 - board))


def test_what_is_transparent_is_paper() -> None:
    drawing = np.zeros((50, 50, 4), dtype=np.uint8)
    drawing[10:40, 20:25] = [0, 0, 0, 255]
    paper = np.full((50, 50), 255, dtype=np.uint8)
    paper[10:40, 20:25] = 0
    assert np.allclose(normalised(drawing), normalised(paper))


@pytest.mark.parametrize("shift", [(0, 0), (-15, 20), (18, -25)])
@pytest.mark.parametrize("scale", [1, 3])
def test_place_and_size_do_not_matter(shift: tuple[int, int], scale: int) -> None:
    board = np.zeros((100, 100), dtype=np.uint8)
    board[30:70, 40:60] = 255
    moved = np.kron(np.roll(board, shift, axis=(0, 1)), np.ones((scale, scale), dtype=np.uint8))
    pixels = normalised(moved)
    assert pixels.shape == (28, 28) and pixels.dtype == np.float32
    assert np.allclose(pixels, normalised(board), atol=1e-5)
    expected = np.zeros((28, 28))
    expected[4:24, 9:19] = 1
    assert np.allclose(pixels, expected, atol=1e-5)


@pytest.mark.parametrize("value", [0, 255, 120])
def test_of_nothing_nothing(value: int) -> None:
    picture = np.full((40, 40), value, dtype=np.uint8)
    assert normalised(picture).max() in (0, 1) and normalised(np.zeros((0, 0))).max() == 0
    assert value == 120 or normalised(picture).max() == 0


def test_a_size_that_is_no_multiple_keeps_the_light() -> None:
    picture = np.random.default_rng(1).random((37, 53), dtype=np.float32)
    small = resized(picture, 20, 11)
    assert small.shape == (20, 11)
    assert small.mean() == pytest.approx(picture.mean(), rel=1e-4)
    assert np.allclose(resized(np.full((8, 8), 0.5, dtype=np.float32), 20, 20), 0.5)
