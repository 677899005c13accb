"""Ends a stage together with the `dvc` that has started it."""

import os
import sys
import threading

import psutil

SHELLS = {"sh", "ash", "bash", "dash", "fish", "ksh", "zsh"}


def _dvc() -> psutil.Process | None:
    """The process that has started this one. DVC does so through a shell, which may wait in between."""
    parent = psutil.Process().parent()
    return parent.parent() if parent and parent.name() in SHELLS else parent


def _end_after(process: psutil.Process) -> None:
    process.wait()
    try:
        print("error: dvc has ended, and this stage ends with it: run `dvc repro` again", file=sys.stderr, flush=True)
    finally:  # whoever read the output may be gone as well
        os._exit(1)


def end_with_dvc() -> None:
    """Ends this process as soon as the `dvc` that has started it ends. Does nothing if DVC has not started it.

    If `dvc` is killed, its stage would otherwise run on, and the next `dvc repro` beside it.
    """
    if "DVC_STAGE" in os.environ and (dvc := _dvc()):
        threading.Thread(target=_end_after, args=(dvc,), daemon=True).start()
