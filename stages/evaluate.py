"""Reads the test split with the fitted network, and writes predictions, metrics and suspect labels."""

from captcha_ocr.base.quiet import quiet_native_logs
from captcha_ocr.network.lean_keras import import_keras

quiet_native_logs()
import_keras()

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.metrics import BeforeFit
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.splits import Side, Splits
from captcha_ocr.base.stage import run_stage
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import read_greedily
from captcha_ocr.evaluate.confidence import risk_coverage_table
from captcha_ocr.evaluate.metrics import all_metrics, confusion
from captcha_ocr.evaluate.readings import images_per_second, predictions_of
from captcha_ocr.evaluate.slices import slices
from captcha_ocr.evaluate.start import before_fit, texts_before
from captcha_ocr.evaluate.suspects import suspect_rows, suspects_of
from captcha_ocr.network.model_file import load_network
from captcha_ocr.network.samples import load_samples, read_pictures
from captcha_ocr.train.start import starting_network

TIMED = 1000  # test pictures by which the network's speed is measured


@dataclass(frozen=True)
class Arguments:
    pictures: Path
    manifest: Path
    splits: Path
    model: Path
    record: Path
    start: Path
    reports: Path


def suspects(
    side: Side, pictures: LabelledPictures, logits: NDArray[np.float32], record: RunRecord
) -> Iterator[dict[str, Any]]:
    codec = Codec(record.alphabet)
    readings = read_greedily(logits, codec, record.temperature)
    return suspect_rows(side, pictures.names, pictures.labels, readings, codec)


def compared_with_start(
    predictions: Predictions, pictures: LabelledPictures, record: RunRecord, start: Path
) -> BeforeFit | None:
    """None unless the fit started from a network that train.pretrained names."""
    network, weights = starting_network(record, start), record.pretrained_weights
    if network is None or weights is None:
        return None
    logits = read_pictures(network, pictures, record.input_size)
    texts = texts_before(logits, Codec(record.alphabet), weights.symbols)
    before = before_fit(predictions, pictures.names, texts, weights.source)
    print(before.sentence(), flush=True)
    return before


def main(args: Arguments) -> None:
    record, network = RunRecord.read(args.record), load_network(args.model)
    splits, shards, codec = Splits.read(args.splits), PictureShards(args.pictures), Codec(record.alphabet)
    test, validation = splits.side("test", shards), splits.side("validation", shards)
    doubtful = [*suspects("validation", validation, read_pictures(network, validation, record.input_size), record)]
    logits = read_pictures(network, test, record.input_size)
    doubtful += suspects("test", test, logits, record)
    predictions = predictions_of(test.names, test.labels, logits, codec, record.temperature)
    pairs = confusion(predictions)
    timed = load_samples(test.head(TIMED), record.input_size)
    before = compared_with_start(predictions, test, record, args.start)
    metrics = all_metrics(predictions, record, images_per_second(network, timed.inputs), before)
    artifacts = (
        suspects_of(doubtful),
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
