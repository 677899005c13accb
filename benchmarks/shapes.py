"""What `fit: pad`, `lines: 2` and `channels: 3` are for: rendered pictures, read with the parameter and without it.

    python benchmarks/shapes.py

Every fit has the recipe of `compact`, but for the values in its row and for --epochs, each of which shows every picture
once. A row is a fit on --train pictures, and the exact match on --test others.

- widths: a line of 3 to 20 symbols, in pictures of 60 to 400 × 32 pixels that are as wide as their text.
- two lines: two or three symbols above three or four, in pictures of 96 × 48 pixels.
- colours: four equal glyphs, whose colours are the symbols: red, green or blue of one luminance.
"""

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from captcha_ocr.artifacts.paths import PARAMS
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.base.wording import interval
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.params import load_params
from captcha_ocr.params.recipe import TrainParams, TrainSection
from captcha_ocr.pictures.preprocessing import own_size, to_input
from captcha_ocr.scoring.metrics import exact_match, wilson_interval
from captcha_ocr.train.train import train

SYMBOLS = "23456789abcdefghkmnpqrstuvwxyz"
# Of one luminance, 96 of 255, by the weights of ITU-R 601 that the grey input is made with.
COLOURS = {"r": (255, 34, 0), "g": (0, 164, 0), "b": (60, 90, 220)}
FONT = str(files("matplotlib") / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf")

Drawn = tuple[NDArray[np.uint8], str]


def _text(rng: Generator, length: int, symbols: str = SYMBOLS) -> str:
    return "".join(rng.choice(list(symbols), length))


def _page(width: int, height: int, rng: Generator) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty page with a ground of random lightness."""
    page = Image.new("RGB", (width, height), (int(rng.integers(190, 256)),) * 3)
    return page, ImageDraw.Draw(page)


def _noisy(page: Image.Image, rng: Generator) -> NDArray[np.uint8]:
    return np.clip(np.asarray(page) + rng.normal(0, 12, (page.height, page.width, 1)), 0, 255).astype(np.uint8)


def draw_line(rng: Generator) -> Drawn:
    """A line as long as the picture, which has any width: a symbol for each 20 pixels."""
    width, font = int(rng.integers(60, 401)), ImageFont.truetype(FONT, 24)
    text, ink = _text(rng, width // 20), (int(rng.integers(0, 90)),) * 3
    page, pen = _page(width, 32, rng)
    for place, symbol in enumerate(text):
        pen.text((10 + 20 * place + int(rng.integers(-1, 2)), 16), symbol, fill=ink, font=font, anchor="mm")
    return _noisy(page, rng), text


def draw_plate(rng: Generator) -> Drawn:
    """Two centred lines on a plate."""
    lines = _text(rng, int(rng.integers(2, 4))), _text(rng, int(rng.integers(3, 5)))
    font = ImageFont.truetype(FONT, int(rng.integers(19, 23)))
    page, pen = _page(96, 48, rng)
    for text, middle in zip(lines, (13, 35), strict=True):
        place = 48 + int(rng.integers(-6, 7)), middle + int(rng.integers(-1, 2))
        pen.text(place, text, fill=(int(rng.integers(0, 90)),) * 3, font=font, anchor="mm")
    return _noisy(page, rng), "".join(lines)


def draw_colours(rng: Generator) -> Drawn:
    """The same glyph again and again, each time in the colour of its symbol."""
    text, font = _text(rng, 4, "".join(COLOURS)), ImageFont.truetype(FONT, 26)
    page, pen = _page(96, 32, rng)
    for place, symbol in enumerate(text):
        pen.text((14 + 22 * place + int(rng.integers(-2, 3)), 16), "o", fill=COLOURS[symbol], font=font, anchor="mm")
    return _noisy(page, rng), text


@dataclass(frozen=True)
class Experiment:
    """Pictures, and the recipes that are compared on them: changes of the section `train`."""

    name: str
    draw: Callable[[Generator], Drawn]
    alphabet: str
    recipes: tuple[dict[str, Any], ...]


LONG, PLATE = {"width": 400, "height": 32}, {"width": 96, "height": 96}
EXPERIMENTS = (
    Experiment("widths", draw_line, SYMBOLS, (LONG | {"fit": "stretch"}, LONG | {"fit": "pad"})),
    Experiment("two lines", draw_plate, SYMBOLS, (PLATE | {"lines": 1}, PLATE | {"lines": 2})),
    Experiment("colours", draw_colours, "".join(COLOURS), ({"channels": 1}, {"channels": 3})),
)


def samples(draw: Callable[[Generator], Drawn], count: int, seed: int, params: TrainParams) -> Samples:
    """`count` pictures as the network takes them; the same arguments give the same."""
    drawn = [draw(np.random.default_rng((seed, number))) for number in range(count)]
    inputs = np.stack([to_input(pixels, params.input_size) for pixels, _ in drawn])
    sizes = np.array([own_size(pixels, params.input_size) for pixels, _ in drawn])
    return Samples([f"{number}.png" for number in range(count)], [text for _, text in drawn], inputs, sizes)


def row(experiment: Experiment, recipe: dict[str, Any], args: argparse.Namespace) -> str:
    """Fits and reads, and says how well, as a row of a Markdown table."""
    common = {"epochs": args.epochs, "epoch_steps": 0, "pretrained": not args.scratch}
    section = TrainSection.model_validate(load_params(PARAMS).train.model_dump() | recipe | common)
    params, codec = complete_train_params(section), Codec(experiment.alphabet)
    training, validation, test = (
        samples(experiment.draw, count, seed, params)
        for seed, count in enumerate((args.train, args.test // 4, args.test))
    )
    network = train(training, validation, codec, params, lambda epoch: None).network
    exact = exact_match(test.labels, greedy_decode(read_logits(network, test.inputs), codec))
    low_to_high = interval(*wilson_interval(round(exact * len(test.labels)), len(test.labels)))
    changes = ", ".join(f"{key} {value}" for key, value in recipe.items())
    return f"| {experiment.name} | {changes} | {exact:.1%} ({low_to_high}) |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=int, default=1000)
    parser.add_argument("--test", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--only", choices=[experiment.name for experiment in EXPERIMENTS])
    parser.add_argument("--scratch", action="store_true", help="from random weights, not from those shipped")
    args = parser.parse_args()
    print("| pictures | recipe | exact match (95 % interval) |\n|---|---|---|", flush=True)
    for experiment in EXPERIMENTS:
        for recipe in experiment.recipes if args.only in (None, experiment.name) else ():
            with get_context("spawn").Pool(1) as pool:  # a fresh process for each fit
                print(pool.apply(row, (experiment, recipe, args)), flush=True)


if __name__ == "__main__":
    exit_on_error(main)
