"""Which wrong labels are found: `python benchmarks/suspects.py`.

Renders look-alikes, plants wrong labels in all sides of the split, fits by the recipe of params.yaml, and looks for
suspect labels in validation and test. Half of the planted labels differ in one symbol, and the others are those of
another picture. Training and calibration see the wrong labels, as they would in a data set of unknown quality. The
limits in evaluate/suspects.py were chosen with a look at seed 0. Writes reports/benchmarks/suspects.json.
"""

import argparse
import os
import platform
import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import numpy as np

from captcha_ocr.artifacts.paths import PARAMS, REPORTS
from captcha_ocr.artifacts.splits import Side
from captcha_ocr.base.files import write_json
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import read_greedily
from captcha_ocr.evaluate.suspects import suspect_rows
from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.scoring.metrics import Proportion
from captcha_ocr.train.train import train

SIZE = InputSize(200, 50)
SHARES: dict[Side, float] = {"train": 0.6, "validation": 0.2, "test": 0.2}
JUDGED: tuple[Side, Side] = ("validation", "test")
OUTPUT = REPORTS / "benchmarks" / "suspects.json"


def planted(labels: Sequence[str], share: float, alphabet: str, rng: random.Random) -> list[str]:
    """The labels, of which `share` are wrong."""
    found = list(labels)
    for number, index in enumerate(rng.sample(range(len(labels)), round(share * len(labels)))):
        label = labels[index]
        place, others = rng.randrange(len(label)), [label_ for label_ in labels if label_ != label]
        symbol = rng.choice([symbol for symbol in alphabet if symbol != label[place]])
        found[index] = label[:place] + symbol + label[place + 1 :] if number % 2 else rng.choice(others)
    return found


def rendered(count: int, params: Params, size: InputSize, seed: int) -> Samples:
    """Look-alikes at the network's input size, with their true labels."""
    with TemporaryDirectory() as temporary:
        render_captchas(Path(temporary) / "pictures", count, params.text, SIZE, seed)
        paths = sorted((Path(temporary) / "pictures").iterdir())
        inputs = [to_input(pixels_of(path, path.name), size) for path in paths]
        return Samples([path.name for path in paths], [path.stem for path in paths], np.stack(inputs))


def _chosen(samples: Samples, labels: Sequence[str], rows: Any) -> Samples:
    files, labels = [samples.files[i] for i in rows], [labels[i] for i in rows]
    return Samples(files, labels, samples.inputs[rows], samples.sizes[rows])


def sides(samples: Samples, labels: Sequence[str], rng: random.Random) -> dict[Side, Samples]:
    """The pictures at random on the sides of the split, with the given labels."""
    order = rng.sample(range(len(labels)), len(labels))
    ends = np.cumsum([round(share * len(labels)) for share in SHARES.values()])
    rows = dict(zip(SHARES, np.split(order, ends[:-1]), strict=True))
    return {side: _chosen(samples, labels, chosen) for side, chosen in rows.items()}


def measure(count: int, share: float, seed: int) -> dict[str, Any]:
    """What is found with one seed."""
    params, rng = load_params(PARAMS), random.Random(seed)
    train_params, codec = complete_train_params(params.train), Codec(params.text.alphabet)
    samples = rendered(count, params, train_params.input_size, seed)
    truth = dict(zip(samples.files, samples.labels, strict=True))
    parts = sides(samples, planted(samples.labels, share, codec.alphabet, rng), rng)
    fitted = train(parts["train"], parts["validation"], codec, train_params, lambda _: None)
    wrong, found, read = set(), set(), []
    for side in JUDGED:
        part = parts[side]
        readings = read_greedily(read_logits(fitted.network, part.inputs), codec, fitted.record.temperature)
        wrong |= {file for file, label in zip(part.files, part.labels, strict=True) if truth[file] != label}
        found |= {row["file"] for row in suspect_rows(side, part.files, part.labels, readings, codec)}
        read += [text == truth[file] for file, text in zip(part.files, readings.texts, strict=True)]
    return {
        "seed": seed,
        "pictures": len(read),
        "read_right": sum(read),
        "wrong": len(wrong),
        "found": len(wrong & found),
        "stand": len(found - wrong),
        "temperature": round(fitted.record.temperature, 3),
        "confidence_threshold": fitted.record.confidence_threshold,
    }


def _share(found: int, of: int) -> dict[str, Any] | None:
    return asdict(Proportion.of([True] * found + [False] * (of - found))) if of else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--share", type=float, default=0.05, help="of the labels that is wrong")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    args = parser.parse_args()
    fits = []
    for seed in args.seeds:
        fits.append(measure(args.pictures, args.share, seed))
        print(fits[-1], flush=True)
    wrong, found, stand = (sum(fit[key] for fit in fits) for key in ("wrong", "found", "stand"))
    result = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "fits": fits,
        "recall": _share(found, wrong),
        "precision": _share(found, found + stand),
    }
    write_json(OUTPUT, result)
    print(f"{found} of {wrong} wrong labels found, and {stand} that stand")


if __name__ == "__main__":
    exit_on_error(main)
