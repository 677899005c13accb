import numpy as np
import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.expect.draws import HELD_OUT, MOST_DRAWS, order, parts, sizes
from captcha_ocr.expect.plan import read_plan
from tests.modules import ROOT


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (939, [50, 100, 200, 400, 751]),
        (1250, [50, 100, 200, 400, 800, 1000]),
        (500, [50, 100, 200, 400]),
        (100, [12, 24, 48, 80]),
        (25, [3, 6, 12, 20]),
    ],
)
def test_each_size_doubles_and_a_fifth_remains_to_be_read(labels: int, found: list[int]) -> None:
    assert sizes(labels, first=50) == found
    assert found[-1] <= (1 - HELD_OUT) * labels


def test_too_few_labels_are_refused() -> None:
    with pytest.raises(CaptchaOcrError, match=r"24 labels .* label at least 25"):
        sizes(24, 50)


def test_the_draws_hold_out_parts_without_a_common_picture() -> None:
    labels = 103
    held_out = [set(order(labels, draw, seed=0)[-int(labels * HELD_OUT) :]) for draw in range(MOST_DRAWS)]
    assert all(sorted(order(labels, draw, 0)) == list(range(labels)) for draw in range(MOST_DRAWS))
    assert len(set.union(*held_out)) == MOST_DRAWS * int(labels * HELD_OUT)


@pytest.mark.parametrize("validation", [0.0, 0.1, 0.5])
def test_a_larger_size_adds_to_both_parts_of_the_smaller(validation: float) -> None:
    drawn = order(100, 0, seed=1)
    small, large = (parts(drawn[:count], validation) for count in (20, 40))
    if validation:
        assert all(set(a) <= set(b) for a, b in zip(small, large, strict=True))
        assert len(large[1]) == round(40 * validation)
    for training, chosen in (small, large):
        assert len(training) >= 1
        assert len(chosen) >= 1
        assert not set(training) & set(chosen)
    assert sorted(np.concatenate(large)) == sorted(drawn[:40])


def test_the_shipped_plan_is_read() -> None:
    assert read_plan(ROOT / "expect" / "params.yaml").first == 50
