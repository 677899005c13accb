"""trdg: one or two English words, with a space or a hyphen between them, in its fonts, on its photographs and on noise.

Pictures are 48 pixels high and as wide as their text, a little turned and blurred; JPEG files.
"""

import os
import random
from collections.abc import Sequence
from pathlib import Path

import cv2
import trdg
from trdg.generators import GeneratorFromStrings
from trdg.utils import load_dict, load_fonts

from .writing import Draw, write

CASES = (str.lower, str.capitalize, str.upper)
NOISE, WHITE, PHOTOGRAPH = 0, 1, 3
# Their small letters are capitals, so that nobody could tell the case of the label.
CAPITALS_ALONE = ("Amatic-Bold", "AmaticSC-Regular", "BEBAS___", "Capture_it", "Capture_it_2", "SEASRN__")
setattr(os, "listdir", lambda path, listed=os.listdir: sorted(listed(path)))  # noqa: B010  # trdg takes the disk's order


def drawer(fonts: Sequence[str]) -> Draw:
    cv2.setRNGSeed(random.randrange(2**31))
    files = Path(trdg.__file__).parent
    every = load_dict(str(files / "dicts" / "en.txt"))
    dictionary = [word for word in every if word.isascii() and word.isalpha() and 3 <= len(word) <= 7]
    faces = [face for face in load_fonts("en") if Path(face).stem not in CAPITALS_ALONE]

    def draw() -> tuple[object, str]:
        chosen = random.choices(dictionary, k=random.randint(1, 2))
        label = random.choice(" -").join(map(random.choice(CASES), chosen))
        picture, _ = next(
            GeneratorFromStrings(
                [label],
                fonts=[random.choice(faces)],
                size=48,
                skewing_angle=3,
                random_skew=True,
                blur=1,
                random_blur=True,
                background_type=random.choice((NOISE, WHITE, PHOTOGRAPH)),
                image_dir=str(files / "images"),
                text_color="#000000,#505050",
            )
        )
        return (picture, label) if picture else draw()  # None where the text would not stand out

    return draw


if __name__ == "__main__":
    write(drawer, ".jpg", quality=85)
