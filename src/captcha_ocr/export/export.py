"""The files that ship: exported, checked against the trained network, and measured; refused where they differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.base.code_version import code_version
from captcha_ocr.base.files import replacing
from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.export.conversion import network_to_onnx
from captcha_ocr.export.measurement import FileFigures, measure, objections_to_int8
from captcha_ocr.export.parity import Expected, Parity, check_empty_batch, compare, expected, variants
from captcha_ocr.export.quantisation import quantised
from captcha_ocr.export.whole_graph import join, with_metadata
from captcha_ocr.network.model_file import load_network
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples, load_samples, read_splits, side_of
from captcha_ocr.params.params import Params
from captcha_ocr.pictures.decoding import picture_pixels, pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.recognizer import Recognizer

FLOAT32, INT8 = "float32", "int8"


@dataclass(frozen=True)
class Shipment:
    """Both files, how far each agrees with the network, and what each is worth."""

    files: dict[str, bytes]
    parity: dict[str, Parity]
    figures: dict[str, FileFigures]
    objections_to_int8: list[str]

    @property
    def verdict(self) -> str:
        """In words."""
        if not self.objections_to_int8:
            return "int8 keeps what float32 reads: models/model.int8.onnx may be used in its place."
        return f"int8 is not to be used: {'; '.join(self.objections_to_int8)}."


def _metadata(record: Mapping[str, Any], params: Params, precision: str) -> dict[str, Any]:
    kept = ("alphabet", "image", "architecture", "data_digest", "temperature", "time_steps")
    return {key: record[key] for key in kept} | {
        "blank": BLANK,
        "precision": precision,
        "parameters": params.model_dump(by_alias=True) | {"train": record["train"]},
        **code_version(),
    }


def _of_pictures(network: keras.Model, samples: Samples, codec: Codec, temperature: float) -> Expected:
    return expected(read_logits(network, samples), codec, temperature)


def _pixels(paths: list[Path]) -> list[NDArray[np.uint8]]:
    return [pixels_of(path, path.name) for path in paths]


def _check_variants(network: keras.Model, recognizer: Recognizer, path: Path, record: Mapping[str, Any]) -> Parity:
    pictures, image = variants(path), InputSize(**record["image"])
    inputs = np.stack([to_input(picture_pixels(picture, name), image) for name, picture in pictures.items()])
    samples = Samples(list(pictures), [""] * len(pictures), inputs)
    wanted = _of_pictures(network, samples, recognizer.codec, record["temperature"])
    return compare(recognizer, list(pictures.values()), list(pictures), wanted)


def build_shipment(
    network_path: Path, record: Mapping[str, Any], folder: Path, splits_path: Path, params: Params
) -> Shipment:
    """Exports `network_path` in float32 and int8, and compares both with it on all validation and test pictures.

    Raises CaptchaOcrError where the float32 file reads one text differently, at any batch size, or one picture that is
    twice as large, grey, half transparent or of a palette; or where it answers an empty batch.
    """
    network, image, codec = load_network(network_path), InputSize(**record["image"]), Codec(record["alphabet"])
    splits, temperature, limit = read_splits(splits_path), record["temperature"], params.export.max_abs_diff
    sides = [side_of(splits, side, folder) for side in ("validation", "test")]
    paths = [path for side in sides for path in side.paths]
    inputs = np.stack([to_input(pixels, image) for pixels in _pixels(paths)])
    names = [path.name for path in paths]
    wanted = _of_pictures(network, Samples(names, names, inputs), codec, temperature)

    network_graph = network_to_onnx(network)
    training = load_samples(splits, "train", folder, image).inputs[: params.export.calibration_pictures]
    graphs = {FLOAT32: network_graph, INT8: quantised(network_graph, training)}
    files, recognizers, parity = {}, {}, {}
    for precision, graph in graphs.items():
        whole = join(graph, codec, image, network.output_shape[1], temperature)
        files[precision] = with_metadata(whole, _metadata(record, params, precision)).SerializeToString()
        recognizers[precision] = Recognizer.of(files[precision], precision, threads=1)
        parity[precision] = compare(recognizers[precision], paths, names, wanted)
    parity[FLOAT32].raise_mismatch(limit)
    _check_variants(network, recognizers[FLOAT32], paths[0], record).raise_mismatch(limit)
    check_empty_batch(recognizers[FLOAT32])

    sized = {name: (recognizer, len(files[name])) for name, recognizer in recognizers.items()}
    validation, test = ((_pixels(side.paths), side.labels) for side in sides)
    figures = measure(sized, validation, test)
    against = objections_to_int8(figures[FLOAT32], figures[INT8], params.export.int8_max_loss)
    return Shipment(files, parity, figures, against)


def write_files(shipment: Shipment, targets: Mapping[str, Path]) -> None:
    """Each file under its name, whole or not at all."""
    for precision, path in targets.items():
        with replacing(path) as draft:
            draft.write_bytes(shipment.files[precision])
