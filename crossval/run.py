"""Runs the fits of crossval/dvc.yaml in parallel, as many as cores and memory allow, and then the summary.

Each fit is a DVC stage: fits that are up to date are not repeated, so an interrupted run resumes.
"""

import argparse
import itertools
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.crossval.plan import read_plan
from captcha_ocr.fetch.foreign_files import check_outputs

PIPELINE = Path("crossval/dvc.yaml")
FIT_BYTES = 3 * 2**30  # memory of one fit, with a reserve
CORES_PER_FIT = (
    1  # batches are small: two fits in parallel, on a core each, are faster than one after the other on two cores
)


def workers(fits: int) -> int:
    """How many of `fits` fits run at the same time."""
    memory = psutil.virtual_memory().available // FIT_BYTES
    return int(max(1, min(fits, (os.cpu_count() or 1) // CORES_PER_FIT, memory)))


def repro(target: str, *options: str, **environment: str) -> int:
    """Runs `dvc repro` with further environment variables; returns its exit code. Its output is not captured."""
    command = ["dvc", "repro", "--quiet", *options, target]
    return subprocess.run(command, env=os.environ | environment, check=False).returncode


def main() -> None:
    check_outputs(PIPELINE)
    plan = read_plan(Path("crossval/params.yaml"))
    fits = [f"crossval/dvc.yaml:fit@{s}-{f}" for s, f in itertools.product(plan.seeds, plan.folds)]
    count = workers(len(fits))
    threads = str(max(1, (os.cpu_count() or 1) // count))
    print(f"{len(fits)} fits, {count} at a time", flush=True)
    if repro("validate"):
        sys.exit(1)
    with ThreadPoolExecutor(count) as pool:
        codes = list(pool.map(lambda fit: repro(fit, "--single-item", TF_NUM_INTRAOP_THREADS=threads), fits))
    sys.exit(1 if any(codes) else repro("crossval/dvc.yaml"))


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # there are no options but --help
    exit_on_error(main)
