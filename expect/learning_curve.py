"""Fits networks on ever more of the labels for training and validation, and says what twice as many would bring.

Fits that have ended are kept in .cache/expect/, so that an interrupted run resumes. Reports are written to
reports/expect/, and into the page of the report if it is of the same pictures. The test split is not used.
"""

from captcha_ocr.base.quiet import quiet_native_logs
from captcha_ocr.network.lean_keras import import_keras

quiet_native_logs()
import_keras()

import argparse
import os
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path

import psutil

from captcha_ocr.artifacts.expectation import FOLDER, PLOT, DrawFits, Expectation
from captcha_ocr.artifacts.paths import PARAMS, PROVENANCE, RECORD, SPLITS
from captcha_ocr.artifacts.paths import REPORTS as PIPELINE_REPORTS
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.artifacts.start import FOLDER as START
from captcha_ocr.artifacts.start import Start
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.sole_writer import sole_writer
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.base.wording import duration
from captcha_ocr.expect.curve import expectation
from captcha_ocr.expect.fits import DrawFit, drawable, fit_draw, missing, planned
from captcha_ocr.expect.plan import Plan, read_plan
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.report.learning_curve import draw_learning_curve
from captcha_ocr.report.plots import save_figure
from captcha_ocr.train.checkpoint import fit_key

FIT_BYTES = 3 * 2**30  # memory of one fit, with a reserve


def workers(fits: int) -> int:
    """How many fits run at the same time: one on each core, as far as the memory allows."""
    memory = psutil.virtual_memory().available // FIT_BYTES
    return int(max(1, min(fits, os.cpu_count() or 1, memory)))


def announced(fits: int, at_once: int, train: TrainParams) -> str:
    """How long the fits will take, judged by the pipeline's own fit, if there is one of the same architecture."""
    try:
        record = RunRecord.read(RECORD)
    except CaptchaOcrError:
        return "the first fits will tell how long"
    if record.architecture != train.architecture:
        return "the first fits will tell how long"
    return f"about {duration(fits * record.seconds / at_once)} if each takes as long as the pipeline's own"


def end_with_parent() -> None:
    """Ends this process as soon as the one that has started it ends, however that may be."""
    parent = parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def progress(row: dict[str, float], done: int, of: int) -> str:
    share = 100 * row["exact"] / row["pictures"]
    return f"{done} of {of}: {row['labels']:.0f} labels, {share:.1f} % exact, {row['seconds']:.0f} s"


def make_fits(jobs: list[DrawFit], plan: Plan, params: Params, train: TrainParams, file: Path) -> DrawFits:
    """Makes the fits that `file` lacks, several at a time, and notes each there as soon as it has ended."""
    done = DrawFits.read(file) if file.exists() else DrawFits.from_rows([])
    rows, todo = [row._asdict() for row in done.rows()], missing(jobs, done.rows())
    count = workers(len(todo))
    if todo:
        print(
            f"{len(todo)} of {len(jobs)} fits to make, {count} at a time; {announced(len(todo), count, train)}",
            flush=True,
        )
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(max(1, (os.cpu_count() or 1) // count)))
    # A process for each fit, because TensorFlow frees the memory of one only when its process ends.
    with ProcessPoolExecutor(count, get_context("spawn"), end_with_parent, max_tasks_per_child=1) as pool:
        fits = [pool.submit(fit_draw, job, plan.seed, params.text.alphabet, train) for job in todo]
        try:
            for fit in fits:
                rows.append(fit.result())
                DrawFits.from_rows(sorted(rows, key=lambda row: (row["labels"], row["draw"]))).write(file)
                print(progress(rows[-1], len(rows), len(jobs)), flush=True)
        except BaseException as error:
            pool.shutdown(wait=False, cancel_futures=True)
            if isinstance(error, BrokenProcessPool):
                raise CaptchaOcrError(
                    "the process of a fit was killed, perhaps for lack of memory: free memory; the next `make expect` "
                    "resumes"
                ) from None
            raise
    return DrawFits.read(file)


def write(fits: DrawFits, found: Expectation, experiment: str) -> None:
    """Writes the reports, and logs them to a run of their own."""
    from captcha_ocr.tracking.groups import group_runs  # imports MLflow, which the processes of the fits do not need

    fits.write_to(FOLDER)
    found.write_to(FOLDER)
    save_figure(draw_learning_curve(found), FOLDER / PLOT)
    metrics = {f"exact_match_at_{point.labels}": point.exact_match or 0.0 for point in found.points}
    if twice := found.at(2 * found.labels):
        metrics |= {"expected_low": twice.low, "expected_high": twice.high}
    files = [FOLDER / name for name in (DrawFits.file_name, Expectation.file_name, PLOT)]
    group_runs(experiment, "expect", [], metrics, files)


def expect(params: Params, plan: Plan) -> None:
    train = complete_train_params(params.train)
    draws = plan.model_copy(update={"first": 4, "draws": 2})  # a fit depends on the seed alone
    key = fit_key(SPLITS, Start.read_from(START), params.text, train, draws)
    folder, labels = Path(".cache/expect") / key, len(drawable(Splits.read(SPLITS)))
    with sole_writer(folder / "lock", "make expect", f"the fits in {folder}"):
        jobs = planned(plan, labels)
        wanted = {(job.labels, job.draw) for job in jobs}
        fits = make_fits(jobs, plan, params, train, folder / DrawFits.file_name)
        fits = fits.where([(row.labels, row.draw) in wanted for row in fits.rows()])
    digest = Provenance.read(PROVENANCE).content_digest
    found = expectation(fits, labels, digest, train.architecture)
    write(fits, found, params.register_.experiment)
    print(f"{found.sentence()} Table and plot: {FOLDER}/", flush=True)


def main() -> None:
    params, plan = load_params(PARAMS), read_plan(Path("expect/params.yaml"))
    if code := subprocess.run(["dvc", "repro", "--quiet", "split"], check=False).returncode:
        sys.exit(code)
    try:
        expect(params, plan)
    except KeyboardInterrupt:
        sys.exit("stopped: the next `make expect` resumes")
    if (PIPELINE_REPORTS / "report.html").exists():  # DVC knows no dependency that need not be there
        command = ["dvc", "repro", "--quiet", "--single-item", "--force", "report"]
        sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # there are no options but --help
    exit_on_error(main)
