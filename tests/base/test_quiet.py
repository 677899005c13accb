import subprocess
import sys

import pytest

from captcha_ocr.base.quiet import drop_native_lines

CHATTER = b"I0000 00:00:1795224736.279434   17929 port.cc:153] oneDNN custom operations are on.\n"


@pytest.mark.parametrize(
    ("pending", "ready", "waiting"),
    [
        (CHATTER, b"", b""),
        (CHATTER[:20], b"", CHATTER[:20]),
        (b"Error: something\n", b"Error: something\n", b""),
        (b"Traceback (most recent call last):\n" + CHATTER, b"Traceback (most recent call last):\n", b""),
        (b"\rread:  50%|", b"\rread:  50%|", b""),
        (b"F0000 00:00:1795224736.279434   17929 port.cc:1] out of memory\n",) * 2 + (b"",),
    ],
)
def test_native_chatter_is_dropped_and_everything_else_passes(pending: bytes, ready: bytes, waiting: bytes) -> None:
    assert drop_native_lines(pending) == (ready, waiting)


def test_an_error_at_the_end_of_a_process_is_not_lost() -> None:
    code = (
        "import captcha_ocr.base.quiet, sys; captcha_ocr.base.quiet.quiet_native_logs(); sys.exit('error: last words')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "error: last words\n"
