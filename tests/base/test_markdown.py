import pytest

from captcha_ocr.base.markdown import code


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("ab1", "`ab1`"),
        (0.05, "`0.05`"),
        ("", "`∅`"),
        ("a|b", "`a\\|b`"),
        ("a`b", "``a`b``"),
        ("``", "``` `` ```"),
        ("@all\n<img>", "`@all\\n<img>`"),
    ],
)
def test_no_symbol_of_a_value_means_anything(value: object, span: str) -> None:
    assert code(value) == span
