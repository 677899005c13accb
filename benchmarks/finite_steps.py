"""What taking back steps that are not finite costs: CPU time of a training step, plain AdamW against FiniteAdamW.

Fits the default network on noise, in turns, and prints the median over rounds. Best run on one idle core:
`taskset -c 0 python benchmarks/finite_steps.py`.
"""

import argparse
import statistics
import time
from pathlib import Path
from typing import Any

from captcha_ocr.quiet import quiet_native_logs

quiet_native_logs()

import keras
import numpy as np

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.params import load_params
from captcha_ocr.core.recipe import TrainParams
from captcha_ocr.learning.architectures import build_network, complete_recipe
from captcha_ocr.learning.trainer import CtcTrainer, build_trainer

STEPS = 50


def trainer(recipe: TrainParams, classes: int, plain: bool) -> CtcTrainer:
    """The default trainer, with or without the guard."""
    network = build_network(recipe.architecture, recipe.image, classes)
    built = build_trainer(network, recipe, STEPS, jit_compile=False)
    if plain:
        optimizer = keras.optimizers.AdamW.from_config(built.optimizer.get_config())
        built.compile(optimizer=optimizer, jit_compile=False)
    return built


def milliseconds(model: CtcTrainer, inputs: Any, labels: Any, batch_size: int) -> float:
    """CPU time of a step."""
    started = time.process_time()
    model.fit(inputs, labels, batch_size=batch_size, shuffle=False, verbose=0)
    return (time.process_time() - started) / STEPS * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    args = parser.parse_args()
    keras.utils.set_random_seed(0)
    params = load_params(Path("params.yaml"))
    recipe, codec = complete_recipe(params.train), Codec(params.text.alphabet)
    count, size = STEPS * recipe.batch_size, (recipe.height, recipe.width, recipe.channels)
    inputs = np.random.default_rng(0).integers(0, 255, (count, *size)).astype(np.uint8)
    label = params.text.alphabet[: params.text.min_length]
    labels = codec.encode_batch([label] * count)
    models = {
        "AdamW": trainer(recipe, codec.classes, plain=True),
        "FiniteAdamW": trainer(recipe, codec.classes, plain=False),
    }
    times: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(args.rounds + 1):
        for name, model in models.items():
            times[name].append(milliseconds(model, inputs, labels, recipe.batch_size))
    for name, found in times.items():
        found = found[1:]  # without compilation
        print(f"{name:12} median {statistics.median(found):.2f} ms a step ({min(found):.2f} to {max(found):.2f})")


if __name__ == "__main__":
    main()
