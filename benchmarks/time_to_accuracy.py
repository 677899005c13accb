"""Seconds of fitting until 98 % of the validation pictures are read exactly: the default against `keras_io`.

All see the pipeline's own split (run `make repro` first), one after the other, each in a fresh process, so that
compilation counts. The default takes the recipe of params.yaml, and once more without the weights that it starts from;
`keras_io` takes that of keras_io_example.py beside this file. Writes reports/benchmarks/time_to_accuracy.json.
"""

import argparse
import itertools
import json
import os
import platform
import statistics
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import keras_io_example

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.artifacts.paths import PARAMS, PICTURES, REPORTS, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.files import write_json
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.train.train import train

TARGET = 0.98
PEER = "keras_io"
SCRATCH = "from scratch"


def fit_to_target(contender: str, seed: int, params: Params) -> dict[str, Any]:
    """One fit, ended at the target."""
    section = params.train.model_copy(update={"architecture": PEER} if contender == PEER else {})
    changes = {"seed": seed} | ({"pretrained": False} if contender == SCRATCH else {})
    train_params = complete_train_params(section).model_copy(update=changes)
    splits, codec = Splits.read(SPLITS), Codec(params.text.alphabet)
    training = load_samples(splits.side("train", PictureShards(PICTURES)), train_params.input_size)
    validation = load_samples(splits.side("validation", PictureShards(PICTURES)), train_params.input_size)

    def done(epoch: Epoch) -> bool:
        print(f"{contender} seed {seed} {epoch.line()}", flush=True)
        return epoch.val_exact_match >= TARGET

    if contender == PEER:
        history = keras_io_example.fit(training, validation, codec, train_params.input_size, seed, done)
    else:
        history = train(training, validation, codec, train_params, done).history
    last = history[-1]
    return {
        "contender": contender,
        "seed": seed,
        "reached": last.val_exact_match >= TARGET,
        "epochs": last.epoch,
        "seconds": last.seconds,
        "val_exact_match": last.val_exact_match,
        "samples": {"train": len(training.labels), "validation": len(validation.labels)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--output", type=Path, default=REPORTS / "benchmarks" / "time_to_accuracy.json")
    args = parser.parse_args()
    params = load_params(PARAMS)
    ours = params.train.architecture
    names = (ours, SCRATCH, PEER)
    rows = []
    for name, seed in itertools.product(names, args.seeds):
        with get_context("spawn").Pool(1) as pool:  # a fresh process for each fit
            rows.append(pool.apply(fit_to_target, (name, seed, params)))
    medians = {name: statistics.median(row["seconds"] for row in rows if row["contender"] == name) for name in names}
    result = {
        "target": TARGET,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "fits": rows,
        "median_seconds": medians,
        "times_faster": {name: medians[PEER] / medians[name] for name in (ours, SCRATCH)},
    }
    write_json(args.output, result)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    exit_on_error(main)
