"""What reaches a terminal or a log."""

import io
import sys
from collections.abc import Callable

import pytest

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.base.terminal import visible, visible_lines
from tests.hostile import HARMLESS, HOSTILE

OBEYED = {chr(code) for code in (*range(32), *range(127, 160), *range(0x2028, 0x202F), *range(0x2066, 0x206A))}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_in_a_text_controls_a_terminal(text: str) -> None:
    assert not OBEYED & set(visible(text))
    assert not OBEYED - set("\n\t") & set(visible_lines(text))
    visible(text).encode()


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == visible_lines(text) == text


def test_what_is_obeyed_is_shown_as_in_python() -> None:
    assert visible("a\tb\n\x1b[2J\u202e\udcff") == r"a\tb\n\x1b[2J\u202e\udcff"
    assert listed(["a\nb", "c"]) == r"a\nb, c"


def written(monkeypatch: pytest.MonkeyPatch, name: str, main: Callable[[], None]) -> bytes:
    """What `main` writes to the stream `name`, in ASCII."""
    content = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, name, io.TextIOWrapper(content, "ascii", write_through=True))
        exit_on_error(main)
        return content.getvalue()


def test_all_that_a_stage_prints_can_be_shown_in_any_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    said = written(monkeypatch, "stdout", lambda: print("é\x1b[2J\udcff", "a\nb\tc"))
    assert said == rb"\xe9\x1b[2J\udcff" + b" a\nb\tc\n"


def test_a_progress_bar_may_overwrite_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def progress() -> None:
        for chunk in ("\rread: 5 %", "\n", "\x1b[A", "\rread: \x1b[2J"):
            sys.stderr.write(chunk)

    assert written(monkeypatch, "stderr", progress) == b"\rread: 5 %\n\x1b[A\rread: " + rb"\x1b[2J"


def test_an_error_s_message_is_shown_likewise() -> None:
    def fail() -> None:
        raise CaptchaOcrError("a\x1b[2J.png:\nremove it")

    with pytest.raises(SystemExit) as ended:
        exit_on_error(fail)
    assert ended.value.code == "error: a\\x1b[2J.png:\nremove it"
