"""wheezy.captcha: four letters and digits with all its drawings, in one colour on cream, as its sample; JPEG files."""

from collections.abc import Sequence

from wheezy.captcha.image import background, captcha, curve, noise, offset, rotate, smooth, text, warp

from .writing import UPPER, Draw, write
from .writing import text as random_text


def drawer(fonts: Sequence[str]) -> Draw:
    letters = text(fonts=fonts, font_sizes=(45, 50, 55), drawings=[warp(), rotate(), offset()])
    render = captcha(drawings=[background(), letters, curve(), noise(), smooth()])

    def draw() -> tuple[object, str]:
        label = random_text(UPPER, 4, 4)
        return render(label), label

    return draw


if __name__ == "__main__":
    write(drawer, ".jpg", quality=75)
