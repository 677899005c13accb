"""What each kind of augmentation costs a picture: `python benchmarks/augmentation.py`.

Of rendered look-alikes at the input size of `compact`, grey and RGB, on one thread and at strength 1. A kind changes
only some of the pictures; the time is the mean over changed and unchanged ones, each the least of REPEATS, since others
may run meanwhile. The affine kind is a part of the training step, and not measured here.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.paths import PARAMS
from captcha_ocr.augmentation.batch import CHANGES, augment
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input

PICTURES, SEEDS, REPEATS = 16, 4, 12
CASES = {"none": {}, **{kind: {kind: 1.0} for kind in CHANGES}, "all of these": dict.fromkeys(CHANGES, 1.0)}


def rendered(channels: int) -> NDArray[np.uint8]:
    """Look-alikes at the network's input size, uint8 [PICTURES, H, W, channels]."""
    text = load_params(PARAMS).text
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "pictures"
        render_captchas(folder, PICTURES, text, InputSize(200, 50), seed=0)
        size = InputSize(240, 50, channels)
        return np.stack([to_input(pixels_of(path, path.name), size) for path in sorted(folder.iterdir())])


def microseconds(picture: NDArray[np.uint8], strengths: dict[str, float], seed: int) -> float:
    """The least time of REPEATS for one picture, uint8 [1, H, W, C]."""
    size, times = np.array([picture.shape[1:3]]), []
    for _ in range(REPEATS):
        started = time.perf_counter()
        augment(picture, size, strengths, (seed,))
        times.append(time.perf_counter() - started)
    return 1e6 * min(times)


def main() -> None:
    """Prints the table."""
    by_channels = [rendered(channels) for channels in (1, 3)]
    print("| kind | grey, µs | RGB, µs |\n|---|---|---|")
    for name, strengths in CASES.items():
        means = [
            np.mean([microseconds(row[None], strengths, seed) for row in pictures for seed in range(SEEDS)])
            for pictures in by_channels
        ]
        print(f"| {name} | {means[0]:.0f} | {means[1]:.0f} |", flush=True)


if __name__ == "__main__":
    exit_on_error(main)
