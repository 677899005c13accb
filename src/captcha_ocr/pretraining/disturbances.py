"""Lines, curves, dots and shapes that are drawn below or over a text."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.dice import Dice

Page = NDArray[Any]  # [H, W, C], uint8 or float32, drawn upon in place
Paint = Callable[[], list[float]]  # the next colour, of C channels


def bezier(points: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """`count` points, [count, 2], along the cubic Bézier curve of four points [4, 2], including both ends."""
    a, b, c, d = points
    t = np.linspace(0, 1, count)[:, None]
    return np.asarray((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)


def _path(page: Page, points: NDArray[np.float64], colour: list[float], thickness: int, sharp: int) -> None:
    cv2.polylines(page, [np.rint(points * 8).astype(np.int32)], False, colour, thickness, sharp, 3)


def _lines(page: Page, paint: Paint, pen: int, dice: Dice) -> None:
    """Straight lines, most from side to side."""
    height, width = page.shape[:2]
    for _ in range(dice.whole(1, 5)):
        ends = dice.rng.random((2, 2)) * (width, height)
        if dice.chance(0.6):
            ends[:, 0] = dice.between(-0.1, 0.3) * width, dice.between(0.7, 1.1) * width
        _path(page, ends, paint(), dice.whole(1, pen), dice.pick((cv2.LINE_8, cv2.LINE_AA)))


def _curves(page: Page, paint: Paint, pen: int, dice: Dice) -> None:
    """Smooth or broken curves along the text; some taper."""
    height, width = page.shape[:2]
    for _ in range(dice.whole(1, 3)):
        ends = dice.rng.random((4, 2)) * (1.2 * width, 1.1 * height) - (0.1 * width, 0.05 * height)
        if dice.chance(0.7):
            ends[:, 0].sort()
        points, colour = bezier(ends, dice.pick((4, 6, 24))), paint()
        first, last = dice.whole(1, pen), dice.whole(1, pen)
        if first == last:
            _path(page, points, colour, first, cv2.LINE_AA)
            continue
        for i in range(3):
            part = points[i * len(points) // 4 : (i + 2) * len(points) // 4 + 1]
            _path(page, part, colour, round(first + (last - first) * i / 2), cv2.LINE_AA)


def _arcs(page: Page, paint: Paint, pen: int, dice: Dice) -> None:
    """Parts of ellipses, and whole rings."""
    height, width = page.shape[:2]
    for _ in range(dice.whole(1, 4)):
        axes = (int(dice.between(0.1, 1.2) * height), int(dice.between(0.1, 0.8) * height))
        start = dice.whole(0, 359)
        end = start + (360 if dice.chance(0.35) else dice.whole(40, 220))
        middle = (int(dice.between(0, width)), int(dice.between(0, height)))
        cv2.ellipse(page, middle, axes, dice.whole(0, 179), start, end, paint(), dice.whole(1, pen), cv2.LINE_AA)


def _dots(page: Page, paint: Paint, pen: int, dice: Dice) -> None:
    """Discs of about one size."""
    height, width = page.shape[:2]
    size, colour = dice.between(0, 1.2 * pen), paint()
    several = dice.chance(0.5)
    for x, y in (dice.rng.random((dice.whole(6, 60), 2)) * (width, height)).astype(int).tolist():
        cv2.circle(page, (x, y), round(size * dice.between(0.5, 1)), paint() if several else colour, -1, cv2.LINE_AA)


def _specks(page: Page, paint: Paint, pen: int, dice: Dice) -> None:
    """Single pixels."""
    height, width = page.shape[:2]
    chosen = dice.rng.integers(0, height * width, int(dice.between(0.005, 0.05) * height * width))
    flat = page.reshape(-1, page.shape[2])
    for part in np.array_split(chosen, dice.whole(1, 3)):
        flat[part] = paint()


def _sinusoid(page: Page, paint: Paint, pen: int, dice: Dice) -> None:
    """A wave right across the page."""
    height, width = page.shape[:2]
    x = np.linspace(0, width, 40)
    y = height * (
        dice.between(0.3, 0.7)
        + dice.between(0.05, 0.4) * np.sin(x / dice.between(0.3, 2) / height + dice.between(0, 6))
    )
    _path(page, np.stack([x, y], axis=1), paint(), dice.whole(1, pen), cv2.LINE_AA)


def _boxes(page: Page, paint: Paint, pen: int, dice: Dice) -> None:
    """Outlines of rectangles."""
    height, width = page.shape[:2]
    for _ in range(dice.whole(1, 4)):
        x, y = int(dice.between(-0.1, 0.9) * width), int(dice.between(-0.3, 0.8) * height)
        end = (x + int(dice.between(0.2, 2) * height), y + int(dice.between(0.2, 0.9) * height))
        cv2.rectangle(page, (x, y), end, paint(), dice.whole(1, pen))


def _hooks(page: Page, paint: Paint, pen: int, dice: Dice) -> None:
    """Short crooked strokes. Where one touches a symbol, it looks like a part of it."""
    height, width = page.shape[:2]
    for _ in range(dice.whole(1, 4)):
        steps = (dice.rng.random((dice.whole(2, 4), 2)) - 0.5) * 0.7 * height
        steps[0] = dice.rng.random(2) * (width, height)
        _path(page, np.cumsum(steps, axis=0), paint(), dice.whole(1, pen), cv2.LINE_AA)


DISTURBANCES: dict[str, Callable[[Page, Paint, int, Dice], None]] = {
    "lines": _lines,
    "curves": _curves,
    "arcs": _arcs,
    "dots": _dots,
    "specks": _specks,
    "sinusoid": _sinusoid,
    "boxes": _boxes,
    "hooks": _hooks,
}
_WEIGHTS = dict(zip(DISTURBANCES, (3.0, 3.0, 2.0, 1.5, 1.5, 1.0, 0.7, 1.5), strict=True))


def disturb(page: Page, paint: Paint, cap_height: float, dice: Dice) -> None:
    """Draws one kind of `DISTURBANCES` on the page; strokes are thinner than those of most symbols of that height."""
    DISTURBANCES[dice.weighted(_WEIGHTS)](page, paint, max(1, round(cap_height / 14)), dice)
