"""Draws of labels: each size holds the smaller ones, and what a draw leaves is there to be read."""

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.base.errors import CaptchaOcrError

HELD_OUT = 0.2  # of the labels: what the largest size leaves to be read
MOST_DRAWS = 5  # so many held-out parts share no picture
FEWEST = 25  # labels from which a curve can be drawn

Rows = NDArray[np.int64]


def sizes(labels: int, first: int) -> list[int]:
    """`first`, and twice as many each time, as far as HELD_OUT of the `labels` remain; at last all that these allow.

    Where there are too few labels for three sizes, the first is halved. Raises CaptchaOcrError for fewer than FEWEST.
    """
    if labels < FEWEST:
        raise CaptchaOcrError(
            f"{labels} labels for training and validation are too few to tell what more would bring: label at least "
            f"{FEWEST}"
        )
    most = int(labels * (1 - HELD_OUT))
    while first > 4 and 4 * first > most:
        first //= 2
    found = [first]
    while 2 * found[-1] <= most:
        found.append(2 * found[-1])
    return found if most < 1.25 * found[-1] else [*found, most]


def order(labels: int, draw: int, seed: int) -> Rows:
    """All rows, in the order in which `draw` takes them. The last HELD_OUT of them are those of no other draw."""
    shuffled = np.random.default_rng(seed).permutation(labels)
    return np.roll(shuffled, -round(draw * labels / MOST_DRAWS))


def parts(drawn: Rows, validation: float) -> tuple[Rows, Rows]:
    """Rows to train on and rows to validate on, a share `validation` spread over the drawn rows, at least one each."""
    every = max(2, round(1 / validation)) if validation else len(drawn)
    chosen = np.arange(len(drawn)) % every == every - 1
    if not chosen.any():
        chosen[-1] = True
    return drawn[~chosen], drawn[chosen]
