"""Rendered pictures for tests, in fonts that a library brings along: nothing is fetched."""

from importlib.resources import files
from pathlib import Path

import numpy as np

from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.pretraining.captchas import draw_captcha
from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.fonts import Face
from captcha_ocr.pretraining.texts import random_text

_FOLDER = Path(str(files("matplotlib"))) / "mpl-data" / "fonts" / "ttf"
FACES = [Face(_FOLDER / f"{name}.ttf") for name in ("DejaVuSans", "DejaVuSansMono-Bold", "DejaVuSerif", "STIXGeneral")]


def printed_texts(count: int, input_size: InputSize, seed: int) -> tuple[np.ndarray, list[str]]:
    """Texts of four to six symbols as printed, at the network's input size, [N, height, width, channels]."""
    pictures, texts = [], []
    for number in range(count):
        dice, text = Dice(seed, number), ""
        while not 4 <= len(text) <= 6:
            text = random_text(dice)
        pictures.append(to_input(draw_captcha(text, dice.pick(FACES), FACES, dice, hardness=0), input_size))
        texts.append(text)
    return np.stack(pictures), texts
