"""bettercaptcha: eight to twelve letters of both cases and digits on coloured noise, wavy, with lines and points."""

import random
from collections.abc import Sequence

from bettercaptcha import Background, CaptchaImage

from .writing import LOWER, UPPER, Draw, write

COLOURS = ((0, 0, 0), (0, 0, 160), (160, 0, 0), (0, 96, 0), (96, 0, 128))


def drawer(fonts: Sequence[str]) -> Draw:
    def draw() -> tuple[object, str]:
        captcha = CaptchaImage(
            font=fonts[0],
            font_size=32,
            color=random.choice(COLOURS),
            text=CaptchaImage.rand_chars(random.randint(8, 12), UPPER + LOWER),
            background=Background.RANDOM,
            distortion=True,
            lines=3,
            points=10,
            frame=True,
        )
        return captcha.create(), captcha.text

    return draw


if __name__ == "__main__":
    write(drawer)
