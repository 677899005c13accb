"""Reads the test split with the fitted network, and reports how well."""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

from captcha_ocr.base.files import read_json, write_csv, write_json
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.evaluate.confidence import confidence_metrics, risk_coverage_frame, selective_metrics
from captcha_ocr.evaluate.evaluation import compute_metrics, confusion, images_per_second, readings
from captcha_ocr.evaluate.slices import slices
from captcha_ocr.network.model_file import load_network
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import load_samples, read_splits
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.validate.manifest import read_manifest


def main() -> None:
    args = arguments(__doc__, paths="images manifest splits model record reports")
    record, reports = read_json(args.record), args.reports
    network = load_network(args.model)
    samples = load_samples(read_splits(args.splits), "test", args.images, InputSize(**record["image"]))
    logits, codec = read_logits(network, samples), Codec(record["alphabet"])
    predictions = readings(samples.files, samples.labels, logits, codec, record["temperature"])
    metrics = compute_metrics(predictions) | confidence_metrics(predictions) | selective_metrics(predictions, record)
    metrics |= {"images_per_second": images_per_second(network, samples)}
    pairs = confusion(predictions)
    write_csv(reports / "predictions.csv", predictions)
    write_csv(reports / "confusion.csv", pairs)
    write_csv(reports / "risk_coverage.csv", risk_coverage_frame(predictions))
    write_csv(reports / "slices.csv", slices(predictions, pairs, read_manifest(args.manifest), codec.alphabet))
    write_json(reports / "metrics.json", metrics)


if __name__ == "__main__":
    run(main)
