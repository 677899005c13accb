"""The learning curve: what each number of labels gave, and a power law through it, with a band.

The error falls as a power of the number of labels (Hestness et al. 2017, "Deep learning scaling is predictable,
empirically"), down to a floor that a few sizes cannot show: wrong labels and pictures that nobody can read. So the band
is that of many curves, each through other values that the measurements allow, and half of them with a floor, anywhere
between none and the lowest error.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from captcha_ocr.artifacts.expectation import DrawFits, Expectation, Point
from captcha_ocr.scoring.metrics import wilson_interval

CURVES = 2000
UNLEARNT = 0.9  # an error above this is that of a fit that has not begun to read: no power law holds there
FEWEST_SIZES = 3
SURE = 0.975  # share of the curves that must fall
WIDEST = 0.25  # a wider band says nothing
STEPS = 24  # of the band, between the smallest and twice the largest number of labels

Array = NDArray[np.float64]


def _spread(rows: DrawFits) -> float:
    """Half the width of the 95 % interval (Student 1908) of the mean over the draws; 0 for a single one."""
    shares = (rows.exact / rows.pictures).to_numpy()
    if len(shares) < 2:
        return 0.0
    return float(stats.t.ppf(0.975, len(shares) - 1) * shares.std(ddof=1) / np.sqrt(len(shares)))


def measured_points(fits: DrawFits, labels: int) -> tuple[Point, ...]:
    """One point for each size, in order.

    Its interval is the wider of two: of the pictures (Wilson 1927), each counted once however many draws read it, and
    of the mean over the draws.
    """
    points = []
    for size in sorted(set(fits.labels)):
        rows = fits.where(fits.labels == size)
        exact, pictures = int(rows.exact.sum()), int(rows.pictures.sum())
        share, distinct = exact / pictures, min(pictures, labels)
        low, high = wilson_interval(round(share * distinct), distinct)
        spread = _spread(rows)
        points.append(
            Point(
                labels=int(size),
                fits=len(rows),
                pictures=pictures,
                exact_match=share,
                low=max(0.0, min(low, share - spread)),
                high=min(1.0, max(high, share + spread)),
            )
        )
    return tuple(points)


def _plausible_errors(fits: DrawFits, points: tuple[Point, ...], labels: int, rng: np.random.Generator) -> Array:
    """[CURVES, sizes]: errors that the measurements allow, by draws and pictures drawn anew (Jeffreys)."""
    columns = []
    for point in points:
        rows = fits.where(fits.labels == point.labels)
        chosen = rng.integers(0, len(rows), (CURVES, len(rows)))
        wrong, pictures = (
            (rows.pictures - rows.exact).to_numpy()[chosen].sum(1),
            rows.pictures.to_numpy()[chosen].sum(1),
        )
        distinct = np.minimum(pictures, labels)  # a picture that several draws read is no new evidence
        errors = wrong / pictures * distinct
        columns.append(rng.beta(errors + 0.5, distinct - errors + 0.5))
    return np.stack(columns, axis=1)


def _extrapolated(sizes: Array, errors: Array, at: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """The errors of all curves at the numbers of labels `at`, [CURVES, points], and the slopes [CURVES]."""
    share = rng.uniform(-1, 1, (len(errors), 1)).clip(0)  # half of the curves have no floor
    floor = share * errors.min(1, keepdims=True)
    x, y = np.log(sizes), np.log(errors - floor)
    x_mean, y_mean = x.mean(), y.mean(1)
    slope = ((x - x_mean) * (y - y_mean[:, None])).sum(1) / ((x - x_mean) ** 2).sum()
    falling = np.minimum(slope, 0)[:, None]  # more labels do no harm
    return floor + np.exp(y_mean[:, None] + falling * (np.log(at) - x_mean)), slope


def expectation(fits: DrawFits, labels: int, data_digest: str, architecture: str, seed: int = 0) -> Expectation:
    """The curve of `fits`, on up to so many `labels`, with a band up to twice as many, or why there is none."""
    points, rng = measured_points(fits, labels), np.random.default_rng(seed)
    about = {"data_digest": data_digest, "architecture": architecture, "labels": labels, "points": points}
    learnt = tuple(point for point in points if 1 - (point.exact_match or 0) <= UNLEARNT)
    if len(learnt) < FEWEST_SIZES:
        return Expectation(**about, why=f"only {len(learnt)} of {len(points)} sizes have begun to read")
    sizes = np.array([point.labels for point in learnt], float)
    steps = np.geomspace(sizes[0], 2 * labels, STEPS).round().astype(int)
    at = np.unique([*steps, labels, 2 * labels])
    errors, slope = _extrapolated(sizes, _plausible_errors(fits, learnt, labels, rng), at.astype(float), rng)
    low, high = 1 - np.quantile(errors.clip(0, 1), [0.975, 0.025], axis=0)
    if (falling := float((slope < 0).mean())) < SURE and 1 - low[-1] > 0.01:
        return Expectation(**about, why=f"the error falls in {falling:.0%} of the curves that fit, too few to be sure")
    if (width := float(high[-1] - low[-1])) > WIDEST:
        return Expectation(**about, why=f"what fits would leave {100 * width:.0f} points between best and worst")
    band = (Point(labels=int(n), low=float(a), high=float(b)) for n, a, b in zip(at, low, high, strict=True))
    return Expectation(**about, band=tuple(band))
