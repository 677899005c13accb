"""multicolorcaptcha: four digits of many fonts, each on a ground of its own colour, with lines and circles."""

from collections.abc import Sequence

from multicolorcaptcha import CaptchaGenerator

from .writing import Draw, write


def drawer(fonts: Sequence[str]) -> Draw:
    generator = CaptchaGenerator(captcha_size_num=2)
    generator.l_fonts.sort()  # it takes them in the order of the disk

    def draw() -> tuple[object, str]:
        drawn = generator.gen_captcha_image(difficult_level=2, chars_mode="nums", multicolor=True, margin=False)
        return drawn["image"], drawn["characters"]

    return draw


if __name__ == "__main__":
    write(drawer)
