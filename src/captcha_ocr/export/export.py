"""Exports a network to ONNX files, compares them with it, and measures them. Refuses a file that reads other texts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards
from captcha_ocr.artifacts.export_report import FLOAT32, INT8, ExportReport
from captcha_ocr.artifacts.parity import Parity
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.code_version import code_version
from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.greedy_decoder import GreedyReadings, read_greedily
from captcha_ocr.export.conversion import network_to_onnx
from captcha_ocr.export.measurement import DecodedPictures, LoadedFile, measure, objections_to_int8
from captcha_ocr.export.parity import check_empty_batch, compare, variants
from captcha_ocr.export.quantisation import quantised
from captcha_ocr.export.whole_graph import whole_graph, with_metadata
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import Params
from captcha_ocr.pictures.decoding import picture_pixels, pixels_of
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.recognizer import Recognizer


@dataclass(frozen=True)
class ExportedFiles:
    """`files` are the bytes of each file by precision; `report` says how they compare with the network."""

    files: dict[str, bytes]
    report: ExportReport


def _metadata(record: RunRecord, params: Params, precision: str) -> dict[str, Any]:
    """The metadata stored in the file; docs/reading.md describes the keys."""
    kept = record.model_dump(
        mode="json", include={"alphabet", "architecture", "data_digest", "temperature", "time_steps"}
    )
    return kept | {
        "image": asdict(record.input_size),
        "blank": BLANK,
        "precision": precision,
        "parameters": params.model_dump(by_alias=True) | {"train": record.train.model_dump()},
        **code_version().tags(),
    }


def _read(network: keras.Model, pixels: Sequence[NDArray[np.uint8]], record: RunRecord) -> GreedyReadings:
    """The network's readings of decoded pictures [H, W, C]."""
    inputs = np.stack([to_input(picture, record.input_size) for picture in pixels])
    return read_greedily(read_logits(network, inputs), Codec(record.alphabet), record.temperature)


def _decoded(pictures: LabelledPictures) -> DecodedPictures:
    return DecodedPictures([pixels_of(p.content, p.file) for p in pictures.pictures()], pictures.labels)


def _compare_variants(network: keras.Model, recognizer: Recognizer, picture: Picture, record: RunRecord) -> Parity:
    """Compares file and network on variants of one picture: of other size, shape and colours."""
    pictures = variants(picture)
    expected = _read(network, [picture_pixels(image, name) for name, image in pictures.items()], record)
    return compare(recognizer, list(pictures.values()), list(pictures), expected)


def _verdict(objections: list[str]) -> str:
    if not objections:
        return "int8 reads as well as float32: models/model.int8.onnx may be used in its place."
    return f"int8 should not be used: {'; '.join(objections)}."


def export(
    network: keras.Model, record: RunRecord, splits: Splits, shards: PictureShards, params: Params
) -> ExportedFiles:
    """Exports `network` in float32 and int8, and compares both with it on all validation and test pictures.

    The pictures are read from `shards`. Raises CaptchaOcrError if, at any batch size, the float32 file reads another
    text than the network or its probabilities differ by more than export.max_abs_diff, on these pictures or on variants
    of one; or if it accepts an empty batch.
    """
    validation, test = splits.side("validation", shards), splits.side("test", shards)
    contents, names = [*validation.contents(), *test.contents()], [*validation.names, *test.names]
    decoded_validation, decoded_test = _decoded(validation), _decoded(test)
    expected = _read(network, [*decoded_validation.pixels, *decoded_test.pixels], record)

    graph = network_to_onnx(network)
    training = load_samples(splits.side("train", shards), record.input_size)
    graphs = {FLOAT32: graph, INT8: quantised(graph, training.inputs[: params.export.calibration_pictures])}
    files, loaded, parity = {}, {}, {}
    for precision, network_graph in graphs.items():
        codec, size = Codec(record.alphabet), record.input_size
        whole = whole_graph(network_graph, codec, size, record.time_steps, record.temperature)
        files[precision] = with_metadata(whole, _metadata(record, params, precision)).SerializeToString()
        recognizer = Recognizer.from_bytes(files[precision], precision, threads=1)
        loaded[precision] = LoadedFile(recognizer, len(files[precision]))
        parity[precision] = compare(recognizer, contents, names, expected)
    parity[FLOAT32].raise_mismatch(params.export.max_abs_diff)
    of_variants = _compare_variants(network, loaded[FLOAT32].recognizer, next(validation.pictures()), record)
    of_variants.raise_mismatch(params.export.max_abs_diff)
    check_empty_batch(loaded[FLOAT32].recognizer)

    measured = measure(loaded, decoded_validation, decoded_test)
    objections = objections_to_int8(measured[FLOAT32], measured[INT8], params.export.int8_max_loss)
    return ExportedFiles(files, ExportReport(files=measured, parity=parity, verdict=_verdict(objections)))
