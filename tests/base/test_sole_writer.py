import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.sole_writer import sole_writer

HOLD = """
import sys, time
from pathlib import Path
from captcha_ocr.base.sole_writer import sole_writer
with sole_writer(Path(sys.argv[1]), "the stage train", "the outputs"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_of_the_first_until_that_is_killed(tmp_path: Path) -> None:
    lock = tmp_path / "locks" / "outputs.lock"
    first = subprocess.Popen([sys.executable, "-c", HOLD, lock], stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    first.stdout.readline()
    said = rf"^the stage train \(process {first.pid}, since [\d-]+ [\d:]+\) is writing the outputs: wait"
    with pytest.raises(CaptchaOcrError, match=said), sole_writer(lock, "the stage fetch", "the outputs"):
        pass
    first.kill()
    first.wait()
    with sole_writer(lock, "the stage fetch", "the outputs"):
        assert re.match(rf"the stage fetch \(process {os.getpid()},", lock.with_suffix(".holder").read_text())


STAGE = """
import os, time
from captcha_ocr.base.parent import end_with_dvc
end_with_dvc()
print(os.getpid(), flush=True)
time.sleep(60)
"""


def ends_within(process: int, seconds: float) -> bool:
    """Whether a process ends in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("shell", ["exec ", "true; "])
def test_a_stage_ends_when_the_dvc_that_has_started_it_is_killed(shell: str, tmp_path: Path) -> None:
    """DVC starts a stage by a shell, which waits for it or becomes it."""
    script = tmp_path / "stage.py"
    script.write_text(STAGE)
    starts = f"import subprocess; subprocess.run(['sh', '-c', '{shell}{sys.executable} {script}; :'])"
    environment = os.environ | {"DVC_STAGE": "train"}
    dvc = subprocess.Popen([sys.executable, "-c", starts], stdout=subprocess.PIPE, text=True, env=environment)
    assert dvc.stdout is not None
    stage = int(dvc.stdout.readline())
    dvc.kill()
    dvc.wait()
    ended = ends_within(stage, 5)
    if not ended:
        os.kill(stage, signal.SIGKILL)
    assert ended
