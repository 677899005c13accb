"""The quoting of the Makefile: what users write, and the path of the checkout, reach the commands unchanged."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.modules import ROOT

# Prints its name and its arguments, each in brackets. As `python` it prints what the store's module would.
ECHO = """#!/bin/sh
case "$0 $*" in *"python -m captcha_ocr.tracking.store") printf 'sqlite:///a $5 "b".db'; exit;; esac
printf '%s' "${0##*/}"; for word; do printf '[%s]' "$word"; done; echo " store=${MLFLOW_TRACKING_URI:-}"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with an odd path, and with commands that print what they are given."""
    folder = tmp_path / "a b$5'\"#%41?ü;&"
    commands = folder / ".venv" / "bin"
    commands.mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("captcha-ocr", "dvc", "mlflow", "python"):
        (commands / name).write_text(ECHO)
        (commands / name).chmod(0o755)
    for name in ("requirements.lock", "pyproject.toml", ".venv/.ready"):
        (folder / name).touch()
    return folder


def made(checkout: Path, *words: str, **variables: str) -> str:
    """What a target prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "MLFLOW"))} | variables
    done = subprocess.run(
        ["make", "--silent", *words], cwd=checkout, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


REASONS = ['reads "7"', "it's #1: 100 %", "$(touch x) `touch y` $$HOME ${HOME}", "-x", "a\\"]


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_reaches_the_command_as_it_was_written(reason: str, checkout: Path) -> None:
    promoted = made(checkout, "promote", "VERSION=3", f"REASON={reason}")
    assert promoted == f"captcha-ocr[promote][--reason={reason}][--][3] store=\n"
    assert made(checkout, "rollback", f"REASON={reason}") == f"captcha-ocr[rollback][--reason={reason}] store=\n"
    assert made(checkout, "rollback", REASON=reason) == f"captcha-ocr[rollback][--reason={reason}] store=\n"


def test_a_comparison_can_be_limited_to_some_architectures_and_to_one_recipe(checkout: Path) -> None:
    said = made(checkout, "compare", "ARCHITECTURES=keras_io crnn_v1", "RECIPES=project")
    assert said == "python[benchmarks/architectures.py][keras_io][crnn_v1][--recipes][project] store=\n"
    assert made(checkout, "compare").endswith("[--recipes][own][project] store=\n")


def test_a_source_reaches_the_command_as_it_was_written(checkout: Path) -> None:
    assert made(checkout, "repro", 'SOURCE=a $(x) "b".zip') == (
        'captcha-ocr[adopt][--][a $(x) "b".zip] store=\ndvc[repro] store=\n'
    )
    assert made(checkout, "repro") == "dvc[repro] store=\n"


def test_mlflow_gets_the_store_that_the_project_has_made_ready(checkout: Path) -> None:
    store = 'sqlite:///a $5 "b".db'
    assert made(checkout, "ui") == f"mlflow[ui][--port][5000][--backend-store-uri][{store}] store=\n"
    assert made(checkout, "serve") == "captcha-ocr[serve][--port][5000] store=\n"
