"""Figures over all pictures, each read by a network that never saw it, and the labels to look at again."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from captcha_ocr.base.files import read_json, write_csv, write_json
from captcha_ocr.base.nested import numbers
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.crossval.label_audit import fallen, read_verdicts
from captcha_ocr.crossval.out_of_fold import FoldReadings, disagreements, read_seed
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.evaluate.confidence import confidence_metrics, risk_coverage_frame
from captcha_ocr.evaluate.evaluation import compute_metrics
from captcha_ocr.params.params import load_params
from captcha_ocr.report.plots import draw_audited, draw_disagreements, save_figure
from captcha_ocr.report.reliability_plot import draw_reliability
from captcha_ocr.tracking.groups import group_runs
from captcha_ocr.validate.manifest import read_manifest

POOLED = ("samples", "cer", "exact_match")
# Intervals only within a seed: several readings of one picture are not independent, and theirs would be too narrow.
INTERVAL = ("exact_match_low", "exact_match_high")


def figures(predictions: pd.DataFrame, wanted: tuple[str, ...]) -> dict[str, Any]:
    metrics = compute_metrics(predictions)
    return {name: metrics[name] for name in wanted}


def fit_rows(predictions: pd.DataFrame, records: list[dict[str, Any]]) -> pd.DataFrame:
    """One row a fit: what it read of its held-out fold, and what it took."""
    columns = ["seed", "fold", "epochs", "best_epoch", "seconds"]
    exact = predictions.assign(exact=predictions["edit_distance"] == 0).groupby(["seed", "fold"])["exact"]
    held_out = exact.agg(samples="size", exact_match="mean").reset_index()
    return pd.DataFrame(records)[columns].merge(held_out)


def main() -> None:
    args = arguments(__doc__, paths="params plan images manifest audit fits output")
    params, plan = load_params(args.params), yaml.safe_load(Path(args.plan).read_text(encoding="utf-8"))
    codec, output = Codec(params.text.alphabet), args.output
    fits = [(seed, fold, args.fits / f"seed-{seed}-fold-{fold}") for seed in plan["seeds"] for fold in plan["folds"]]
    read = [FoldReadings.load(path.with_suffix(".npz"), seed, fold) for seed, fold, path in fits]
    by_seed = {seed: read_seed([r for r in read if r.seed == seed], codec) for seed in plan["seeds"]}
    predictions = pd.concat(by_seed.values(), ignore_index=True)
    rows = fit_rows(predictions, [read_json(path.with_suffix(".json")) for _, _, path in fits])
    verdicts = read_verdicts(args.audit, read_manifest(args.manifest))
    standing = ~predictions["file"].isin(fallen(verdicts))
    metrics = {
        "seeds": {
            str(seed): figures(frame, POOLED + INTERVAL) | confidence_metrics(frame) for seed, frame in by_seed.items()
        },
        "all": figures(predictions, POOLED) | confidence_metrics(predictions),
        "labels_that_stand": figures(predictions[standing], POOLED) | {"labels_fallen": len(fallen(verdicts))},
        "worst_fit": float(rows["exact_match"].min()),
    }
    doubtful = disagreements(predictions)
    write_csv(output / "predictions.csv", predictions)
    write_csv(output / "fits.csv", rows)
    write_csv(output / "audit.csv", doubtful)
    write_csv(output / "risk_coverage.csv", risk_coverage_frame(predictions).drop(columns=["low", "high"]))
    write_json(output / "crossval.json", metrics)
    save_figure(draw_disagreements(doubtful, args.images), output / "audit.png")
    save_figure(draw_audited(verdicts, args.images), output / "audited.png")
    save_figure(draw_reliability(predictions), output / "reliability.png")
    files = sorted(path for path in output.iterdir() if path.is_file() and not path.name.startswith("."))
    group_runs(params.register_.experiment, "crossval", [], numbers(metrics), files)


if __name__ == "__main__":
    run(main)
