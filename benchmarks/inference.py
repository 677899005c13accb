"""From PNG bytes to text, one process on one core: the exported files against what others would use.

    python benchmarks/inference.py --keras-io models/keras_io.keras

- this project's file, float32 and int8, one picture a call and 32
- the `keras_io` architecture: exported to ONNX, with pre- and post-processing in Python; and in Keras's `predict`.
  Without a fitted network (`--keras-io`) its weights are random: as fast, and no exact match is shown
- ddddocr and tesseract, where they are installed (`pip install --no-deps ddddocr`; Debian: `tesseract-ocr`)

All read all pictures that the pipeline fetched (run `make repro` first). Contenders take turns at blocks of pictures,
so that a busy moment of the machine meets all of them. They do not take turns at single calls, as those of
base/timing.py do: each call would find the processor's caches full of another contender's weights, which no reader of
pictures does. Exact match is over all pictures, most of which the networks learnt from: it shows that a contender
works, not how well. Writes reports/benchmarks/inference.json.
"""

import os

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # before any library counts the cores

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import argparse
import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession
from PIL.Image import Resampling

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import MODEL, MODEL_INT8, PARAMS, PICTURES, REPORTS, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.files import write_json
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.export.conversion import network_to_onnx
from captcha_ocr.network.architectures import keras_io
from captcha_ocr.network.model_file import load_network
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.opening import open_picture
from captcha_ocr.recognizer import Recognizer

BLOCK = 32
PEER = "keras_io in ONNX, Python around it"
Read = Callable[[Sequence[bytes]], list[str]]


class Contender:
    """Reads the bytes of `batch` pictures a call; keeps texts and the seconds of each call."""

    def __init__(self, name: str, batch: int, read: Read, fitted: bool = True) -> None:
        self.name, self.batch, self.read, self.fitted = name, batch, read, fitted
        self.texts: list[str] = []
        self.seconds: list[float] = []

    def take(self, block: Sequence[bytes]) -> None:
        """One block, call by call."""
        for start in range(0, len(block), self.batch):
            started = time.perf_counter()
            self.texts += self.read(block[start : start + self.batch])
            self.seconds.append(time.perf_counter() - started)

    def metrics(self, labels: Sequence[str]) -> dict[str, Any]:
        """Milliseconds of a call, pictures a second, and the share read exactly."""
        exact = float(np.mean([text == label for text, label in zip(self.texts, labels, strict=True)]))
        return {
            "contender": self.name,
            "batch": self.batch,
            "pictures_per_second": len(labels) / sum(self.seconds),
            "p50_ms": 1000 * float(np.percentile(self.seconds, 50)),
            "p95_ms": 1000 * float(np.percentile(self.seconds, 95)),
            "exact_match": exact if self.fitted else None,
        }


def own(path: Path) -> Read:
    recognizer = Recognizer.load(path, threads=1)
    return lambda pictures: [reading.text for reading in recognizer.read(pictures, len(pictures))]


def grey(picture: bytes) -> NDArray[np.uint8]:
    """As a consumer of the plain network prepares a picture: the network takes 50 × 200 grey levels."""
    image = open_picture(picture, "a picture").convert("L")
    width, height = keras_io.RECIPE.width, keras_io.RECIPE.height
    if image.size != (width, height):
        image = image.resize((width, height), Resampling.BILINEAR)
    return np.asarray(image)[:, :, None]


def keras_io_readers(network: keras.Model, codec: Codec) -> tuple[Read, Read]:
    """By ONNX Runtime, and by Keras."""
    session = InferenceSession(network_to_onnx(network).SerializeToString(), providers=["CPUExecutionProvider"])

    def by_onnx(pictures: Sequence[bytes]) -> list[str]:
        (logits,) = session.run(None, {"input": np.stack([grey(picture) for picture in pictures])})
        return greedy_decode(logits, codec)

    def by_keras(pictures: Sequence[bytes]) -> list[str]:
        return greedy_decode(network.predict(np.stack([grey(picture) for picture in pictures]), verbose=0), codec)

    return by_onnx, by_keras


def ddddocr_reader() -> Read | None:
    try:
        import ddddocr  # type: ignore[import-not-found]  # installed for this benchmark only
    except ImportError:
        return None
    reader = ddddocr.DdddOcr(show_ad=False)
    return lambda pictures: [reader.classification(picture).lower() for picture in pictures]


def tesseract_reader(alphabet: str) -> Read | None:
    if shutil.which("tesseract") is None:
        return None
    command = ["tesseract", "-", "-", "--psm", "7", "-c", f"tessedit_char_whitelist={alphabet}"]

    def read(pictures: Sequence[bytes]) -> list[str]:
        done = [subprocess.run(command, input=picture, capture_output=True, check=True) for picture in pictures]
        return [one.stdout.decode().strip().replace(" ", "") for one in done]

    return read


def contenders(keras_io_path: Path | None, codec: Codec) -> tuple[list[Contender], list[str]]:
    """Those that can run here, and the names of those that cannot."""
    network = (
        load_network(keras_io_path) if keras_io_path else keras_io.build(keras_io.RECIPE.input_size, codec.classes)
    )
    fitted = keras_io_path is not None
    by_onnx, by_keras = keras_io_readers(network, codec)
    found, absent = [], []
    for name, path in (("file, float32", MODEL), ("file, int8", MODEL_INT8)):
        found += [Contender(name, batch, own(path)) for batch in (1, BLOCK)]
    found += [Contender(PEER, 1, by_onnx, fitted), Contender(PEER, BLOCK, by_onnx, fitted)]
    found += [Contender("keras_io in Keras predict", 1, by_keras, fitted)]
    for name, reader in (("ddddocr", ddddocr_reader()), ("tesseract", tesseract_reader(codec.alphabet))):
        if reader:
            found.append(Contender(name, 1, reader))
        else:
            absent.append(name)
    return found, absent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keras-io", type=Path, help="a fitted network of that architecture (models/model.keras)")
    parser.add_argument("--pictures", type=int, help="the first so many only")
    parser.add_argument("--output", type=Path, default=REPORTS / "benchmarks" / "inference.json")
    args = parser.parse_args()
    every = Splits.read(SPLITS).pictures(PictureShards(PICTURES))
    pictures, labels = list(islice(every.contents(), args.pictures)), every.labels[: args.pictures]
    found, absent = contenders(args.keras_io, Codec(load_params(PARAMS).text.alphabet))
    for contender in found:
        contender.read(pictures[: contender.batch])  # warms up
    for start in range(0, len(pictures), BLOCK):
        for contender in found:
            contender.take(pictures[start : start + BLOCK])
    rows = [contender.metrics(labels) for contender in found]
    peers = {row["contender"]: row["pictures_per_second"] for row in rows if row["batch"] == 1}
    for row in rows:
        row["times_keras_io"] = row["pictures_per_second"] / peers[PEER]
        exact = "" if row["exact_match"] is None else f"{row['exact_match']:.1%} exact"
        print(
            f"{row['contender']:36} batch {row['batch']:2}  {row['pictures_per_second']:7.0f} a second  "
            f"p50 {row['p50_ms']:7.2f} ms  p95 {row['p95_ms']:7.2f} ms  {row['times_keras_io']:5.1f} ×  {exact}"
        )
    for name in absent:
        print(f"{name}: not installed, skipped")
    machine = f"{platform.machine()}, one core"
    write_json(args.output, {"machine": machine, "pictures": len(pictures), "rows": rows, "absent": absent})


if __name__ == "__main__":
    exit_on_error(main)
