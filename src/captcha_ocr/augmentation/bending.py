"""Elastic: bends a picture as if it were printed on rubber."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captcha_ocr.augmentation.images import Pixels, as_image, as_pixels, drawn_amount

CELL = 0.5  # side of a cell of the mesh, as a share of the height
SHIFT = 0.12  # how far strength 1 moves a corner of a cell at most, as a share of the height


def _corners(cells: NDArray[Any]) -> list[tuple[float, ...]]:
    """The places x, y of each cell's corners, counterclockwise from the upper left, of [rows, columns, 2] corners."""
    corners = (cells[:-1, :-1], cells[1:, :-1], cells[1:, 1:], cells[:-1, 1:])
    return list(map(tuple, np.concatenate(corners, axis=2).reshape(-1, 8).tolist()))


@cache
def _mesh(height: int, width: int) -> tuple[NDArray[np.int64], list[tuple[float, ...]]]:
    """The corners [rows, columns, 2] of square cells, and each cell as the box that Pillow takes."""
    side = max(CELL * height, 1)
    x, y = (np.linspace(0, n, max(1, round(n / side)) + 1).round().astype(np.int64) for n in (width, height))
    corners = np.stack(np.meshgrid(x, y), axis=2)
    return corners, [(*cell[:2], *cell[4:6]) for cell in _corners(corners)]


def elastic(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Moves the corners of a mesh at random, and what is between them with them; no corner leaves the picture.

    Bilinear within each cell, as Pillow's MESH has it.
    """
    amount = drawn_amount(strength, rng)
    if not amount:
        return pixels
    height, width, _ = pixels.shape
    corners, boxes = _mesh(height, width)
    moved = (corners + amount * SHIFT * height * rng.uniform(-1, 1, corners.shape)).clip(0, (width, height))
    mesh = list(zip(boxes, _corners(moved), strict=True))
    size = (width, height)
    return as_pixels(as_image(pixels).transform(size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR))
