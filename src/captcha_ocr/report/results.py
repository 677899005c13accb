"""The sections on how well a model reads."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from captcha_ocr.evaluate.slices import SYMBOL
from captcha_ocr.report.document import Block, Chart, Gallery, Reading, Section, Table, Text
from captcha_ocr.report.facts import Facts
from captcha_ocr.report.plots import draw_confusion, draw_slices
from captcha_ocr.report.reliability_plot import draw_reliability
from captcha_ocr.report.words import interval, percent
from captcha_ocr.scoring.reliability import TARGET, pictures_to_prove

SHEET = "worst.png"


def results(facts: Facts) -> Section:
    """Exact match, CER and calibration of the test split."""
    metrics = facts.metrics
    rows = [
        ("pictures", f"{metrics['samples']:,}", ""),
        (
            "exact match",
            percent(metrics["exact_match"]),
            interval(metrics["exact_match_low"], metrics["exact_match_high"]),
        ),
        ("character error rate", percent(metrics["cer"]), ""),
        ("edits a picture", f"{metrics['mean_edit_distance']:.4f}", ""),
        ("expected calibration error", percent(metrics["ece"]), ""),
    ]
    return Section("Test split", [Table(("", "", "95 % interval"), rows)])


def _rows(slices: pd.DataFrame) -> Iterable[tuple[str, ...]]:
    for row in slices.itertuples():
        yield row.by, row.slice, f"{row.samples:,}", percent(row.share), interval(row.low, row.high)


def parts(facts: Facts) -> Section:
    """Slices of the test split, and which symbols are taken for which."""
    head = ("by", "", "samples", "right", "95 % interval")
    symbols = facts.slices["by"] == SYMBOL
    blocks: list[Block] = [
        Text("Pictures read exactly, and single symbols by position and by symbol. Small parts have wide intervals."),
        Chart(draw_slices(facts.slices), "slices.png", "Share read right in parts of the test split"),
        Table(head, list(_rows(facts.slices[~symbols]))),
        Table(head, list(_rows(facts.slices[symbols])), folded="Every symbol"),
        Chart(draw_confusion(facts.confusion), "confusion.png", "Confusion: true symbols by row, read ones by column"),
    ]
    return Section("Parts", blocks)


def _threshold(metrics: dict[str, Any], validation: int) -> str:
    above = metrics.get("above_threshold")
    if above is None:
        return (
            f"No threshold for {percent(TARGET, 1)} exact: of the {validation} validation pictures even the surest is "
            "misread."
        )
    set_at = (
        f"Threshold for {percent(TARGET, 1)} exact, set on the {validation} validation pictures: confidence "
        f"{above['threshold']:.4f}. Of the {metrics['samples']} test pictures {above['pictures']} reach it"
    )
    if not above["pictures"]:
        return f"{set_at}."
    return (
        f"{set_at}; {percent(above['exact_match'], 1)} of these are exact (95 % interval "
        f"{interval(above['exact_match_low'], above['exact_match_high'])}). To prove {percent(TARGET, 1)}, "
        f"{pictures_to_prove():,} pictures would have to be read without an error."
    )


def confidence(facts: Facts) -> Section:
    """Calibration, risk and coverage, and the threshold."""
    metrics = facts.metrics
    rows = [
        (
            percent(r.coverage, 0),
            str(r.pictures),
            f"{r.threshold:.4f}",
            percent(r.exact_match, 1),
            interval(r.low, r.high),
        )
        for r in facts.coverage.itertuples()
    ]
    error = (
        f"Expected calibration error {percent(metrics['ece'])} on {metrics['samples']} test pictures at temperature "
        f"{metrics['temperature']:.2f}; perfect calibration would by chance show {percent(metrics['ece_by_chance'])} "
        "on as many."
    )
    chart = Chart(
        draw_reliability(facts.predictions),
        "reliability.png",
        "Reliability: exactness by confidence; and exactness of the surest readings by coverage",
    )
    head = ("reading the surest", "pictures", "confidence at least", "exact", "95 % interval")
    threshold = _threshold(metrics, facts.record["samples"]["validation"])
    return Section("Confidence", [Text(error), chart, Table(head, rows), Text(threshold)])


def _readings(facts: Facts, predictions: pd.DataFrame) -> list[Reading]:
    return [Reading(facts.images / r.file, r.label, r.text, r.confidence) for r in predictions.itertuples()]


def pictures(facts: Facts) -> Section:
    """The misread pictures, then the right ones that were least sure."""
    shown = facts.predictions.head(facts.params.evaluate.worst)
    wrong, right = shown[shown["edit_distance"] > 0], shown[shown["edit_distance"] == 0]
    total = int((facts.predictions["edit_distance"] > 0).sum())
    blocks: list[Block] = [Text(f"Misread: {total} of {facts.metrics['samples']:,}.")]
    if len(wrong):
        blocks.append(Gallery(_readings(facts, wrong), SHEET, "Misread, worst first: label, reading and confidence"))
    if len(right):
        blocks.append(Gallery(_readings(facts, right), SHEET, "Read exactly, least sure first"))
    return Section("Pictures", blocks)


def exported(facts: Facts) -> Section:
    """The ONNX files, float32 beside int8, and whether they read what Keras reads."""
    rows = [
        (
            name,
            percent(f["exact_match"]),
            percent(f["cer"]),
            f"{f['bytes'] / 1000:,.0f} kB",
            *(f"{f['p50_ms'][batch]:.2f} / {f['p95_ms'][batch]:.2f} ms" for batch in ("1", "32")),
            *(f"{f['pictures_per_second'][batch]:,.0f}" for batch in ("1", "32")),
        )
        for name, f in facts.export["files"].items()
    ]
    head = ("file", "exact match", "CER", "size", "batch 1: median / 95th", "batch 32", "a second at 1", "at 32")
    against = facts.parity
    parity = (
        f"Against Keras on {against['samples']} pictures at batch {', '.join(map(str, against['batch_sizes']))}: "
        f"{against['text_mismatches']} texts differ, probabilities by at most {against['max_abs_diff']:.1g}."
    )
    measured = "Times of one thread, from decoded pixels to text."
    return Section("Exported files", [Table(head, rows), Text(measured), Text(facts.export["verdict"]), Text(parity)])
