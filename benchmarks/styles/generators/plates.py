"""synthtiger: plates with two lines, three or four letters above three or four digits, skewed, with noise and blur.

Dark on light or light on dark. The label is the upper line followed by the lower one.
"""

import random
from collections.abc import Sequence

import imgaug
import numpy as np
from PIL import Image
from synthtiger import components, layers

from .writing import UPPER, Draw, text, write

DIGITS, LETTERS = "0123456789", "".join(filter(str.isalpha, UPPER))


def drawer(fonts: Sequence[str]) -> Draw:
    seed = random.randrange(2**31)
    np.random.seed(seed)
    imgaug.seed(seed)
    skew, noise = components.Skew(angle=(-8, 8)), components.AdditiveGaussianNoise(scale=(4, 16), per_channel=0)
    blur = components.GaussianBlur(sigma=(0, 1.2))

    def draw() -> tuple[object, str]:
        lines = text(LETTERS, 3, 4), text(DIGITS, 3, 4)
        dark, light = [random.randint(0, 90) for _ in range(3)], [random.randint(160, 255) for _ in range(3)]
        ink, ground = random.sample(((*dark, 255), (*light, 255)), 2)
        path = random.choice(fonts)
        rows = layers.Group([layers.TextLayer(line, path, random.randint(30, 36), ink) for line in lines])
        components.FlowLayout(length=(int(max(row.width for row in rows)),) * 2, align=("center",)).apply(rows)
        plate = layers.RectLayer((rows.width + 24, rows.height + 8), ground)
        plate.center = rows.center
        skew.apply([rows])
        picture = (rows + plate).merge()
        for effect in (noise, blur):
            effect.apply([picture])
        pixels = picture.output(plate.bbox)[..., :3]
        return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), "".join(lines)

    return draw


if __name__ == "__main__":
    write(drawer)
