import pytest
import yaml

from captcha_ocr.adopt.rewriting import with_values
from captcha_ocr.base.errors import CaptchaOcrError
from tests.modules import ROOT

SHIPPED = (ROOT / "params.yaml").read_text(encoding="utf-8")
TEXT = """\
# head
a:
  short: ""     # what it is
  plain: word   # another
  empty:        # nothing yet

  block:        # several
  - - 1
    - 2
  - [3, 4]
  # above
  last: [1]
"""


def test_equal_values_leave_every_byte_as_it_is() -> None:
    assert with_values(SHIPPED, {"text.min_length": 5, "validate.sizes": [[200, 50]], "train.width": None}) == SHIPPED


def test_only_the_value_changes_and_its_comment_keeps_its_column() -> None:
    changed = with_values(SHIPPED, {"text.alphabet": "01", "validate.modes": ["L", "1"], "train.width": 96})
    before, after = SHIPPED.splitlines(), changed.splitlines()
    different = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert [b.split("#")[0].rstrip() for _, b in different] == ['  alphabet: "01"', "  modes: [L, '1']", "  width: 96"]
    assert all(a.index("#") == b.index("#") and a.split("#")[1] == b.split("#")[1] for a, b in different)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("ab", '  short: "ab"   # what it is'),
        ("0123", '  short: "0123"  # what it is'),
        ('"\\# :', '  short: "\\"\\\\# :"  # what it is'),
        ("é\u2028", '  short: "é\\L"  # what it is'),
        ("\x7f", '  short: "\\x7F"  # what it is'),
        ("x" * 200, f'  short: "{"x" * 200}"  # what it is'),
    ],
)
def test_any_text_is_written_on_one_line_and_read_again(value: str, line: str) -> None:
    changed = with_values(TEXT, {"a.short": value})
    assert changed.splitlines()[2] == line
    assert yaml.safe_load(changed)["a"]["short"] == value


def test_a_plain_text_stays_plain_where_it_may() -> None:
    assert "  plain: other  # another\n" in with_values(TEXT, {"a.plain": "other"})
    assert "  plain: '1'    # another\n" in with_values(TEXT, {"a.plain": "1"})


def test_lists_over_several_lines_and_empty_values_are_replaced() -> None:
    changed = with_values(TEXT, {"a.block": [[5, 6]], "a.empty": 1})
    assert yaml.safe_load(changed)["a"] == {"short": "", "plain": "word", "empty": 1, "block": [[5, 6]], "last": [1]}
    assert changed.endswith("  block: [[5, 6]]\n  # above\n  last: [1]\n")


def test_line_ends_and_a_byte_order_mark_are_kept() -> None:
    windows = "\ufeff" + TEXT.replace("\n", "\r\n")
    assert with_values(windows, {"a.last": [2]}) == windows.replace("last: [1]", "last: [2]")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match=r"has no key a\.other"):
        with_values(TEXT, {"a.other": 1})
