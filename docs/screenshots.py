"""Pictures of MLflow's own page with this project's runs, for the documentation: `make screenshots`.

Starts a tracking server on the store, opens it in headless Chromium with the columns that are worth looking at, and
writes docs/mlflow_runs.png and docs/mlflow_run.png. Needs Chromium on the path and at least one run.
"""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from playwright.sync_api import Page, ViewportSize, sync_playwright

from captcha_ocr.artifacts.paths import PARAMS
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.params.params import load_params
from captcha_ocr.tracking.store import find_store

COLUMNS = (
    "tags.`dvc_experiment`",
    "params.`train.architecture`",
    "params.`train.epochs`",
    "params.`split.seed`",
    "metrics.`test.exact_match`",
    "metrics.`test.exact_match_low`",
    "metrics.`test.cer`",
    "metrics.`test.ece`",
    "tags.`data_origin`",
)
WIDTHS = dict.fromkeys(COLUMNS, 128)
VIEWPORT: ViewportSize = {"width": 1740, "height": 620}
STARTING_SECONDS = 60


@contextmanager
def served() -> Iterator[str]:
    """The address of a server on the store, which ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    words = [
        "mlflow",
        "server",
        "--port",
        str(port),
        "--workers",
        "1",
        "--backend-store-uri",
        mlflow.get_tracking_uri(),
    ]
    process = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Until the server answers."""
    for _ in range(STARTING_SECONDS):
        try:
            urllib.request.urlopen(f"{address}/health", timeout=1)
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(1)
        else:
            return
    raise CaptchaOcrError(f"mlflow server did not answer at {address}: see what `make ui` says")


def page_state(experiment: str) -> dict[str, str]:
    """What MLflow's page keeps in the browser about an experiment: the columns, and the runs below parents shown."""
    state = {"selectedColumns": COLUMNS, "columnWidths": WIDTHS, "orderByKey": "attributes.start_time"}
    return {
        f'MLflowLocalStorage-1.1-ExperimentPage-["{experiment}"]-ReactComponentState': json.dumps(state),
        f"MLflowLocalStorage-1.1-ExperimentView-{experiment}-expandRows": "true",
        "mlflow.assistant.fab.autoOpenedOnFirstLoad_v1": "true",
        "mlflow.assistant.panelOpen_v1": "false",
    }


def take(page: Page, address: str, wanted: str, file: Path) -> None:
    """A picture of the page once it shows `wanted`."""
    page.goto(address)
    page.get_by_text(wanted).first.wait_for()
    page.wait_for_timeout(3000)  # tables and charts are drawn after their heads
    page.screenshot(path=file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path("docs"))
    folder, name = parser.parse_args().output, load_params(PARAMS).register_.experiment
    find_store()
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None:
        raise CaptchaOcrError(f"the store has no experiment {name}: run `make repro` first")
    (newest,) = MlflowClient().search_runs([experiment.experiment_id], "metrics.`test.exact_match` >= 0", max_results=1)
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    with served() as address, sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"]).new_page(viewport=VIEWPORT)
        for key, value in page_state(experiment.experiment_id).items():
            page.add_init_script(f"localStorage.setItem({json.dumps(key)}, {json.dumps(value)})")
        runs = f"{address}/#/experiments/{experiment.experiment_id}/runs"
        take(page, runs, "exact_match", folder / "mlflow_runs.png")
        take(page, f"{runs}/{newest.info.run_id}", newest.info.run_name, folder / "mlflow_run.png")


if __name__ == "__main__":
    exit_on_error(main)
