"""The learning curve against laws that are known."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from captcha_ocr.artifacts.expectation import DrawFits, Expectation
from captcha_ocr.expect.curve import expectation, measured_points

LABELS = 1000
SIZES = (50, 100, 200, 400, 800)
Law = Callable[[float], float]


def fits_of(law: Law, seed: int | None, sizes: tuple[int, ...] = SIZES, draws: int = 3) -> DrawFits:
    """Fits whose error is that of the law, by chance (seeded) or exactly (None)."""
    rng, rows = np.random.default_rng(seed), []
    for size in sizes:
        for draw in range(draws):
            pictures, error = LABELS - size, min(1.0, law(size))
            wrong = round(error * pictures) if seed is None else int(rng.binomial(pictures, error))
            row = {"labels": size, "draw": draw, "pictures": pictures, "exact": pictures - wrong}
            rows.append(row | {"cer": 0.0, "epochs": 1, "seconds": 1.0})
    return DrawFits.from_rows(rows)


def expected(fits: DrawFits) -> Expectation:
    return expectation(fits, LABELS, "5026", "compact")


@pytest.mark.parametrize(
    "law",
    [
        pytest.param(lambda n: 20 / n, id="steep"),
        pytest.param(lambda n: 2 * n**-0.5, id="flat"),
        pytest.param(lambda n: 10 / n + 0.02, id="with a floor"),
    ],
)
def test_the_band_holds_the_truth_at_twice_the_labels(law: Law) -> None:
    bands = [expected(fits_of(law, seed)).at(2 * LABELS) for seed in range(20)]
    truth = 1 - law(2 * LABELS)
    held = [band is not None and band.low <= truth <= band.high for band in bands]
    assert np.mean(held) >= 0.9
    assert max(band.high - band.low for band in bands if band) < 0.1


def test_what_was_measured_is_pooled_over_the_draws() -> None:
    points = measured_points(fits_of(lambda n: 20 / n, None), LABELS)
    assert [point.labels for point in points] == list(SIZES)
    assert (points[0].fits, points[0].pictures) == (3, 2850)
    assert points[0].exact_match == pytest.approx(0.6)
    assert points[0].low < 0.6 < points[0].high


def test_draws_that_differ_widen_the_interval() -> None:
    fits = fits_of(lambda n: 20 / n, None)
    other = fits.frame.assign(exact=[row.exact - 200 * (row.draw == 0) for row in fits.rows()])
    narrow, wide = (measured_points(f, LABELS)[0] for f in (fits, DrawFits.from_frame(other)))
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


@pytest.mark.parametrize(
    ("law", "why"),
    [
        (lambda n: 0.99, "only 0 of 5 sizes have begun to read"),
        (lambda n: 0.99 if n < 400 else 0.3, "only 2 of 5 sizes have begun to read"),
        (lambda n: 0.3, "the error falls in .* of the curves that fit"),
    ],
)
def test_where_nothing_can_be_told_the_reason_is(law: Law, why: str) -> None:
    found = expected(fits_of(law, 0))
    assert found.band == ()
    assert re.match(why, found.why)
    assert found.sentence().startswith("What more labels would bring cannot be told: ")


def test_a_network_that_reads_everything_is_expected_to_go_on() -> None:
    found = expected(fits_of(lambda n: 0.0, 0))
    band = found.at(2 * LABELS)
    assert band is not None
    assert band.low > 0.99
    assert "With 1,000 more labels expect " in found.sentence()
