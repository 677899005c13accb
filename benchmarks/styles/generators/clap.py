"""claptcha: six letters and digits, each warped, under one line and white noise."""

from collections.abc import Sequence

from claptcha import Claptcha

from .writing import UPPER, Draw, text, write


def drawer(fonts: Sequence[str]) -> Draw:
    captcha = Claptcha(lambda: text(UPPER, 6, 6), fonts[0], (200, 80), noise=0.4)

    def draw() -> tuple[object, str]:
        label, picture = captcha.image
        return picture, label

    return draw


if __name__ == "__main__":
    write(drawer)
