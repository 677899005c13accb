"""Exports a network to ONNX files, compares them with it, and measures them. Refuses a file that reads other texts."""

from collections.abc import Mapping, Sequence
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
from captcha_ocr.export.measurement import LoadedFile, SideReadings, measure, objections_to_int8
from captcha_ocr.export.parity import Compared, check_empty_batch, compare, compare_files, merged, variants
from captcha_ocr.export.portions import portions
from captcha_ocr.export.quantisation import quantised
from captcha_ocr.export.whole_graph import whole_graph, with_metadata
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import Params
from captcha_ocr.pictures.decoding import picture_pixels
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
        mode="json", include={"alphabet", "architecture", "data_digest", "network_sha256", "temperature", "time_steps"}
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


def _exported(network: keras.Model, record: RunRecord, training: LabelledPictures, params: Params) -> dict[str, bytes]:
    """The bytes of the file of each precision; the ranges of 8-bit activations are measured on training pictures."""
    calibration = load_samples(training.head(params.export.calibration_pictures), record.input_size)
    graph = network_to_onnx(network)
    files = {}
    for precision, network_graph in {FLOAT32: graph, INT8: quantised(graph, calibration.inputs)}.items():
        codec, size = Codec(record.alphabet), record.input_size
        whole = whole_graph(network_graph, codec, size, record.time_steps, record.temperature)
        files[precision] = with_metadata(whole, _metadata(record, params, precision)).SerializeToString()
    return files


def _side_readings(pictures: LabelledPictures, compared: Mapping[str, Compared]) -> SideReadings:
    return SideReadings(pictures.labels, {name: found.texts for name, found in compared.items()})


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
    files = _exported(network, record, splits.side("train", shards), params)
    loaded = {
        precision: LoadedFile(Recognizer.from_bytes(content, precision, threads=1), len(content))
        for precision, content in files.items()
    }
    recognizers = {precision: file.recognizer for precision, file in loaded.items()}
    of_validation, of_test = (
        compare_files(recognizers, lambda pixels: _read(network, pixels, record), portions(pictures))
        for pictures in (validation, test)
    )
    parity = {precision: merged([of_validation[precision].parity, of_test[precision].parity]) for precision in files}
    parity[FLOAT32].raise_mismatch(params.export.max_abs_diff)
    of_variants = _compare_variants(network, recognizers[FLOAT32], next(validation.pictures()), record)
    of_variants.raise_mismatch(params.export.max_abs_diff)
    check_empty_batch(recognizers[FLOAT32])

    timed = next(portions(test)).pixels
    measured = measure(loaded, _side_readings(validation, of_validation), _side_readings(test, of_test), timed)
    objections = objections_to_int8(measured[FLOAT32], measured[INT8], params.export.int8_max_loss)
    return ExportedFiles(files, ExportReport(files=measured, parity=parity, verdict=_verdict(objections)))
