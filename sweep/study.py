"""Tries training parameters from the ranges in params.yaml, and stops trials that fall behind on the validation split.

The studies are kept in .sweep/, so that a killed sweep resumes. Reports are written to reports/sweep/. The test split
is not used.
"""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import argparse
import hashlib
import subprocess
import sys
from pathlib import Path

import optuna
from trial import Sweep, make_trial

from captcha_ocr.artifacts.paths import PARAMS, PROVENANCE, SPLITS
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.trials import best_trial, command, seconds_left
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.root import project_root
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.sweep.report import write_reports
from captcha_ocr.sweep.studies import ended_trials, open_study, sole_use
from captcha_ocr.sweep.trials import check_ranges, study_basis
from captcha_ocr.tracking.runs import data_tags
from captcha_ocr.tracking.sweeps import log_best, log_reports, study_run

REPORTS = Path("reports/sweep")


def open_sweep(folder: Path, params: Params, data_digest: str) -> optuna.Study:
    """Opens the study of these parameters and this split, and prints whether it is new, and why."""
    splits = hashlib.sha256(SPLITS.read_bytes()).hexdigest()
    others = {"text.alphabet": params.text.alphabet, "data": data_digest, "split": splits}
    basis = study_basis(params.sweep, complete_train_params(params.train), **others)
    study, differing = open_study(folder, basis, params.sweep)
    if ended := ended_trials(study):
        print(f"{study.study_name}: {len(ended)} of {params.sweep.trials} trials have ended", flush=True)
    else:
        why = f", because these differ from the last one: {', '.join(differing)}" if differing else ""
        print(f"{study.study_name}: a new study{why}", flush=True)
    return study


def report(study: optuna.Study, objective: str) -> None:
    """Writes the reports, and logs the best trial to the study's run."""
    write_reports(study, objective, REPORTS)
    trials = ended_trials(study)
    if best := best_trial(trials):
        log_best(best, objective, len(trials))


def progress(study: optuna.Study, params: Params) -> str:
    """The result of the last trial, the best one so far, and the estimated time for the rest, in one line."""
    trials = ended_trials(study)
    best, left = best_trial(trials), seconds_left(trials, params.sweep.trials) / 60
    lowest = f"; lowest: {best.value:.4g}, trial {best.number}" if best else ""
    return f"  {trials[-1].line(params.sweep.objective)}{lowest}; about {left:.0f} min to go"


def sweep_ranges(params: Params, folder: Path) -> None:
    """Makes the trials that are still missing, and writes the reports after each."""
    provenance, objective = Provenance.read(PROVENANCE), params.sweep.objective
    origin = data_tags(provenance)
    study = open_sweep(folder, params, provenance.content_digest)
    with study_run(study.study_name, params, origin, ended_trials(study)) as run_id:
        sweep = Sweep(folder, study.study_name, run_id, params, origin)
        while (number := len(ended_trials(study)) + 1) <= params.sweep.trials:
            make_trial(sweep, number)
            report(study, objective)
            print(progress(study, params), flush=True)
        report(study, objective)
        log_reports(REPORTS)
    trials = ended_trials(study)
    if (best := best_trial(trials)) is None:
        raise CaptchaOcrError(f"all {len(trials)} trials failed, the last one with: {trials[-1].error}")
    print(f"best: trial {best.number}, {objective} {best.value:.4g} on validation; table and plots: {REPORTS}/")
    print(command(best.values))


def main() -> None:
    params = load_params(PARAMS)
    check_ranges(params.train, params.sweep)
    if code := subprocess.run(["dvc", "repro", "--quiet", "split"], check=False).returncode:
        sys.exit(code)
    folder = project_root() / ".sweep"
    try:
        with sole_use(folder):
            sweep_ranges(params, folder)
    except KeyboardInterrupt:
        sys.exit("stopped: the next `make sweep` resumes")


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()  # there are no options but --help
    exit_on_error(main)
