"""captcha: four to six letters and digits, as `ImageCaptcha` draws them without further options (160 × 60 pixels)."""

from collections.abc import Sequence

from captcha.image import ImageCaptcha

from .writing import UPPER, Draw, text, write


def drawer(fonts: Sequence[str]) -> Draw:
    captcha = ImageCaptcha()

    def draw() -> tuple[object, str]:
        label = text(UPPER, 4, 6)
        return captcha.generate_image(label), label

    return draw


if __name__ == "__main__":
    write(drawer)
