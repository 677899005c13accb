"""Writes metrics over all pictures, each read by networks not trained on it, and the labels to check again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.base.files import replacing, write_json
from captcha_ocr.base.nested import numbers
from captcha_ocr.base.stage import run_stage
from captcha_ocr.crossval.files import FoldReadings, FoldRecord
from captcha_ocr.crossval.label_audit import read_verdicts
from captcha_ocr.crossval.out_of_fold import all_seeds, doubtful_labels, fit_rows, read_seed
from captcha_ocr.crossval.plan import read_plan
from captcha_ocr.crossval.plots import draw_doubtful, draw_judged
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.evaluate.confidence import calibration_errors, risk_coverage_table
from captcha_ocr.evaluate.metrics import reading_metrics
from captcha_ocr.params.params import load_params
from captcha_ocr.report.plots import save_figure
from captcha_ocr.report.reliability_plot import draw_reliability
from captcha_ocr.tracking.groups import group_runs

POOLED = {"samples", "cer", "exact_match"}
# Only for single seeds. Readings of one picture with several seeds are not independent: the interval would be too
# narrow.
INTERVAL = {"exact_match_low", "exact_match_high"}


@dataclass(frozen=True)
class Arguments:
    params: Path
    plan: Path
    pictures: Path
    manifest: Path
    audit: Path
    fits: Path
    output: Path


def chosen_metrics(predictions: Predictions, wanted: set[str]) -> dict[str, Any]:
    return reading_metrics(predictions).model_dump(include=wanted)


def main(args: Arguments) -> None:
    params, plan = load_params(args.params), read_plan(args.plan)
    codec, output = Codec(params.text.alphabet), args.output
    fits = [(seed, fold, args.fits / f"seed-{seed}-fold-{fold}") for seed in plan.seeds for fold in plan.folds]
    readings = [FoldReadings.read(path.with_suffix(".npz"), seed, fold) for seed, fold, path in fits]
    by_seed = {seed: read_seed([r for r in readings if r.seed == seed], codec) for seed in plan.seeds}
    predictions = all_seeds(list(by_seed.values()))
    rows = fit_rows(predictions, [FoldRecord.read(path.with_suffix(".json")) for _, _, path in fits])
    judged = read_verdicts(args.audit, Manifest.read(args.manifest))
    standing = predictions.where(~predictions.file.isin(judged.rejected))
    metrics = {
        "seeds": {
            str(seed): chosen_metrics(of_seed, POOLED | INTERVAL) | calibration_errors(of_seed).model_dump()
            for seed, of_seed in by_seed.items()
        },
        "all": chosen_metrics(predictions, POOLED) | calibration_errors(predictions).model_dump(),
        "labels_that_stand": chosen_metrics(standing, POOLED) | {"labels_fallen": len(judged.rejected)},
        "worst_fit": float(rows.exact_match.min()),
    }
    doubtful = doubtful_labels(predictions)
    for table in (predictions, rows, doubtful):
        table.write_to(output)
    with replacing(output / "risk_coverage.csv") as draft:
        risk_coverage_table(predictions).frame.drop(columns=["low", "high"]).to_csv(draft, index=False)
    write_json(output / "crossval.json", metrics)
    shards = PictureShards(args.pictures)
    save_figure(draw_doubtful(doubtful, shards), output / "audit.png")
    save_figure(draw_judged(judged, shards), output / "audited.png")
    save_figure(draw_reliability(predictions), output / "reliability.png")
    files = sorted(path for path in output.iterdir() if path.is_file() and not path.name.startswith("."))
    group_runs(params.register_.experiment, "crossval", [], numbers(metrics), files)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__, lambda args: "summary of cross-validation")
