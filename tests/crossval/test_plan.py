from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.crossval.plan import read_plan
from tests.modules import ROOT


def test_the_shipped_plan_is_read() -> None:
    assert read_plan(ROOT / "crossval" / "params.yaml").folds == (0, 1, 2, 3, 4)


@pytest.mark.parametrize("seeds", ["['$(touch x)']", "[-1]", "[1.5]", "[]", "['1']"])
def test_seeds_that_are_no_numbers_are_refused(tmp_path: Path, seeds: str) -> None:
    (tmp_path / "params.yaml").write_text(f"seeds: {seeds}\nfolds: [0, 1]\nvalidation: 0.1\n")
    with pytest.raises(CaptchaOcrError, match="seeds"):
        read_plan(tmp_path / "params.yaml")
