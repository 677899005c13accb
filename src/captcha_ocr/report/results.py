"""The report's sections on accuracy, confidence, slices and exported files."""

from collections.abc import Iterable, Mapping

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.metrics import Metrics
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.slices import SYMBOL, Slices
from captcha_ocr.base.wording import interval, percent
from captcha_ocr.report.document import Block, Chart, Gallery, Reading, Section, Table, Text
from captcha_ocr.report.plots import draw_confusion, draw_slices
from captcha_ocr.report.reliability_plot import draw_reliability
from captcha_ocr.scoring.selective import TARGET, pictures_to_prove

SHEET = "worst.png"  # the contact sheet of the worst readings


def metrics_section(run: PipelineResults) -> Section:
    """Exact match, CER and calibration error of the test split."""
    metrics = run.metrics
    rows = [
        ("pictures", f"{metrics.samples:,}", ""),
        ("exact match", percent(metrics.exact_match), interval(metrics.exact_match_low, metrics.exact_match_high)),
        ("character error rate", percent(metrics.cer), ""),
        ("edits per picture", f"{metrics.mean_edit_distance:.4f}", ""),
        ("expected calibration error", percent(metrics.ece), ""),
    ]
    before: list[Block] = [Text(metrics.before_fit.sentence() + ".")] if metrics.before_fit else []
    return Section("Test split", [Table(("", "", "95 % interval"), rows), *before])


def _readings(predictions: Predictions, contents: Mapping[str, bytes]) -> list[Reading]:
    return [Reading(r.file, contents[r.file], r.label, r.text, r.confidence) for r in predictions.rows()]


def pictures_section(run: PipelineResults, shards: PictureShards) -> Section:
    """The worst readings: the misread pictures, then those read exactly with the lowest confidence."""
    shown = run.predictions.head(run.params.evaluate.worst)
    contents = shards.contents(shown.file.tolist())
    wrong, exact = shown.where(~shown.exact), shown.where(shown.exact)
    blocks: list[Block] = [Text(f"Misread: {int((~run.predictions.exact).sum())} of {run.metrics.samples:,}.")]
    if len(wrong):
        caption = "Misread, worst first: label, reading and confidence"
        blocks.append(Gallery(_readings(wrong, contents), SHEET, caption))
    if len(exact):
        blocks.append(Gallery(_readings(exact, contents), SHEET, "Read exactly, lowest confidence first"))
    return Section("Pictures", blocks)


def _threshold(metrics: Metrics, validation: int) -> str:
    """The confidence threshold and its result on the test split, in words; `validation` is a number of pictures."""
    above = metrics.above_threshold
    if above is None:
        return (
            f"No threshold for {percent(TARGET, 1)} exact: even the most confident reading of the {validation} "
            "validation pictures is wrong."
        )
    set_at = (
        f"Threshold for {percent(TARGET, 1)} exact, set on the {validation} validation pictures: confidence "
        f"{above.threshold:.4f}. Of the {metrics.samples} test pictures {above.pictures} reach it"
    )
    if above.exact_match is None or above.exact_match_low is None or above.exact_match_high is None:
        return f"{set_at}."
    return (
        f"{set_at}; {percent(above.exact_match, 1)} of these are exact (95 % interval "
        f"{interval(above.exact_match_low, above.exact_match_high)}). To prove {percent(TARGET, 1)}, "
        f"{pictures_to_prove():,} pictures would have to be read without an error."
    )


def confidence_section(run: PipelineResults) -> Section:
    """Calibration, risk and coverage, and the confidence threshold."""
    metrics = run.metrics
    error = (
        f"Expected calibration error {percent(metrics.ece)} on {metrics.samples} test pictures at temperature "
        f"{metrics.temperature:.2f}; with perfect calibration, chance would give {percent(metrics.ece_by_chance)} "
        "on average."
    )
    chart = Chart(
        draw_reliability(run.predictions),
        "reliability.png",
        "Reliability: share of exact readings by confidence, and by the share of pictures that are read",
    )
    rows = [
        (
            percent(r.coverage, 0),
            str(r.pictures),
            f"{r.threshold:.4f}",
            percent(r.exact_match, 1),
            interval(r.low, r.high),
        )
        for r in run.risk_coverage.rows()
    ]
    head = ("share read, most confident first", "pictures", "confidence at least", "exact", "95 % interval")
    threshold = _threshold(metrics, run.record.samples.validation)
    return Section("Confidence", [Text(error), chart, Table(head, rows), Text(threshold)])


def _slice_rows(slices: Slices) -> Iterable[tuple[str, ...]]:
    for row in slices.rows():
        yield row.by, row.slice, f"{row.samples:,}", percent(row.share), interval(row.low, row.high)


def slices_section(run: PipelineResults) -> Section:
    """Accuracy in parts of the test split, and which symbols are confused."""
    head = ("by", "", "samples", "correct", "95 % interval")
    symbols = run.slices.by == SYMBOL
    blocks: list[Block] = [
        Text("Pictures read exactly, and single symbols by position and by symbol. Small parts have wide intervals."),
        Chart(draw_slices(run.slices), "slices.png", "Share read correctly in parts of the test split"),
        Table(head, list(_slice_rows(run.slices.where(~symbols)))),
        Table(head, list(_slice_rows(run.slices.where(symbols))), folded="Every symbol"),
        Chart(draw_confusion(run.confusion), "confusion.png", "Confusion: true symbols by row, read ones by column"),
    ]
    return Section("Parts", blocks)


def exported_files_section(run: PipelineResults) -> Section:
    """Accuracy, size and speed of the ONNX files, float32 beside int8, and their parity with Keras."""
    rows = [
        (
            name,
            percent(file.exact_match),
            percent(file.cer),
            f"{file.bytes / 1000:,.0f} kB",
            *(f"{file.p50_ms[batch]:.2f} / {file.p95_ms[batch]:.2f} ms" for batch in (1, 32)),
            *(f"{file.pictures_per_second[batch]:,.0f}" for batch in (1, 32)),
        )
        for name, file in run.export.files.items()
    ]
    head = (
        *("file", "exact match", "CER", "size"),
        *(f"batch {batch}: median / 95th percentile" for batch in (1, 32)),
        *(f"batch {batch}: pictures/s" for batch in (1, 32)),
    )
    parity = (
        f"Against Keras on {run.parity.samples} pictures at batch {', '.join(map(str, run.parity.batch_sizes))}: "
        f"{run.parity.text_mismatches} texts differ, probabilities by at most {run.parity.max_abs_diff:.1g}."
    )
    times = "Times are for one thread, from decoded pixels to text."
    return Section("Exported files", [Table(head, rows), Text(times), Text(run.export.verdict), Text(parity)])
