"""A short YAML text can stand for gigabytes, or be nested deeper than Python can follow."""

import time
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.yaml_text import parse_yaml, read_yaml

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "more than 200,000 values"),
        ("[" * 100_000, "nested deeper than 50 levels"),
        ("".join(f"{' ' * n}a:\n" for n in range(2000)), "nested deeper than 50 levels"),
        ("a: &a [*a]", "what it is a part of"),
        ("a: " + "9" * 5000, "5000 digits"),
        ("a: 2024-13-45", "month must be in"),
        ('a: !!int ""', "a.yaml is not YAML"),
        ("a: !!timestamp x", "a.yaml is not YAML"),
        ("a: " + "9:" * 400 + "1.0", "a.yaml is not YAML"),
        ("a: !!python/object:os.system {}", "could not determine a constructor"),
        ("a: \x00", "control characters are not allowed"),
        ("? [a]\n: b", "unhashable"),
    ],
)
def test_what_would_exhaust_memory_or_end_in_a_traceback_is_refused_at_once(text: str, said: str) -> None:
    start = time.process_time()
    with pytest.raises(CaptchaOcrError, match=said):
        parse_yaml(text, "a.yaml")
    assert time.process_time() - start < 1


def test_anchors_and_merged_keys_are_read() -> None:
    text = "base: &base {x: 1, y: &list [1, 2]}\nmore: {<<: *base, x: 3}\nlist: *list"
    assert parse_yaml(text, "a") == {"base": {"x": 1, "y": [1, 2]}, "more": {"x": 3, "y": [1, 2]}, "list": [1, 2]}


@pytest.mark.parametrize(("content", "said"), [(b"a: \xff", "not UTF-8"), (None, "cannot be read")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(CaptchaOcrError, match=rf"a\.yaml.*{said}"):
        read_yaml(tmp_path / "a.yaml")
