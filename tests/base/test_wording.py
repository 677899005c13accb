import pytest

from captcha_ocr.base.wording import interval, percent


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (percent(0.98765), "98.77 %"),
        (percent(1), "100.00 %"),
        (percent(0.5, digits=0), "50 %"),
        (interval(0.946, 0.99849), "94.6 to 99.8 %"),
        (interval(-0.05, 0, digits=2), "-5.00 to 0.00 %"),
    ],
)
def test_shares_are_written_as_percentages_with_as_many_digits_as_asked_for(said: str, wanted: str) -> None:
    assert said == wanted
