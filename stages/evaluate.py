"""Reads the test split with the fitted network, and reports how well."""

from captcha_ocr.quiet import quiet_native_logs

quiet_native_logs()

import pandas as pd

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.params import ImageParams, load_params
from captcha_ocr.data.files import read_json, write_csv, write_json, write_text
from captcha_ocr.data.samples import load_samples, read_splits
from captcha_ocr.delivery.confidence import confidence_metrics, risk_coverage_frame
from captcha_ocr.delivery.evaluation import compute_metrics, confusion, images_per_second, predict
from captcha_ocr.delivery.figures import draw_confusion, draw_history, draw_readings
from captcha_ocr.delivery.reliability import draw_reliability
from captcha_ocr.delivery.summary import summarise
from captcha_ocr.learning.saved import load_network
from captcha_ocr.stage import arguments, run


def main() -> None:
    args = arguments(__doc__, paths="params images splits provenance model record history reports")
    params, record, reports = load_params(args.params), read_json(args.record), args.reports
    network = load_network(args.model)
    samples = load_samples(read_splits(args.splits), "test", args.images, ImageParams(**record["image"]))
    predictions = predict(network, samples, Codec(record["alphabet"]), record["temperature"])
    metrics = compute_metrics(predictions) | confidence_metrics(predictions, record)
    metrics |= {"images_per_second": images_per_second(network, samples)}
    pairs, coverage = confusion(predictions), risk_coverage_frame(predictions)
    write_csv(reports / "predictions.csv", predictions)
    write_csv(reports / "confusion.csv", pairs)
    write_csv(reports / "risk_coverage.csv", coverage)
    write_json(reports / "metrics.json", metrics)
    write_text(reports / "report.md", summarise(metrics, read_json(args.provenance), record, predictions, coverage))
    draw_history(pd.read_csv(args.history), reports / "history.png")
    draw_reliability(predictions, reports / "reliability.png")
    draw_confusion(pairs, reports / "confusion.png")
    draw_readings(predictions, args.images, params.evaluate.worst, reports / "worst.png")


if __name__ == "__main__":
    run(main)
