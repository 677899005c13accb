"""fast-plate-ocr: its model `cct_xs_v1`, fitted by its own command with the defaults of that command.

The configuration is that of the project's models/cct_xs_v1.yaml and config/default_latin_plate_config.yaml (64 × 128
pixels in colour, proportions kept), with the alphabet and the longest label of the labelled pictures. The weights are
those of its best epoch.
"""

import time

STARTED = time.perf_counter()

import csv
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from fast_plate_ocr.cli.train import train
from fast_plate_ocr.core.process import postprocess_output, read_and_resize_plate_image
from fast_plate_ocr.train.model.config import load_plate_config_from_yaml
from fast_plate_ocr.train.utilities.utils import load_keras_model

from .exchange import Answer, Example, Task, answer_task

BATCH = 64  # what the command takes where it is told nothing


def _convolution(filters: int) -> dict[str, Any]:
    shape = {"kernel_size": 3, "strides": 1, "padding": "valid"}
    return {"layer": "Conv2D", "filters": filters, "activation": "relu", "use_bias": True, **shape}


def model_config() -> dict[str, Any]:
    """The configuration of `cct_xs_v1`."""
    pooling = {"layer": "MaxBlurPooling2D", "pool_size": 2, "filter_size": 3}
    middle, end = [_convolution(48), _convolution(64)], [_convolution(80), _convolution(96)]
    return {
        "model": "cct",
        "rescaling": {"scale": 1 / 255, "offset": 0.0},
        "tokenizer": {
            "blocks": [_convolution(32), pooling, *middle, pooling, *end],
            "positional_emb": True,
            "patch_size": 2,
            "patch_mlp": {"layer": "MLP", "hidden_units": [64], "activation": "gelu", "dropout_rate": 0.05},
        },
        "transformer_encoder": {
            "layers": 4,
            "heads": 1,
            "projection_dim": 64,
            "units": [64, 64],
            "activation": "gelu",
            "stochastic_depth": 0.05,
            "attention_dropout": 0.05,
            "mlp_dropout": 0.1,
            "head_mlp_dropout": 0.05,
            "token_reducer_heads": 4,
            "normalization": "dyt",
        },
    }


def plate_config(texts: Sequence[str]) -> dict[str, Any]:
    """The configuration of the pictures: what a user writes who knows the labels."""
    symbols = "".join(sorted(set("".join(texts))))
    pad = next(symbol for symbol in "_~#" if symbol not in symbols)
    return {
        "max_plate_slots": max(map(len, texts)),
        "alphabet": symbols + pad,
        "pad_char": pad,
        "img_height": 64,
        "img_width": 128,
        "keep_aspect_ratio": True,
        "image_color_mode": "rgb",
        "interpolation": "linear",
    }


def _write_table(examples: Sequence[Example], path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["image_path", "plate_text"])
        table.writerows((os.path.relpath(picture, path.parent), text) for picture, text in examples)
    return path


def _write_json(value: dict[str, Any], path: Path) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")  # which YAML readers read, too
    return path


def contender(task: Task, folder: Path) -> Answer:
    """Fits by the command, and reads with the weights that it kept."""
    plates = _write_json(plate_config([text for _, text in (*task.training, *task.validation)]), folder / "plate.yaml")
    options = {
        "--model-config-file": _write_json(model_config(), folder / "model.yaml"),
        "--plate-config-file": plates,
        "--annotations": _write_table(task.training, folder / "training.csv"),
        "--val-annotations": _write_table(task.validation, folder / "validation.csv"),
        "--output-dir": folder / "fitted",
        "--seed": task.seed,
        **task.settings,
    }
    train.main([str(word) for option in options.items() for word in option], standalone_mode=False)
    seconds = time.perf_counter() - STARTED
    (fitted,) = (folder / "fitted").iterdir()
    config = load_plate_config_from_yaml(plates)
    shape = {"img_height": config.img_height, "img_width": config.img_width, "keep_aspect_ratio": True}
    pictures = [read_and_resize_plate_image(path, image_color_mode="rgb", **shape) for path in task.judged]
    network = load_keras_model(fitted / "best.keras", config)
    found = network.predict(np.stack(pictures), verbose=0)
    scores = found["plate"] if isinstance(found, dict) else found
    read = postprocess_output(
        scores, config.max_plate_slots, config.alphabet, pad_char=config.pad_char, return_confidence=True
    )
    epochs = len((fitted / "training_log.csv").read_text(encoding="utf-8").splitlines()) - 1
    return Answer(
        texts=[one.plate for one in read],
        seconds=seconds,
        confidences=[float(np.prod(one.char_probs)) for one in read],
        epochs=epochs,
        steps=epochs * -(-len(task.training) // BATCH),
    )


if __name__ == "__main__":
    answer_task(contender)
