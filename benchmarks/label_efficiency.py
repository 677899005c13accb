r"""Exact match on the test split against the number of training labels: the default against `keras_io`.

The labels are the first of a seeded permutation of the training split (run `make repro` first), and no other label is
used: the fits validate on the very pictures they learn from, and the example's last epoch counts. Each fit runs in a
fresh process. `compact` takes the recipe of params.yaml, `keras_io` that of keras_io_example.py beside this file.

Recipes are chosen on other pictures: `--on undrawn` reads the validation split and the training pictures that were not
drawn, and `--set` changes the recipe:

    python benchmarks/label_efficiency.py --architectures compact --sizes 50 --on undrawn --set pretrained=false \
      --output /tmp/scratch.json

Piece by piece, or side by side, as each result is merged into what the JSON file holds already:

    export TF_NUM_INTRAOP_THREADS=1
    python benchmarks/label_efficiency.py --architectures compact &
    python benchmarks/label_efficiency.py --architectures keras_io

Writes reports/benchmarks/label_efficiency.json, .csv and .png.
"""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import argparse
import itertools
import json
import os
import platform
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import keras_io_example
import numpy as np
import pandas as pd
import yaml
from matplotlib.figure import Figure

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import PARAMS, PICTURES, REPORTS, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.files import replacing, write_json
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.expect.fits import reading_of
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.samples import Samples, load_samples
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.params.recipe import TrainSection
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.train.train import train

KEY = ["architecture", "size", "draw"]
ALL = "all"
TEST, UNDRAWN = "test", "undrawn"  # the pictures to be judged by


def drawn(samples: Samples, size: str, draw: int) -> Samples:
    """`size` of the samples, the first of a permutation seeded with `draw`."""
    order = np.random.default_rng(draw).permutation(len(samples.labels))
    return samples.taken(order if size == ALL else order[: int(size)])


def split(input_size: InputSize, size: str, draw: int, on: str) -> tuple[Samples, Samples]:
    """The pictures to learn from and those to be judged by."""
    splits = Splits.read(SPLITS)
    shards = PictureShards(PICTURES)
    labelled = drawn(load_samples(splits.side("train", shards), input_size), size, draw)
    undrawn = splits.where((splits.split != "test") & ~splits.file.isin(labelled.files))
    judged = (
        undrawn.pictures(PictureShards(PICTURES)) if on == UNDRAWN else splits.side("test", PictureShards(PICTURES))
    )
    return labelled, load_samples(judged, input_size)


def fit(architecture: str, size: str, draw: int, params: Params, on: str) -> dict[str, Any]:
    """One fit and its metrics."""
    train_params = complete_train_params(params.train.model_copy(update={"architecture": architecture, "seed": draw}))
    codec = Codec(params.text.alphabet)
    labelled, test = split(train_params.input_size, size, draw, on)
    if architecture == "keras_io":
        # Its function returns no network: it reads the test split after each epoch, and the last reading counts.
        last = keras_io_example.fit(labelled, test, codec, train_params.input_size, draw, lambda epoch: False)[-1]
        cer, exact = last.val_cer, last.val_exact_match
    else:
        network = train(labelled, labelled, codec, train_params, lambda epoch: None).network
        exact, cer = reading_of(network, test, codec)
    row = {"architecture": architecture, "size": size, "draw": draw, "labels": len(labelled.labels)}
    return row | {"on": on, "pictures": len(test.labels), "exact_match": exact, "cer": cer}


def merged(rows: list[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    """`rows` with `new` in place of the row of the same architecture, size and draw, in a fixed order."""
    others = [row for row in rows if any(row[key] != new[key] for key in KEY)]
    return sorted([*others, new], key=lambda row: (row["architecture"], row["labels"], row["draw"]))


def plot(frame: pd.DataFrame, path: Path) -> None:
    """A line through the means of the draws, a dot for each."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    for name, rows in frame.groupby("architecture"):
        means = rows.groupby("labels")["exact_match"].mean() * 100
        (line,) = axes.plot(means.index, means, label=str(name))
        axes.plot(rows["labels"], rows["exact_match"] * 100, "o", color=line.get_color(), alpha=0.5)
    axes.set(xscale="log", xlabel="training labels", ylabel="exact match, %", ylim=(0, 101))
    ticks = sorted(set(frame["labels"]))
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)


def write(rows: list[dict[str, Any]], output: Path) -> None:
    frame = pd.DataFrame(rows)
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    means = frame.groupby(["architecture", "labels"])["exact_match"].agg(["mean", "min", "max", "count"]).reset_index()
    write_json(output, {"machine": machine, "fits": rows, "means": means.to_dict(orient="records")})
    with replacing(output.with_suffix(".csv")) as draft:
        frame.to_csv(draft, index=False)
    plot(frame, output.with_suffix(".png"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architectures", nargs="+", default=["compact", "keras_io"])
    parser.add_argument("--sizes", nargs="+", default=["50", "100", "200", "400", ALL])
    parser.add_argument("--draws", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--output", type=Path, default=REPORTS / "benchmarks" / "label_efficiency.json")
    parser.add_argument("--on", choices=[TEST, UNDRAWN], default=TEST)
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="of the section train")
    args = parser.parse_args()
    params = load_params(PARAMS)
    changes = {key: yaml.safe_load(value) for key, _, value in (change.partition("=") for change in args.set)}
    section = TrainSection.model_validate(params.train.model_dump() | changes)
    params = params.model_copy(update={"train": section})
    for job in itertools.product(args.architectures, args.sizes, args.draws):
        with get_context("spawn").Pool(1) as pool:  # a fresh process for each fit
            row = pool.apply(fit, (*job, params, args.on))
        rows = json.loads(args.output.read_text(encoding="utf-8"))["fits"] if args.output.exists() else []
        write(merged(rows, row), args.output)
        print(*job, f"exact match {row['exact_match']:.1%}, CER {row['cer']:.2%}", flush=True)


if __name__ == "__main__":
    exit_on_error(main)
