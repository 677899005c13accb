import numpy as np
import pytest
from PIL import Image

from captcha_ocr.pretraining.kaptcha_style import kaptcha_picture

BLANK = Image.new("L", (200, 50))


def dark(picture: np.ndarray) -> np.ndarray:
    return picture < 0.4


def test_the_curves_lie_where_kaptcha_puts_them() -> None:
    """From a tenth of the width to nine tenths, the second one right across."""
    for seed in range(20):
        columns = dark(kaptcha_picture(BLANK, np.random.default_rng(seed))).any(axis=0)
        assert not columns[:10].any()
        assert columns[30:160].mean() > 0.5
        assert not columns[190:].any()


def test_water_blurs_the_middle_and_leaves_the_ends_sharp() -> None:
    """Rows of a stripe change from column to column only where the rings are."""
    stripe = Image.new("L", (200, 50))
    stripe.paste(255, (0, 15, 200, 35))
    roughness = []
    for seed in range(20):
        picture = kaptcha_picture(stripe, np.random.default_rng(seed))
        change = np.abs(np.diff(dark(picture).sum(axis=0).astype(int)))
        roughness.append((change[80:120].mean(), change[:10].mean()))
    middle, end = np.mean(roughness, axis=0)
    assert middle > 4 * end


@pytest.mark.parametrize("height", [32, 100])
def test_everything_grows_with_the_height(height: int) -> None:
    page = Image.new("L", (4 * height, height))
    small = np.mean([dark(kaptcha_picture(BLANK, np.random.default_rng(seed))).mean() for seed in range(20)])
    other = np.mean([dark(kaptcha_picture(page, np.random.default_rng(seed))).mean() for seed in range(20)])
    assert other == pytest.approx(small, rel=0.25)
