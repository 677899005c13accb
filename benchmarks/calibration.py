"""Whether confidence is calibrated, on more pictures than one test split holds: several splits, one fit each.

Every seed splits the pictures of the pipeline anew (run `make repro` first) and fits the default network on them; the
temperature comes from that seed's validation split, the figures from its test split. Pooled, a picture may count more
than once, each time under a network that never saw it. With `--rendered N`, each seed is one fit on 840 rendered
look-alikes, with N more as test: of so many, chance spoils little. Writes reports/calibration.json.
"""

import argparse
import os
import platform
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from captcha_ocr.quiet import quiet_native_logs

quiet_native_logs()

import numpy as np
import pandas as pd

from captcha_ocr.core.calibration import (
    bins_of_equal_number,
    bins_of_equal_width,
    calibration_error,
    error_if_calibrated,
    text_confidences,
)
from captcha_ocr.core.codec import Codec
from captcha_ocr.core.ctc import greedy_decode
from captcha_ocr.core.params import Params, load_params
from captcha_ocr.core.splits import split_of
from captcha_ocr.data.files import write_json
from captcha_ocr.data.manifest import read_manifest
from captcha_ocr.data.samples import Samples, load_samples
from captcha_ocr.data.synthetic import render_captchas
from captcha_ocr.learning.reading import read_logits
from captcha_ocr.learning.training import train

RENDERED = (840, 100)  # to train and to validate on


def sides_of_split(params: Params, seed: int) -> list[Samples]:
    """Train, validation and test of the real pictures, split anew."""
    manifest, sides = read_manifest(Path("data/manifest.csv")), params.split.model_copy(update={"seed": seed})
    splits = manifest[["file", "label"]].assign(split=[split_of(d, sides) for d in manifest["pixels_sha256"]])
    return [load_samples(splits, side, Path("data/raw"), params.image) for side in ("train", "validation", "test")]


def sides_of_rendered(params: Params, count: int, seed: int) -> list[Samples]:
    """As many look-alikes to train and validate on as there are real pictures, and `count` to test."""
    with TemporaryDirectory() as folder:
        pictures = Path(folder) / "rendered"
        render_captchas(pictures, sum(RENDERED) + count, params.text, params.image, seed)
        files = np.random.default_rng(seed).permutation(sorted(path.name for path in pictures.iterdir()))
        sides = np.repeat(["train", "validation", "test"], [*RENDERED, count])
        splits = pd.DataFrame({"file": files, "label": [Path(name).stem for name in files], "split": sides})
        return [load_samples(splits, side, pictures, params.image) for side in ("train", "validation", "test")]


def read_test(sides: list[Samples], params: Params, seed: int) -> pd.DataFrame:
    """Fits; one row a test picture: exact, and the confidence before and after calibration."""
    training, validation, test = sides
    codec, recipe = Codec(params.text.alphabet), params.train.model_copy(update={"seed": seed})
    done = train(training, validation, codec, params.image, recipe, lambda epoch: None)
    logits, temperature = read_logits(done.network, test), done.record["temperature"]
    texts = greedy_decode(logits, codec)
    return pd.DataFrame(
        {
            "temperature": temperature,
            "exact": np.array(texts) == np.array(test.labels),
            "raw": text_confidences(logits, texts, codec, 1.0),
            "calibrated": text_confidences(logits, texts, codec, temperature),
        }
    )


def figures(rows: pd.DataFrame) -> dict[str, Any]:
    """Calibration errors of some test pictures."""
    exact, found = rows["exact"].to_numpy(), {}
    for name in ("raw", "calibrated"):
        confidences = rows[name].to_numpy()
        found[name] = {
            "mean_confidence": float(confidences.mean()),
            "ece": calibration_error(bins_of_equal_number(confidences, exact)),
            "ece_equal_width": calibration_error(bins_of_equal_width(confidences, exact)),
            "ece_by_chance": error_if_calibrated(confidences),
        }
    return {"pictures": len(rows), "exact_match": float(exact.mean()), **found}


def print_row(name: str, row: dict[str, Any]) -> None:
    """One line a seed."""
    parts = [
        f"{kind}: confidence {row[kind]['mean_confidence']:.2%}, ECE {row[kind]['ece']:.2%} (equal width "
        f"{row[kind]['ece_equal_width']:.2%}, by chance {row[kind]['ece_by_chance']:.2%})"
        for kind in ("raw", "calibrated")
    ]
    print(f"{name}: {row['pictures']} pictures, exact {row['exact_match']:.2%}; {'; '.join(parts)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--rendered", type=int, default=0, metavar="N")
    parser.add_argument("--output", type=Path, default=Path("reports/calibration.json"))
    args = parser.parse_args()
    params, tables, fits = load_params(Path("params.yaml")), [], []
    for seed in args.seeds:
        sides = sides_of_rendered(params, args.rendered, seed) if args.rendered else sides_of_split(params, seed)
        tables.append(read_test(sides, params, seed))
        temperature = float(tables[-1]["temperature"].iloc[0])
        fits.append({"seed": seed, "temperature": temperature, **figures(tables[-1])})
        print_row(f"seed {seed}, temperature {temperature:.2f}", fits[-1])
    pooled = figures(pd.concat(tables))
    print_row("pooled", pooled)
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    write_json(args.output, {"machine": machine, "rendered": args.rendered, "fits": fits, "pooled": pooled})


if __name__ == "__main__":
    main()
