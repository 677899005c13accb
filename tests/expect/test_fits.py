"""Fits on draws of a small set of pictures, for an epoch."""

from pathlib import Path

import pytest
from PIL import Image

from captcha_ocr.artifacts.expectation import DrawFits
from captcha_ocr.artifacts.paths import PICTURES, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.expect.fits import DrawFit, drawable, fit_draw, missing, planned
from captcha_ocr.expect.plan import Plan
from tests.examples import FIT
from tests.packed import packed, png

LABELS = 40
PLAN = Plan(first=8, draws=2, seed=0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Pictures of a, b, ab and ba: a tenth of them validates, a fifth tests. The test pictures cannot be decoded."""

    rows, pictures = [], {}
    for number in range(50):
        side = "test" if number >= LABELS else "validation" if number % 8 == 0 else "train"
        file = f"{number:02}.png"
        rows.append({"file": file, "label": ("a", "b", "ab", "ba")[number % 4], "split": side})
        picture = png(Image.new("RGB", (64, 16), (number, 0, 0)))
        pictures[file] = (picture if side != "test" else b"damaged", None, None)
    packed(tmp_path / PICTURES, pictures)
    Splits.from_rows(rows).write(tmp_path / SPLITS)
    return tmp_path


def test_a_fit_reads_what_it_did_not_draw_and_no_test_picture(project: Path) -> None:
    params = FIT.train.model_copy(update={"epochs": 1, "epoch_steps": 2, "pretrained": False})
    row = fit_draw(DrawFit(8, 1), PLAN.seed, "ab", params, project)
    assert (row["labels"], row["draw"], row["pictures"], row["epochs"]) == (8, 1, LABELS - 8, 1)
    assert 0 <= row["exact"] <= row["pictures"]
    assert len(DrawFits.from_rows([row])) == 1


def test_what_has_been_fitted_is_not_fitted_again() -> None:
    jobs = planned(PLAN, LABELS)
    assert [(job.labels, job.draw) for job in jobs] == [(8, 0), (8, 1), (16, 0), (16, 1), (32, 0), (32, 1)]
    rows = [{"labels": 8, "draw": 1, "pictures": 32, "exact": 3, "cer": 0.5, "epochs": 1, "seconds": 1.0}]
    assert missing(jobs, DrawFits.from_rows(rows).rows()) == [job for job in jobs if job != DrawFit(8, 1)]


def test_the_test_split_is_not_drawn(project: Path) -> None:
    assert len(drawable(Splits.read(project / SPLITS))) == LABELS
    with pytest.raises(CaptchaOcrError, match="too few"):
        planned(PLAN, 10)
