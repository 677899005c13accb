"""Names the remedy where DVC has ended because a kill damaged a file of its own: `python -m captcha_ocr.cli.dvc_state`.

DVC names the file, and no remedy. `make repro` runs this after it has failed.
"""

import json
from pathlib import Path

from captcha_ocr.artifacts.dvc_lock import locked_stages
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.stage import exit_on_error

IN_USE = Path(".dvc/tmp/rwlock")  # the files that each `dvc` process reads and writes just now


def check_dvc_state() -> None:
    """Raises CaptchaOcrError if dvc.lock or DVC's list of files in use is damaged."""
    locked_stages()
    if not IN_USE.exists():
        return
    try:
        json.loads(IN_USE.read_bytes())
    except ValueError as error:
        raise CaptchaOcrError(
            f"{IN_USE} is damaged ({error}), as a kill of dvc may leave it: delete it while no dvc runs, and run the "
            "command again"
        ) from None


if __name__ == "__main__":
    exit_on_error(check_dvc_state)
