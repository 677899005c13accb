"""Reads the test split with the fitted network, and writes predictions and metrics."""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.stage import run_stage
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.evaluate.confidence import risk_coverage_table
from captcha_ocr.evaluate.metrics import all_metrics, confusion
from captcha_ocr.evaluate.readings import images_per_second, predictions_of
from captcha_ocr.evaluate.slices import slices
from captcha_ocr.network.model_file import load_network
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import load_samples


@dataclass(frozen=True)
class Arguments:
    pictures: Path
    manifest: Path
    splits: Path
    model: Path
    record: Path
    reports: Path


def main(args: Arguments) -> None:
    record, network = RunRecord.read(args.record), load_network(args.model)
    samples = load_samples(Splits.read(args.splits).side("test", PictureShards(args.pictures)), record.input_size)
    logits, codec = read_logits(network, samples.inputs), Codec(record.alphabet)
    predictions = predictions_of(samples.files, samples.labels, logits, codec, record.temperature)
    pairs = confusion(predictions)
    metrics = all_metrics(predictions, record, images_per_second(network, samples.inputs))
    artifacts = (
        metrics,
        predictions,
        pairs,
        risk_coverage_table(predictions),
        slices(predictions, pairs, Manifest.read(args.manifest), codec.alphabet),
    )
    for artifact in artifacts:
        artifact.write_to(args.reports)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
